// Owns Kubernetes' strategic merge patch, which its own kinds take: lists merged by key, and the patch's directives.
// Must not be offered for custom resources; a cluster refuses it there.
import { AppError } from '../api/errors.ts';
import type { Json, JsonObject } from '../api/object.ts';
import { isList, isObject } from './json-value.ts';

/** Lists that are merged, by kind and path: with the field that tells items apart, or `''` for a list of scalars. From the `patchStrategy` tags of k8s.io/api. */
const mergedLists: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Namespace: { 'status.conditions': 'type' },
  Node: { 'status.conditions': 'type', 'status.addresses': 'type', 'spec.podCIDRs': '' },
  PersistentVolumeClaim: { 'status.conditions': 'type' },
};
const everywhere: Readonly<Record<string, string>> = { 'metadata.ownerReferences': 'uid', 'metadata.finalizers': '' };

/** The merge for one kind. Inputs stay as they are. */
export function strategicMerge(kind: string): (current: Json, patch: JsonObject) => Json {
  const keyAt = (path: string): string | undefined => mergedLists[kind]?.[path] ?? everywhere[path];
  return (current, patch) => mergedObject(isObject(current) ? current : {}, patch, { keyAt, path: '' });
}

interface Place {
  readonly keyAt: (path: string) => string | undefined;
  readonly path: string;
}

function mergedObject(current: JsonObject, patch: JsonObject, place: Place): Json {
  const { $patch: directive, $retainKeys: retained, ...fields } = patch;
  if (directive === 'replace') return fields;
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw badDirective('$patch', directive);
  const merged = new Map<string, Json>();
  for (const [name, value] of Object.entries(current)) if (value !== undefined) merged.set(name, value);
  const kept = isList(retained) ? new Set(retained) : undefined;
  if (kept !== undefined) for (const name of merged.keys()) if (!kept.has(name)) merged.delete(name);
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('$setElementOrder/')) continue;
    if (name.startsWith('$deleteFromPrimitiveList/')) {
      const list = name.slice(name.indexOf('/') + 1);
      const old = merged.get(list);
      if (isList(old) && isList(value)) merged.set(list, without(old, value));
    } else if (name.startsWith('$')) throw badDirective(name, value ?? null);
    else if (value === null || value === undefined) merged.delete(name);
    else merged.set(name, mergedValue(merged.get(name), value, { ...place, path: place.path === '' ? name : `${place.path}.${name}` }));
  }
  return Object.fromEntries(merged);
}

function mergedValue(current: Json | undefined, patch: Json, place: Place): Json {
  if (isObject(patch)) return mergedObject(isObject(current) ? current : {}, patch, place);
  if (!isList(patch)) return patch;
  const key = place.keyAt(place.path);
  const old = isList(current) ? current : [];
  if (key === undefined) return patch;
  if (key === '') return [...old, ...without(patch, old)];
  return mergedItems(old, patch, { ...place, key });
}

function mergedItems(old: readonly Json[], patch: readonly Json[], { key, ...place }: Place & { readonly key: string }): Json {
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) {
    return patch.filter((item) => !isObject(item) || item['$patch'] !== 'replace');
  }
  // By key: a list of a hundred thousand items must not be searched for each of them.
  const merged = new Map<Json | undefined, Json>(old.map((item, index) => [isObject(item) ? item[key] : index, item]));
  for (const item of patch) {
    const name = isObject(item) ? item[key] : undefined;
    if (!isObject(item) || name === undefined) throw badDirective(place.path, `an item without ${key}`);
    if (item['$patch'] === 'delete') merged.delete(name);
    else merged.set(name, mergedObject(asObject(merged.get(name)), item, place));
  }
  return [...merged.values()];
}

function without(list: readonly Json[], others: readonly Json[]): readonly Json[] {
  const gone = new Set(others);
  return list.filter((item) => !gone.has(item));
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function badDirective(field: string, value: Json): AppError {
  const message = `strategic merge patch: ${field}: ${JSON.stringify(value)} is not understood`;
  return new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field, message, fix: 'Correct the patch.' }] });
}
