// Owns the journal of what clients changed: writing it with each change, reading it, taking a change back.
// Must not decide what can be undone; core does.
import { AppError, type Cause } from '../api/errors.ts';
import { kindOf } from '../api/kinds/registry.ts';
import { type Json, type KubeObject, keyText, type ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { FieldChange, Revision, RevisionOperation, RevisionQuery } from '../api/revision.ts';
import { changedFields } from '../core/history/changed-fields.ts';
import { definitionOf, keptDefinition } from '../core/history/definition.ts';
import { type Recorded, restorePlan, undoPlan, type UndoFacts } from '../core/history/undo.ts';
import { sameJson } from '../core/status/same-json.ts';
import { timestamp } from '../core/status/conditions.ts';
import type { WriteOptions } from './engine-port.ts';
import type { Objects } from './objects.ts';
import type { Clock, RevisionMark, Store, StoredRevision, StoreWriter } from './ports.ts';

export interface Written {
  readonly operation: RevisionOperation;
  readonly key: ObjectKey;
  readonly before?: KubeObject | undefined;
  readonly after?: KubeObject | undefined;
  readonly options: WriteOptions;
}

export interface JournalParts {
  readonly store: Store;
  readonly clock: Clock;
}

// A list of revisions is for reading: this much of each is what a person takes in.
const maxChanges = 50;
const maxChangeLength = 400;

/** In the transaction of the change itself. The core's own writes have no manager; rehearsals are taken back; what only touched the status is no change. */
export function record(tx: StoreWriter, clock: Clock, { operation, key, before, after, options }: Written): void {
  const { manager, undoes } = options;
  const uid = (after ?? before)?.metadata.uid;
  if (manager === undefined || uid === undefined || key.resource === resources.events) return;
  const [earlier, later] = [before, after].map((object) => (object === undefined ? undefined : definitionOf(object)));
  if (sameJson(earlier, later)) return;
  tx.addRevision({
    at: clock.now(),
    manager,
    operation,
    key,
    uid,
    ...(earlier === undefined ? {} : { before: keptDefinition(key.resource, earlier) }),
    ...(later === undefined ? {} : { after: keptDefinition(key.resource, later) }),
    ...(undoes === undefined ? {} : { undoes }),
  });
}

/** Newest first, without the definitions. */
export function listRevisions(store: Store, query: RevisionQuery): readonly Revision[] {
  const known = new Map<string, readonly RevisionMark[]>();
  return store.revisions(query).map((stored) => {
    const place = `${stored.key.resource} ${keyText(stored.key)}`;
    const marks = known.get(place) ?? store.revisionMarks(stored.key);
    known.set(place, marks);
    return summary(store, stored, marks);
  });
}

/** With the definitions. Throws NotFound. */
export function getRevision(store: Store, name: string): Revision {
  const stored = existing(store, name);
  const { before, after } = stored;
  return { ...summary(store, stored), ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** Every revision from now on, after its commit. */
export function watchRevisions(store: Store, listener: (revision: Revision) => void): () => void {
  let last = newest(store);
  return store.subscribe(() => {
    for (const stored of store.revisions({ after: last }).toReversed()) {
      last = stored.id;
      listener(summary(store, stored));
    }
  });
}

export type TakeBack = 'undo' | 'restore';

export interface TakingBack {
  readonly how: TakeBack;
  readonly name: string;
  readonly options: WriteOptions;
}

/** Answers the revision that this made. Throws NotFound, Conflict with the reason, and what any write of that version is refused with. */
export function takeBack({ store, objects }: JournalParts & { readonly objects: Objects }, { how, name, options }: TakingBack): Revision {
  const stored = existing(store, name);
  const { key, id } = stored;
  const plan = how === 'undo' ? undoPlan(recordedOf(stored), factsOf(store, stored)) : restorePlan(recordedOf(stored), store.get(key));
  const asked = how === 'undo' ? { ...options, undoes: id } : options;
  switch (plan.type) {
    case 'refused':
      throw refusal(how, stored, plan.cause);
    case 'create':
      objects.create(key, plan.draft, asked);
      break;
    case 'update':
      objects.update(key, plan.draft, asked);
      break;
    case 'delete':
      objects.delete(key, { ...asked, propagation: 'Orphan' });
      break;
  }
  const [made] = store.revisions({ ...key, limit: 1 });
  return summary(store, made ?? stored);
}

function newest(store: Store): number {
  return store.revisions({ limit: 1 })[0]?.id ?? 0;
}

function existing(store: Store, name: string): StoredRevision {
  const stored = /^\d{1,15}$/.test(name) ? store.revision(Number(name)) : undefined;
  if (stored === undefined) throw new AppError('NotFound', `revisions.virtdeck.io "${name}" not found`);
  return stored;
}

function summary(store: Store, stored: StoredRevision, marks = store.revisionMarks(stored.key)): Revision {
  const { id, at, operation, manager, key, uid, undoes } = stored;
  const plan = undoPlan(recordedOf(stored), factsOf(store, stored, marks));
  return {
    apiVersion: 'virtdeck.io/v1alpha1',
    kind: 'Revision',
    metadata: { name: String(id), creationTimestamp: timestamp(at) },
    operation,
    manager,
    object: { ...key, kind: kindOf(key.resource)?.kind ?? key.resource, uid },
    changes: changesOf(stored),
    ...(undoes === undefined ? {} : { undoes: String(undoes) }),
    ...(plan.type === 'refused' ? { undoRefused: plan.cause } : {}),
  };
}

/** What was made or deleted as a whole has no fields to tell. Long values stand in the definitions alone. */
function changesOf({ before, after }: StoredRevision): readonly FieldChange[] {
  if (before === undefined || after === undefined) return [];
  const changes = changedFields(before as Json, after as Json).slice(0, maxChanges);
  return changes.map((change) => (JSON.stringify(change).length > maxChangeLength ? { field: change.field } : change));
}

function recordedOf({ operation, key, uid, before, after }: StoredRevision): Recorded {
  const { resource, name } = key;
  return { operation, resource, name, uid, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function factsOf(store: Store, { id, key }: StoredRevision, marks = store.revisionMarks(key)): UndoFacts {
  const later = marks.filter((mark) => mark.id > id);
  const [next] = later;
  return {
    current: store.get(key),
    isUndone: isUndone(id, later),
    hasRun: key.resource === resources.virtualMachines && store.get({ ...key, resource: resources.virtualMachineInstances }) !== undefined,
    ...(next === undefined ? {} : { next: { manager: next.manager, at: timestamp(next.at) } }),
  };
}

/** An undo may have been undone in its turn. */
function isUndone(id: number, later: readonly RevisionMark[]): boolean {
  return later.some((mark) => mark.undoes === id && !isUndone(mark.id, later));
}

function refusal(how: TakeBack, { id, key }: StoredRevision, cause: Cause): AppError {
  return new AppError('Conflict', `Revision ${id} of ${key.name} cannot be ${how === 'undo' ? 'undone' : 'restored'}: ${cause.message}`, {
    causes: [cause],
  });
}
