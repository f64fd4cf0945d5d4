// Owns which patches there are and reading one.
// Must not store; the result is decoded and updated like any object.
import { AppError } from '../api/errors.ts';
import type { JsonPatchOperation } from '../api/json-patch.ts';
import type { Kind } from '../api/kinds/kind.ts';
import type { Json, JsonObject } from '../api/object.ts';
import type { Body } from './body.ts';
import { jsonPatch, maxPatchOperations } from './json-patch.ts';
import { isList, isObject } from './json-value.ts';
import { mergePatch } from './merge-patch.ts';
import { inItsPlace } from './older-shapes.ts';
import { isKubernetesOwn } from './object-target.ts';
import { strategicMerge } from './strategic-merge.ts';

const operationsType = 'application/json-patch+json';
const mergeType = 'application/merge-patch+json';
const strategicType = 'application/strategic-merge-patch+json';

/** As on a cluster: custom resources have no strategic merge, and clients fall back to a merge patch when they hear so. */
export function patchTypesOf(kind: Kind): readonly string[] {
  return isKubernetesOwn(kind) ? [operationsType, mergeType, strategicType] : [operationsType, mergeType];
}

export interface Patch {
  /** Throws Invalid when an operation does not fit. */
  apply(current: Json): Json;
  /** It says which version it changes: a conflict is then the client's to solve. */
  readonly namesVersion: boolean;
  /** It reads or writes metadata.managedFields. */
  readonly namesManagers: boolean;
  readonly duplicates: readonly string[];
  /** Of fields that stand beside their place in it. */
  readonly warnings: readonly string[];
}

export function readPatch({ value, duplicates }: Body, { type, kind }: { readonly type: string; readonly kind: Kind }): Patch {
  if (type === operationsType) return operationsPatch(value, duplicates);
  return membersPatch(value, { kind, duplicates, merge: type === strategicType ? strategicMerge(kind.kind) : mergePatch });
}

interface Merging {
  readonly kind: Kind;
  readonly duplicates: readonly string[];
  readonly merge: (current: Json, patch: JsonObject) => Json;
}

function membersPatch(given: Json, { kind, duplicates, merge }: Merging): Patch {
  if (!isObject(given)) throw badPatch('<root>', 'a merge patch is an object');
  // `kubectl apply` of a manifest that was read so when it was created patches the same places again.
  const { value, warnings } = inItsPlace(kind, given, { partial: true });
  const { metadata } = value;
  const namesVersion = isObject(metadata) && metadata['resourceVersion'] !== undefined;
  const namesManagers = isObject(metadata) && metadata['managedFields'] !== undefined;
  return { namesVersion, namesManagers, duplicates, warnings, apply: (current) => merge(current, value) };
}

function operationsPatch(value: Json, duplicates: readonly string[]): Patch {
  if (!isList(value)) throw badPatch('<root>', 'a JSON patch is a list of operations');
  if (value.length > maxPatchOperations) {
    const message = `The allowed maximum operations in a JSON patch is ${maxPatchOperations}, got ${value.length}`;
    throw new AppError('RequestTooLarge', message, { causes: [{ reason: 'FieldValueTooMany', field: '<root>', message }] });
  }
  const operations = value.map((item, index) => operation(item, index));
  const namesVersion = operations.some(({ path }) => path === '/metadata/resourceVersion');
  const namesManagers = operations.some(({ path }) => path.startsWith('/metadata/managedFields'));
  return { namesVersion, namesManagers, duplicates, warnings: [], apply: (current) => applied(current, operations) };
}

function applied(current: Json, operations: readonly JsonPatchOperation[]): Json {
  const outcome = jsonPatch(current, operations);
  if (outcome.ok) return outcome.value;
  const text = outcome.causes.map(({ message }) => message).join(', ');
  throw new AppError('Invalid', `the server rejected our request due to an error in our request: ${text}`, { causes: outcome.causes });
}

const names = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const;

function operation(item: Json, index: number): JsonPatchOperation {
  if (!isObject(item)) throw badPatch(`[${index}]`, 'an operation is an object with op and path');
  const { op, path, from, value } = item;
  const known = names.find((name) => name === op);
  if (known === undefined) throw badPatch(`[${index}].op`, `${JSON.stringify(op ?? null)} is not one of ${names.join(', ')}`);
  if (typeof path !== 'string') throw badPatch(`[${index}].path`, 'a JSON pointer is required');
  const whole = { op: known, path, ...(value === undefined ? {} : { value }) };
  return typeof from === 'string' ? { ...whole, from } : whole;
}

function badPatch(field: string, message: string): AppError {
  return new AppError('BadRequest', `error decoding patch: ${field}: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', field, message, fix: 'Correct the patch.' }],
  });
}
