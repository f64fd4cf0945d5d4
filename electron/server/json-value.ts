// Owns telling JSON values apart.
// Must not read or change them.
import type { Json, JsonObject } from '../api/object.ts';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Array.isArray does not narrow a readonly array out of Json. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
