// Owns server-side apply: what a configuration makes of an object, and with whom it conflicts.
// Must not default or validate the result; admission does.
import type { Cause } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import { difference, type FieldSet, fieldPaths, intersection, isEmpty, noFields, union } from './field-set.ts';
import { below, differenceOf, fieldsOf, isObject, partsOf, type Walk } from './fields.ts';
import type { ListShapeAt } from './list-shapes.ts';
import { handedOver, isSameWriter, managed, type Manager, type Writer } from './managers.ts';

export interface Application {
  readonly live: JsonObject;
  /** What the writer wants, and nothing else: fields that it leaves out it gives up. */
  readonly config: JsonObject;
  readonly managers: readonly Manager[];
  readonly by: Writer;
  /** Takes fields from others instead of conflicting with them. */
  readonly force: boolean;
  /** RFC 3339. */
  readonly time: string;
  readonly shapeAt: ListShapeAt;
}

export interface Conflict {
  readonly with: Writer;
  /** `.spec.runStrategy`. */
  readonly path: string;
}

export type Applied =
  | { readonly ok: true; readonly object: JsonObject; readonly managers: readonly Manager[] }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

export function applied({ live, config, managers, by, force, time, shapeAt }: Application): Applied {
  const walk: Walk = { shapeAt, path: '' };
  const wanted = managed(fieldsOf(config, walk));
  const own = managers.find((manager) => isSameWriter(manager, by));
  const others = managers.filter((manager) => manager !== own);
  const theirs = others.reduce((set, { fields }) => union(set, fields), noFields);
  const givenUp = difference(difference(own?.fields ?? noFields, wanted), theirs);
  const merged = pruned(mergedValue(live, config, walk), { drop: givenUp, keep: union(theirs, wanted) }, walk);
  const object = isObject(merged) ? merged : {};
  const { changed, removed } = differenceOf(live, object, walk);
  const conflicts = others.flatMap((manager) =>
    fieldPaths(intersection(manager.fields, changed)).map((path): Conflict => ({ with: manager, path })),
  );
  if (conflicts.length > 0 && !force) return { ok: false, conflicts };
  return { ok: true, object, managers: handedOver(managers, by, { taken: union(changed, removed), fields: wanted, time }) };
}

function mergedValue(live: Json | undefined, config: Json, walk: Walk): Json {
  const mine = partsOf(config, walk);
  const old = partsOf(live, walk);
  if (mine === undefined || old === undefined || Array.isArray(live) !== Array.isArray(config)) return config;
  const merged = new Map(old);
  for (const [step, child] of mine) merged.set(step, mergedValue(merged.get(step), child, below(walk, step)));
  return joined(merged, Array.isArray(config));
}

/** Parts as the value they came from. */
function joined(parts: ReadonlyMap<string, Json>, isArray: boolean): Json {
  return isArray ? [...parts.values()] : Object.fromEntries([...parts].map(([step, value]) => [step.slice(2), value]));
}

interface Pruning {
  readonly drop: FieldSet;
  /** Nothing that somebody holds goes, nor what it stands in. */
  readonly keep: FieldSet;
}

function pruned(value: Json, { drop, keep }: Pruning, walk: Walk): Json {
  const parts = partsOf(value, walk);
  if (parts === undefined || drop.children.size === 0) return value;
  const left = new Map(parts);
  for (const [step, child] of drop.children) {
    const part = left.get(step);
    if (part === undefined) continue;
    const kept = keep.children.get(step) ?? noFields;
    const rest = pruned(part, { drop: child, keep: kept }, below(walk, step));
    const emptied = isObject(rest) && Object.keys(rest).length === 0;
    // An item goes with all that is in it; a map goes when its last field does.
    if (isEmpty(kept) && (child.self || emptied)) left.delete(step);
    else left.set(step, rest);
  }
  return joined(left, Array.isArray(value));
}

/** Kubernetes' sentence, which kubectl prints with a hint of its own. */
export function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined)
    return `Apply failed with 1 conflict: conflict with ${writerText(first.with)}: ${first.path}`;
  const writers = [...new Set(conflicts.map((conflict) => conflict.with))].toSorted((a, b) => (a.manager < b.manager ? -1 : 1));
  const lines = writers.flatMap((writer) => [
    `conflicts with ${writerText(writer)}:`,
    ...conflicts.filter((conflict) => conflict.with === writer).map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

export function conflictCauses(conflicts: readonly Conflict[]): readonly Cause[] {
  return conflicts.map((conflict) => ({
    reason: 'FieldManagerConflict',
    field: conflict.path,
    message: `conflict with ${writerText(conflict.with)}`,
    fix: 'Leave the field out of what you apply, or apply with force to take it over.',
  }));
}

function writerText({ manager, operation, apiVersion, subresource }: Writer): string {
  const name = `${JSON.stringify(manager)}${subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`}`;
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
