// Owns whether a word can be the name of a cluster-scoped object.
// Must not look for it.

/** RFC 1123: lower case letters, digits, '-' and '.'. */
export function isObjectName(text: string): boolean {
  return /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/.test(text);
}
