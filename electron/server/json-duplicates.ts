// Owns finding fields that a JSON text names twice: JSON.parse keeps the last one and says nothing.
// Must not be given text that JSON.parse refuses.

interface Level {
  /** Undefined for an array. */
  readonly names: Set<string> | undefined;
  /** Name or index of the child being read. */
  at: string;
  index: number;
}

/** Paths such as `spec.running`, each once. */
export function duplicateFields(text: string): readonly string[] {
  const found = new Set<string>();
  const levels: Level[] = [];
  let expectName = false;
  for (let i = 0; i < text.length; i++) {
    const level = levels.at(-1);
    switch (text.charAt(i)) {
      case '{':
        levels.push({ names: new Set(), at: '', index: 0 });
        expectName = true;
        break;
      case '[':
        levels.push({ names: undefined, at: '[0]', index: 0 });
        expectName = false;
        break;
      case '}':
      case ']':
        levels.pop();
        expectName = false;
        break;
      case ',':
        if (level?.names === undefined) {
          if (level !== undefined) level.at = `[${++level.index}]`;
        } else expectName = true;
        break;
      case '"': {
        const end = stringEnd(text, i);
        if (expectName && level?.names !== undefined) {
          const name = nameOf(text.slice(i, end + 1));
          level.at = name;
          if (level.names.has(name)) found.add(pathOf(levels));
          level.names.add(name);
          expectName = false;
        }
        i = end;
        break;
      }
    }
  }
  return [...found];
}

function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

function nameOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

function pathOf(levels: readonly Level[]): string {
  return levels.map(({ at, names }, depth) => (names === undefined || depth === 0 ? at : `.${at}`)).join('');
}
