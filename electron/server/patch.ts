// Owns which patches there are and reading one.
// Must not store; the result is decoded and updated like any object.
import { AppError, type JsonPatchOperation } from '../api/errors.ts';
import type { Json } from '../api/object.ts';
import type { Body } from './body.ts';
import { jsonPatch, maxPatchOperations } from './json-patch.ts';
import { isList, isObject } from './json-value.ts';
import { mergePatch } from './merge-patch.ts';

// Strategic merge needs Go's struct tags: custom resources refuse it, and clients fall back to a merge patch.
export const patchTypes = ['application/json-patch+json', 'application/merge-patch+json'];

export interface Patch {
  /** Throws Invalid when an operation does not fit. */
  apply(current: Json): Json;
  /** It says which version it changes: a conflict is then the client's to solve. */
  readonly namesVersion: boolean;
  readonly duplicates: readonly string[];
}

export function readPatch({ value, duplicates }: Body, type: string): Patch {
  return type === 'application/json-patch+json' ? operationsPatch(value, duplicates) : membersPatch(value, duplicates);
}

function membersPatch(value: Json, duplicates: readonly string[]): Patch {
  if (!isObject(value)) throw badPatch('<root>', 'a merge patch is an object');
  const { metadata } = value;
  const namesVersion = isObject(metadata) && metadata['resourceVersion'] !== undefined;
  return { namesVersion, duplicates, apply: (current) => mergePatch(current, value) };
}

function operationsPatch(value: Json, duplicates: readonly string[]): Patch {
  if (!isList(value)) throw badPatch('<root>', 'a JSON patch is a list of operations');
  if (value.length > maxPatchOperations) {
    const message = `The allowed maximum operations in a JSON patch is ${maxPatchOperations}, got ${value.length}`;
    throw new AppError('RequestTooLarge', message, { causes: [{ reason: 'FieldValueTooMany', field: '<root>', message }] });
  }
  const operations = value.map((item, index) => operation(item, index));
  const namesVersion = operations.some(({ path }) => path === '/metadata/resourceVersion');
  return { namesVersion, duplicates, apply: (current) => applied(current, operations) };
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
