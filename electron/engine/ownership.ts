// Owns keeping who wrote which fields, in the transaction of the write itself.
// Must not decide it; core/ownership does.
import { AppError } from '../api/errors.ts';
import type { DraftObject, Json, JsonObject, KubeObject, ObjectKey } from '../api/object.ts';
import { applied, conflictCauses, conflictMessage } from '../core/ownership/apply.ts';
import { listShapesOf } from '../core/ownership/list-shapes.ts';
import { afterUpdate, entriesOf, type Manager, managersOf, type Writer } from '../core/ownership/managers.ts';
import { timestamp } from '../core/status/conditions.ts';
import { withStatus } from './admission.ts';
import type { ApplyOptions } from './engine-port.ts';
import type { StoreReader, StoreWriter } from './ports.ts';

export interface Update {
  /** Undefined when it is new. */
  readonly before: KubeObject | undefined;
  /** As it was sent: what defaulting adds is nobody's. */
  readonly after: DraftObject;
  readonly manager: string | undefined;
  readonly subresource?: 'status' | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A write without a manager is one of the core's own: what it changes stays whose it was. */
export function recordUpdate(tx: StoreWriter, key: ObjectKey, { before, after, manager, subresource, now }: Update): void {
  if (manager === undefined) return;
  const part = (object: DraftObject | KubeObject): Json => partOf(key, object, subresource);
  const known = currentManagers(tx, key);
  // A client that writes the record itself means it; one that does not know it sends none.
  const given = subresource === undefined ? (managersOf(after.metadata.managedFields) ?? known) : known;
  const next = afterUpdate(given, {
    before: before === undefined ? undefined : part(before),
    after: part(after),
    by: writerOf(after.apiVersion, { manager, operation: 'Update', subresource }),
    time: timestamp(now),
    shapeAt: listShapesOf(after.kind),
  });
  if (next !== known) tx.setManagedFields(key, entriesOf(next));
}

export interface ToApply {
  readonly live: KubeObject;
  readonly config: DraftObject;
  readonly options: ApplyOptions;
  readonly now: number;
}

/** The draft that applying makes of what is stored, and the record that goes with it. Throws Conflict. */
export function appliedDraft(
  reader: StoreReader,
  key: ObjectKey,
  { live, config, options, now }: ToApply,
): { readonly draft: DraftObject; readonly managers: readonly Manager[] } {
  const { manager, force, subresource } = options;
  const outcome = applied({
    live: partOf(key, live, subresource),
    config: partOf(key, config, subresource),
    managers: currentManagers(reader, key),
    by: writerOf(config.apiVersion, { manager, operation: 'Apply', subresource }),
    force,
    time: timestamp(now),
    shapeAt: listShapesOf(config.kind),
  });
  if (!outcome.ok) throw new AppError('Conflict', conflictMessage(outcome.conflicts), { causes: conflictCauses(outcome.conflicts) });
  return { draft: { metadata: {}, ...outcome.object } as unknown as DraftObject, managers: outcome.managers };
}

export function recordManagers(tx: StoreWriter, key: ObjectKey, managers: readonly Manager[]): void {
  tx.setManagedFields(key, entriesOf(managers));
}

function currentManagers(reader: StoreReader, key: ObjectKey): readonly Manager[] {
  return managersOf(reader.managedFields(key)) ?? [];
}

function writerOf(
  apiVersion: string,
  {
    manager,
    operation,
    subresource,
  }: { readonly manager: string; readonly operation: Writer['operation']; readonly subresource: string | undefined },
): Writer {
  return { manager, operation, apiVersion, ...(subresource === undefined ? {} : { subresource }) };
}

/** What a write through this path can change at all. */
function partOf({ resource }: ObjectKey, object: DraftObject | KubeObject, subresource: 'status' | undefined): JsonObject {
  const { status, ...rest } = object as unknown as JsonObject;
  if (subresource === 'status') return { apiVersion: object.apiVersion, kind: object.kind, ...(status === undefined ? {} : { status }) };
  return withStatus.has(resource) || status === undefined ? rest : { ...rest, status };
}
