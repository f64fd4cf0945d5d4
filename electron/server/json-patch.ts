// Owns JSON patch (RFC 6902): six operations on plain JSON, all or nothing.
// Must not know objects of ours.
import type { Cause } from '../api/errors.ts';
import type { JsonPatchOperation } from '../api/json-patch.ts';
import type { Json } from '../api/object.ts';
import { fieldOfTokens, pointerTokens } from './json-pointer.ts';
import { isList, isObject } from './json-value.ts';

export type Patched = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly causes: readonly Cause[] };

/** More operations than this are refused: each may copy the whole document. Kubernetes' limit. */
export const maxPatchOperations = 10_000;

/** The document after all operations, or why the first failing one failed. The input stays as it is. */
export function jsonPatch(document: Json, operations: readonly JsonPatchOperation[]): Patched {
  let root = document;
  for (const [index, operation] of operations.entries()) {
    const outcome = apply(root, operation);
    if (typeof outcome === 'string') {
      const field = fieldOfTokens(pointerTokens(operation.path) ?? []);
      const message = `operation ${index} (${operation.op} ${JSON.stringify(operation.path)}): ${outcome}`;
      return {
        ok: false,
        causes: [{ reason: 'FieldValueInvalid', field, message, fix: 'Read the object again and make the patch from what it is now.' }],
      };
    }
    root = outcome.value;
  }
  return { ok: true, value: root };
}

/** The new document in a box (it may be null), or what is wrong in words. */
type Outcome = { readonly value: Json } | string;

function apply(root: Json, operation: JsonPatchOperation): Outcome {
  const path = pointerTokens(operation.path);
  if (path === undefined) return 'the path is not a JSON pointer';
  switch (operation.op) {
    case 'add':
      return operation.value === undefined ? missingValue : edit(root, path, { type: 'insert', value: operation.value });
    case 'replace':
      if (operation.value === undefined) return missingValue;
      return read(root, path) === undefined ? 'the path does not exist' : edit(root, path, { type: 'replace', value: operation.value });
    case 'remove':
      return edit(root, path, { type: 'remove' });
    case 'test': {
      if (operation.value === undefined) return missingValue;
      const found = read(root, path);
      if (found === undefined) return 'the path does not exist';
      return sameJson(found, operation.value) ? { value: root } : `the value there is ${short(found)}, not ${short(operation.value)}`;
    }
    case 'copy':
    case 'move':
      return transfer(root, operation, path);
  }
}

const missingValue = 'the operation has no value';

function transfer(root: Json, operation: JsonPatchOperation, path: readonly string[]): Outcome {
  const from = operation.from === undefined ? undefined : pointerTokens(operation.from);
  if (from === undefined) return 'from is not a JSON pointer';
  const value = read(root, from);
  if (value === undefined) return `nothing is at ${JSON.stringify(operation.from)}`;
  if (operation.op === 'copy') return edit(root, path, { type: 'insert', value });
  if (from.length < path.length && from.every((token, index) => token === path[index])) return 'a value cannot be moved into itself';
  if (from.length === path.length && from.every((token, index) => token === path[index])) return { value: root };
  const without = edit(root, from, { type: 'remove' });
  return typeof without === 'string' ? without : edit(without.value, path, { type: 'insert', value });
}

function read(root: Json, path: readonly string[]): Json | undefined {
  let value: Json | undefined = root;
  for (const token of path) {
    if (isList(value)) {
      const index = arrayIndex(token, value.length - 1);
      value = index === undefined ? undefined : value[index];
    } else if (isObject(value)) value = Object.hasOwn(value, token) ? value[token] : undefined;
    else return undefined;
  }
  return value;
}

type Change = { readonly type: 'remove' } | { readonly type: 'insert' | 'replace'; readonly value: Json };

/** Copies along the path only; siblings are shared with the input. */
function edit(node: Json, path: readonly string[], change: Change): Outcome {
  const [token, ...rest] = path;
  if (token === undefined) return change.type === 'remove' ? 'the whole document cannot be removed' : { value: change.value };
  if (isList(node)) return editArray(node, { token, rest }, change);
  if (isObject(node)) return editObject(node, { token, rest }, change);
  return `${JSON.stringify(token)} is looked for in a value that is neither object nor array`;
}

interface Step {
  readonly token: string;
  readonly rest: readonly string[];
}

function editArray(node: readonly Json[], { token, rest }: Step, change: Change): Outcome {
  const last = rest.length === 0;
  const inserting = last && change.type === 'insert';
  const index = inserting && token === '-' ? node.length : arrayIndex(token, inserting ? node.length : node.length - 1);
  if (index === undefined) return `${JSON.stringify(token)} is not an index of an array of ${node.length}`;
  if (last) return { value: editedArray(node, index, change) };
  const child = edit(node[index] ?? null, rest, change);
  return typeof child === 'string' ? child : { value: node.with(index, child.value) };
}

function editedArray(node: readonly Json[], index: number, change: Change): Json {
  switch (change.type) {
    case 'remove':
      return node.toSpliced(index, 1);
    case 'insert':
      return node.toSpliced(index, 0, change.value);
    case 'replace':
      return node.with(index, change.value);
  }
}

function editObject(node: { readonly [key: string]: Json | undefined }, { token, rest }: Step, change: Change): Outcome {
  const last = rest.length === 0;
  const found = Object.hasOwn(node, token) ? node[token] : undefined;
  if (found === undefined && (!last || change.type === 'remove')) return `${JSON.stringify(token)} does not exist`;
  const entries = new Map(Object.entries(node));
  if (last && change.type === 'remove') entries.delete(token);
  else if (last && change.type !== 'remove') entries.set(token, change.value);
  else {
    const child = edit(found ?? null, rest, change);
    if (typeof child === 'string') return child;
    entries.set(token, child.value);
  }
  return { value: Object.fromEntries(entries) };
}

function arrayIndex(token: string, max: number): number | undefined {
  if (!/^(0|[1-9]\d{0,8})$/.test(token)) return undefined;
  const index = Number(token);
  return index <= max ? index : undefined;
}

/** RFC 6902 §4.6: objects are equal whatever the order of their members. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]));
}

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
