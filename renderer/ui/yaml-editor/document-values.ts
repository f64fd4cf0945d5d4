// Owns reading a YAML stream into plain values, for texts that may be half written.
// Must not throw.
import { parseAllDocuments } from 'yaml';

/** One entry a document; undefined where it does not read. */
export function documentValues(text: string): readonly unknown[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  return Array.isArray(documents) ? documents.map((document) => valueOf(document)) : [];
}

/** Documents with errors still have the part before them. */
function valueOf(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS();
  } catch {
    // An alias without an anchor, or one that would expand without end.
    return undefined;
  }
}

/** The mapping of a text that is exactly one right document. */
export function onlyMapping(text: string): Readonly<Record<string, unknown>> | undefined {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  const [only, ...more] = Array.isArray(documents) ? documents : [];
  if (only === undefined || more.length > 0 || only.errors.length > 0) return undefined;
  const value = valueOf(only);
  return isMapping(value) ? value : undefined;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
