// Owns reading the field of registries.
// Must not save them.

export interface Registries {
  readonly names: string[];
  /** What is no host or host:port. */
  readonly wrong: readonly string[];
}

/** One a line, or with blanks or commas between them; each once. */
export function registriesIn(text: string): Registries {
  const names = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
  return { names, wrong: names.filter((name) => !/^[A-Za-z0-9.[\]:-]+$/.test(name)) };
}
