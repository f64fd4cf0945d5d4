// Owns the list of keys: found ones that are ticked, and pasted ones, one a line.
// Must not read any key.

export function withKey(keys: readonly string[], line: string, chosen: boolean): readonly string[] {
  const others = keys.filter((key) => key !== line);
  return chosen ? [...others, line] : others;
}

/** What was pasted: everything that was not found here. */
export function pastedText(keys: readonly string[], found: readonly string[]): string {
  return keys.filter((key) => !found.includes(key)).join('\n');
}

export function withPasted(keys: readonly string[], found: readonly string[], text: string): readonly string[] {
  const ticked = keys.filter((key) => found.includes(key));
  return text === '' ? ticked : [...ticked, ...text.split('\n')];
}
