// Owns taking fields out of plain JSON: what is null, and what is named by a path.
// Must not know any kind.
import type { Json, JsonObject } from './object.ts';

/** Null means absent in a manifest (`creationTimestamp: null`); nothing below has to know that. */
export function withoutNulls(object: JsonObject): JsonObject {
  const entries = Object.entries(object).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutNullsIn(value ?? null)]));
}

function withoutNullsIn(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => withoutNullsIn(item));
  return isFields(value) ? withoutNulls(value) : value;
}

/** `spec.disks[0].foo` taken out; unknown fields are never items of a list. */
export function withoutField(object: JsonObject, field: string): JsonObject {
  const steps = field.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
  return without(
    object,
    steps.map((step) => step.replace(/^\[(.*)\]$/, '$1')),
  ) as JsonObject;
}

function without(value: Json, [step, ...rest]: readonly string[]): Json {
  if (step === undefined) return value;
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === step ? without(item, rest) : item));
  if (!isFields(value)) return value;
  const entries = Object.entries(value).filter(([name]) => rest.length > 0 || name !== step);
  return Object.fromEntries(entries.map(([name, child]) => [name, name === step ? without(child ?? null, rest) : child]));
}

function isFields(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
