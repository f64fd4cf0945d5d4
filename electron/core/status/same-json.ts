// Owns comparing plain data by value.
// Must not be used for anything with prototypes, functions or cycles.

/** Absent and undefined are the same, as they are once written as JSON. Key order does not matter. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameItems(a, b);
  const left: Readonly<Record<string, unknown>> = { ...a };
  const right: Readonly<Record<string, unknown>> = { ...b };
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => sameJson(left[key], right[key]));
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
}

/** The old value when the new one says the same, so that nothing is written. */
export function unlessSame<Value>(old: Value | undefined, next: Value): Value {
  return old !== undefined && sameJson(old, next) ? old : next;
}
