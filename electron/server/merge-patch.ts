// Owns JSON merge patch (RFC 7386).
// Must not know objects of ours.
import type { Json } from '../api/object.ts';
import { isObject } from './json-value.ts';

/** The target as the patch makes it. Null removes; everything that is no object replaces. Inputs stay as they are. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map<string, Json>();
  if (isObject(target)) for (const [name, value] of Object.entries(target)) if (value !== undefined) merged.set(name, value);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === undefined) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  // fromEntries defines own properties: a key `__proto__` stays an ordinary key.
  return Object.fromEntries(merged);
}
