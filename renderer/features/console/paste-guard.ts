// Owns when pasting into a serial console needs a question first: a shell runs every line that ends.
// Must not paste.

export interface PasteRisk {
  readonly lines: number;
  /** Escape sequences and other controls: they may do more than they show. */
  readonly controls: boolean;
  /** The beginning, controls made visible, for the question. */
  readonly preview: string;
}

const previewLines = 8;
const previewWidth = 120;

/** Undefined: paste without asking. A single line with a line end at its end runs at once, so it is asked for too. */
export function pasteRisk(text: string): PasteRisk | undefined {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
  const controls = Array.from(text).some(isControl);
  if (lines.length === 1 && !controls) return undefined;
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  return { lines: count, controls, preview: lines.slice(0, previewLines).map(shown).join('\n') };
}

/** Pictures of control characters, U+2400 and on. */
function shown(line: string): string {
  const text = Array.from(line, (character) =>
    isControl(character) ? String.fromCodePoint(0x2400 + ((character.codePointAt(0) ?? 0) & 0x1f)) : character,
  ).join('');
  return text.length > previewWidth ? `${text.slice(0, previewWidth)}…` : text;
}

function isControl(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return (point < 0x20 && character !== '\n' && character !== '\r' && character !== '\t') || (point >= 0x7f && point < 0xa0);
}
