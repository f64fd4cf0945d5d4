// Owns who manages which fields of an object: Kubernetes' managedFields, and what a write makes of them.
// Must not change objects; apply.ts does.
import type { Json, ManagedFieldsEntry } from '../../api/object.ts';
import { difference, field, type FieldSet, fieldSetOf, fieldsV1, isEmpty, noFields, sameFields, union } from './field-set.ts';
import { differenceOf } from './fields.ts';
import type { ListShapeAt } from './list-shapes.ts';

export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
}

export interface Manager extends Writer {
  /** RFC 3339. */
  readonly time: string;
  readonly fields: FieldSet;
}

/** Undefined when there is nothing usable in it; a single empty entry asks to forget all. */
export function managersOf(entries: readonly unknown[] | undefined): readonly Manager[] | undefined {
  if (entries === undefined || entries.length === 0) return undefined;
  const [only] = entries;
  if (entries.length === 1 && typeof only === 'object' && only !== null && Object.keys(only).length === 0) return [];
  const managers: Manager[] = [];
  for (const entry of entries as readonly Partial<ManagedFieldsEntry>[]) {
    const fields = fieldSetOf(entry.fieldsV1);
    const { manager, operation, apiVersion, subresource, time = '' } = entry;
    if (fields === undefined || manager === undefined || apiVersion === undefined) return undefined;
    if (operation !== 'Apply' && operation !== 'Update') return undefined;
    managers.push({ manager, operation, apiVersion, time, fields, ...(subresource === undefined ? {} : { subresource }) });
  }
  return managers;
}

export function entriesOf(managers: readonly Manager[]): readonly ManagedFieldsEntry[] {
  return managers.map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
    manager,
    operation,
    apiVersion,
    ...(time === '' ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsV1(fields),
    ...(subresource === undefined ? {} : { subresource }),
  }));
}

export function isSameWriter(a: Writer, b: Writer): boolean {
  return a.manager === b.manager && a.operation === b.operation && a.apiVersion === b.apiVersion && a.subresource === b.subresource;
}

/** Nobody manages what names the object, nor what the server counts. */
const unmanaged = [
  field('apiVersion'),
  field('kind'),
  field('metadata'),
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'generation', 'managedFields', 'resourceVersion'].map((name) =>
    field('metadata', name),
  ),
].reduce(union, noFields);

export function managed(fields: FieldSet): FieldSet {
  return difference({ ...fields, self: false }, unmanaged);
}

/** The others lose `taken`; the writer's entry holds `fields`, at this time if they are others than before. */
export function handedOver(
  managers: readonly Manager[],
  by: Writer,
  change: { readonly taken: FieldSet; readonly fields: FieldSet; readonly time: string },
): readonly Manager[] {
  const own = managers.find((manager) => isSameWriter(manager, by));
  const others = managers
    .filter((manager) => manager !== own)
    .map((manager) => ({ ...manager, fields: difference(manager.fields, change.taken) }))
    .filter(({ fields }) => !isEmpty(fields));
  if (isEmpty(change.fields)) return others;
  const time = own !== undefined && sameFields(own.fields, change.fields) ? own.time : change.time;
  const entry: Manager = { ...by, time, fields: change.fields };
  return bounded([...others, entry]);
}

// Every name may write: without a bound the list would grow with them. Kubernetes' own number.
const maxUpdaters = 10;
const ancient = 'ancient-changes';

/** The oldest updaters become one. */
function bounded(managers: readonly Manager[]): readonly Manager[] {
  const updaters = managers.filter(({ operation }) => operation === 'Update');
  if (updaters.length <= maxUpdaters) return managers;
  const oldest = updaters.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).slice(0, updaters.length - maxUpdaters + 1);
  const rest = managers.filter((manager) => !oldest.includes(manager));
  const [first] = oldest;
  if (first === undefined) return managers;
  const { subresource: _subresource, ...entry } = first;
  return [{ ...entry, manager: ancient, fields: oldest.reduce((set, { fields }) => union(set, fields), noFields) }, ...rest];
}

export interface Written {
  /** Undefined for a new object. */
  readonly before: Json | undefined;
  readonly after: Json;
  readonly by: Writer;
  readonly time: string;
  readonly shapeAt: ListShapeAt;
}

/** A plain write takes what it changes, from whoever had it. */
export function afterUpdate(managers: readonly Manager[], { before, after, by, time, shapeAt }: Written): readonly Manager[] {
  const { changed, removed } = differenceOf(before, after, { shapeAt, path: '' });
  const mine = managed(changed);
  if (isEmpty(mine) && isEmpty(removed)) return managers;
  const own = managers.find((manager) => isSameWriter(manager, by))?.fields ?? noFields;
  return handedOver(managers, by, { taken: union(mine, removed), fields: union(difference(own, removed), mine), time });
}
