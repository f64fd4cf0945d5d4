// Owns client-side apply: the merge patch that turns what is there into what the manifest says, leaving others' fields alone.
// Must not send anything. The rule is kubectl's: JSON merge patch with the last-applied configuration as the base.
import type { DraftObject, KubeObject } from '../api/object.ts';

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

type Fields = Readonly<Record<string, unknown>>;

/** The manifest as it is stored by apply: with itself as an annotation. */
export function withLastApplied(draft: DraftObject): DraftObject {
  const { [lastAppliedAnnotation]: _old, ...annotations } = draft.metadata.annotations ?? {};
  const bare = { ...draft, metadata: { ...draft.metadata, annotations } };
  return {
    ...draft,
    metadata: { ...draft.metadata, annotations: { ...annotations, [lastAppliedAnnotation]: `${JSON.stringify(bare)}\n` } },
  };
}

/** RFC 7386 patch; undefined when nothing differs. */
export function applyPatch(draft: DraftObject, live: KubeObject): Fields | undefined {
  const wanted = withLastApplied(draft) as unknown as Fields;
  const text = live.metadata.annotations?.[lastAppliedAnnotation];
  const base = text === undefined ? {} : (JSON.parse(text) as Fields);
  const patch = difference(base, wanted, live);
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The merge patch (RFC 7386) that makes `after` of `before`, and leaves alone what others change meanwhile. */
export function patchBetween(before: Fields, after: Fields): Fields {
  return difference(before, after, before);
}

function difference(base: Fields, wanted: Fields, live: Fields): Fields {
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(wanted)) {
    const current = live[name];
    if (isFields(value) && isFields(current)) {
      const inner = difference(isFields(base[name]) ? base[name] : {}, value, current);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (!equal(value, current)) patch[name] = value;
  }
  for (const name of Object.keys(base)) if (!Object.hasOwn(wanted, name) && Object.hasOwn(live, name)) patch[name] = null;
  return patch;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (!isFields(a) || !isFields(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => equal(a[name], b[name]));
}
