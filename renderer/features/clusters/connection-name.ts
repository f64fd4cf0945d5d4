// Owns the name that a connection is suggested, and whether a name will do.
// Must not look for anything but the names that are taken.

/** Such as admin@lab.example.com:6443 → admin-lab.example.com-6443. */
export function suggestedName(context: string, taken: readonly string[]): string {
  const plain = context
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 60)
    .replace(/[^a-z0-9]+$/, '');
  const base = plain === '' ? 'cluster' : plain;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** A key under `clusters:add.invalid`. */
export function nameProblem(name: string, taken: readonly string[]): 'name' | 'taken' | undefined {
  if (!/^[a-z0-9](?:[-a-z0-9.]{0,61}[a-z0-9])?$/.test(name)) return 'name';
  return taken.includes(name) ? 'taken' : undefined;
}
