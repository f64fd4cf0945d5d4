// Owns turning text into the key presses that a guest with a given keyboard layout reads as that text.
// Must not send anything, and must not remember the text: it may be a password.
import { type KeyboardLayout, keyRows } from './keyboard-layouts.ts';

/** One press or release. `code` is KeyboardEvent.code; QEMU reads it, `keysym` is for servers that cannot. */
export interface KeyEvent {
  readonly keysym: number;
  readonly code: string;
  readonly down: boolean;
}

export interface TypingPlan {
  /** One entry per character, each complete: pressed and released. */
  readonly strokes: readonly (readonly KeyEvent[])[];
  /** Characters that this layout cannot make, each once, in order of appearance. */
  readonly unsupported: readonly string[];
}

export interface TypingOptions {
  /** The guest's variant has no dead keys: an accent is there at once, and accented letters that have no key cannot be typed. */
  readonly deadKeys: boolean;
}

type Level = 'plain' | 'shift' | 'altGr';

interface Press {
  readonly code: string;
  readonly level: Level;
  readonly character: string;
}

const modifiers: Readonly<Record<Level, { readonly code: string; readonly keysym: number } | undefined>> = {
  plain: undefined,
  shift: { code: 'ShiftLeft', keysym: 0xffe1 },
  altGr: { code: 'AltRight', keysym: 0xfe03 },
};
const named: ReadonlyMap<string, Press> = new Map([
  ['\n', { code: 'Enter', level: 'plain', character: '\r' }],
  ['\t', { code: 'Tab', level: 'plain', character: '\t' }],
  [' ', { code: 'Space', level: 'plain', character: ' ' }],
]);
/** Accents as they stand alone, by their combining form (Unicode normalisation form D). */
const combining: ReadonlyMap<string, string> = new Map([
  ['\u0300', '`'],
  ['\u0301', '´'],
  ['\u0302', '^'],
  ['\u0303', '~'],
  ['\u0308', '¨'],
]);

export function typingPlan(text: string, layout: KeyboardLayout, { deadKeys }: TypingOptions): TypingPlan {
  const keys = keysOf(layout, deadKeys);
  const strokes: (readonly KeyEvent[])[] = [];
  const unsupported = new Set<string>();
  for (const character of text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').normalize('NFC')) {
    const presses = pressesFor(character, keys);
    if (presses === undefined) unsupported.add(character);
    else strokes.push(presses.flatMap(keyEvents));
  }
  return { strokes, unsupported: [...unsupported] };
}

interface Keys {
  readonly direct: ReadonlyMap<string, Press>;
  readonly dead: ReadonlyMap<string, Press>;
}

/** A key that makes the character at once is better than a dead one: French has both for `^`. */
function keysOf(layout: KeyboardLayout, deadKeys: boolean): Keys {
  const direct = new Map<string, Press>(named);
  const dead = new Map<string, Press>();
  for (const level of ['plain', 'shift', 'altGr'] as const) {
    for (const [row, codes] of keyRows.entries()) {
      for (const [index, character] of Array.from(layout[level][row]!).entries()) {
        if (character === ' ') continue;
        const target = deadKeys && layout.dead.includes(`${level}:${character}`) ? dead : direct;
        if (!target.has(character)) target.set(character, { code: codes[index]!, level, character });
      }
    }
  }
  return { direct, dead };
}

function pressesFor(character: string, { direct, dead }: Keys): readonly Press[] | undefined {
  const key = direct.get(character);
  if (key !== undefined) return [key];
  const accent = dead.get(character);
  if (accent !== undefined) return [accent, named.get(' ')!];
  const [letter = '', mark = '', ...more] = character.normalize('NFD');
  const markKey = dead.get(combining.get(mark) ?? '');
  const letterKey = direct.get(letter);
  return markKey === undefined || letterKey === undefined || more.length > 0 ? undefined : [markKey, letterKey];
}

function keyEvents({ code, level, character }: Press): readonly KeyEvent[] {
  const modifier = modifiers[level];
  const key = { keysym: keysymOf(character), code };
  const press: readonly KeyEvent[] = [
    { ...key, down: true },
    { ...key, down: false },
  ];
  return modifier === undefined ? press : [{ ...modifier, down: true }, ...press, { ...modifier, down: false }];
}

/** X11's rule: Latin-1 is itself, control characters sit at 0xff00, everything else is Unicode plus 0x01000000. */
export function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x20) return 0xff00 + point;
  return point < 0x7f || (point >= 0xa0 && point <= 0xff) ? point : 0x0100_0000 + point;
}
