// Owns saying of a machine that what its guest writes is thrown away.
// Must not throw anything away.
import { annotations } from './annotations.ts';

/** `UntilStopped` is what a start sets and a stop takes back; `Always` is the manifest's word. */
export const discardModes = ['UntilStopped', 'Always'] as const;

interface Annotated {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

export function discardsChanges({ metadata }: Annotated): boolean {
  const said = metadata.annotations?.[annotations.discardChanges];
  return discardModes.some((mode) => mode === said);
}

/** What a start or a stop makes of it; the very same object when there is nothing to change. */
export function withDiscarding<Object extends Annotated>(object: Object, asked: boolean): Object {
  const { [annotations.discardChanges]: said, ...others } = object.metadata.annotations ?? {};
  if (said === 'Always' || (said === 'UntilStopped') === asked) return object;
  const next = asked ? { ...others, [annotations.discardChanges]: 'UntilStopped' } : others;
  return { ...object, metadata: { ...object.metadata, annotations: next } };
}
