// Owns reading a list of objects out of an answer of QEMU or of a guest.
// Must not know what they are.
import type { Json, JsonObject } from '../../api/object.ts';

/** Whatever else is in it is passed over. */
export function objectsIn(answer: Json | undefined): readonly JsonObject[] {
  const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
  return Array.isArray(answer) ? answer.filter(isObject) : [];
}
