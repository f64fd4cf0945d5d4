// Owns whether a type of mediated devices is the one that an allow list or a wish names.
// Must not know what there is of it.

export interface NamedType {
  readonly id: string;
  readonly name?: string | undefined;
}

/** By its id, or by its name with blanks or underscores, as KubeVirt takes it. */
export function isMdevType({ id, name }: NamedType, selector: string): boolean {
  const plain = (text: string | undefined): string | undefined => text?.replaceAll(' ', '_');
  return selector === id || plain(selector) === plain(name);
}
