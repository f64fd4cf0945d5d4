// Owns which fields a value has, and which differ between two values.
// Must not change values; apply.ts does.
import type { Json, JsonObject } from '../../api/object.ts';
import { sameJson } from '../status/same-json.ts';
import { type FieldSet, isEmpty, leaf, noFields } from './field-set.ts';
import type { ListShape, ListShapeAt } from './list-shapes.ts';

export interface Walk {
  readonly shapeAt: ListShapeAt;
  readonly path: string;
}

/** A value taken apart into its named parts, or undefined when it is one value. */
export function partsOf(value: Json | undefined, { shapeAt, path }: Walk): ReadonlyMap<string, Json> | undefined {
  if (isObject(value)) {
    const given = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
    return new Map(given.map(([name, child]) => [`f:${name}`, child]));
  }
  if (!isList(value)) return undefined;
  const shape = shapeAt(path);
  if (shape === 'atomic') return undefined;
  const steps = value.map((item) => itemStep(item, shape));
  // An item without its keys, or two with the same: such a list cannot be merged item by item.
  if (steps.some((step) => step === undefined) || new Set(steps).size < steps.length) return undefined;
  return new Map(value.map((item, index) => [steps[index] ?? '', item]));
}

export function below({ shapeAt, path }: Walk, step: string): Walk {
  const name = step.startsWith('f:') ? step.slice(2) : undefined;
  return { shapeAt, path: name === undefined ? `${path}[]` : path === '' ? name : `${path}.${name}` };
}

function itemStep(item: Json, shape: Exclude<ListShape, 'atomic'>): string | undefined {
  if (shape === 'set') return isObject(item) || isList(item) ? undefined : `v:${JSON.stringify(item)}`;
  if (!isObject(item)) return undefined;
  const keys = shape.keys.toSorted().flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]] as const]));
  return keys.length === 0 ? undefined : `k:${JSON.stringify(Object.fromEntries(keys))}`;
}

/** The leaves of a value, and the items of lists with keys. `whole`: also everything in between. */
export function fieldsOf(value: Json, walk: Walk, whole = false): FieldSet {
  const parts = partsOf(value, walk);
  if (parts === undefined || parts.size === 0) return leaf;
  const children = new Map<string, FieldSet>();
  for (const [step, child] of parts) {
    const set = fieldsOf(child, below(walk, step), whole);
    children.set(step, step.startsWith('f:') ? set : { ...set, self: true });
  }
  return { self: whole, children };
}

export interface Difference {
  /** New, or of another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

const none: Difference = { changed: noFields, removed: noFields };

export function differenceOf(before: Json | undefined, after: Json | undefined, walk: Walk): Difference {
  if (before === undefined) return after === undefined ? none : { changed: fieldsOf(after, walk), removed: noFields };
  if (after === undefined) return { changed: noFields, removed: fieldsOf(before, walk, true) };
  const old = partsOf(before, walk);
  const now = partsOf(after, walk);
  if (old === undefined || now === undefined || Array.isArray(before) !== Array.isArray(after)) {
    if (sameJson(before, after)) return none;
    // What had parts is one value now, or the other way round.
    const lost = old === undefined ? noFields : { ...fieldsOf(before, walk, true), self: false };
    return { changed: now === undefined ? leaf : fieldsOf(after, walk), removed: lost };
  }
  const changed = new Map<string, FieldSet>();
  const removed = new Map<string, FieldSet>();
  for (const step of new Set([...old.keys(), ...now.keys()])) {
    const part = differenceOf(old.get(step), now.get(step), below(walk, step));
    const isNewItem = !step.startsWith('f:') && !old.has(step);
    if (!isEmpty(part.changed) || isNewItem) changed.set(step, isNewItem ? { ...part.changed, self: true } : part.changed);
    if (!isEmpty(part.removed)) removed.set(step, part.removed);
  }
  return { changed: { self: false, children: changed }, removed: { self: false, children: removed } };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
