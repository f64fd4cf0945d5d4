// Owns the proof that text becomes the right keys: rows for the rules, QEMU's own keymaps for the tables.
// Must not need a guest.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type KeyboardLayoutId, keyboardLayout, keyboardLayouts, keyRows } from '../../../renderer/features/console/keyboard-layouts.ts';
import { type KeyEvent, keysymOf, typingPlan } from '../../../renderer/features/console/typing.ts';

/** `Shift(Digit1)` for a stroke, so that a row can be read. */
function spelt(events: readonly KeyEvent[]): string {
  const held: string[] = [];
  const pressed: string[] = [];
  for (const { code, down } of events) {
    const modifier = code === 'ShiftLeft' || code === 'AltRight';
    if (modifier && down) held.push(code === 'ShiftLeft' ? 'Shift' : 'AltGr');
    else if (modifier) held.pop();
    else if (down) pressed.push(held.length > 0 ? `${held.join('+')}(${code})` : code);
  }
  return pressed.join(' ');
}

describe('typingPlan', () => {
  test.each<{ layout: KeyboardLayoutId; text: string; deadKeys?: boolean; want: string; unsupported?: readonly string[] }>([
    { layout: 'us', text: 'aB1!', want: 'KeyA Shift(KeyB) Digit1 Shift(Digit1)' },
    { layout: 'us', text: 'a\r\nb\tc d\re', want: 'KeyA Enter KeyB Tab KeyC Space KeyD Enter KeyE' },
    { layout: 'us', text: 'aü€a€', want: 'KeyA KeyA', unsupported: ['ü', '€'] },
    { layout: 'uk', text: '@"£#€', want: 'Shift(Quote) Shift(Digit2) Shift(Digit3) Backslash AltGr(Digit4)' },
    { layout: 'de', text: 'yz@{|~', want: 'KeyZ KeyY AltGr(KeyQ) AltGr(Digit7) AltGr(IntlBackslash) AltGr(BracketRight)' },
    { layout: 'de', text: '^`', want: 'Backquote Space Shift(Equal) Space' },
    { layout: 'de', text: '^`', deadKeys: false, want: 'Backquote Shift(Equal)' },
    { layout: 'de', text: 'éÀ', want: 'Equal KeyE Shift(Equal) Shift(KeyA)' },
    { layout: 'de', text: 'é', deadKeys: false, want: '', unsupported: ['é'] },
    { layout: 'de', text: 'u\u0308', want: 'BracketLeft' },
    { layout: 'fr', text: 'Azq1^ê', want: 'Shift(KeyQ) KeyW KeyA Shift(Digit1) AltGr(Digit9) BracketLeft KeyE' },
    { layout: 'es', text: 'ñ~', want: 'Semicolon AltGr(Digit4) Space' },
    { layout: 'us', text: '好', want: '', unsupported: ['好'] },
  ])('$layout: $text', ({ layout, text, deadKeys = true, want, unsupported = [] }) => {
    const plan = typingPlan(text, keyboardLayout(layout), { deadKeys });
    expect([plan.strokes.map(spelt).join(' '), plan.unsupported]).toEqual([want, unsupported]);
  });

  test('every key that goes down comes up, in every layout', () => {
    const text = keyboardLayouts.flatMap(({ plain, shift, altGr }) => [...plain, ...shift, ...altGr]).join('');
    for (const layout of keyboardLayouts) {
      for (const stroke of typingPlan(text, layout, { deadKeys: true }).strokes) {
        const open = stroke.reduce((count, { down }) => count + (down ? 1 : -1), 0);
        expect(open).toBe(0);
      }
    }
  });

  test('printable ASCII can be typed in every layout', () => {
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
    const gaps = keyboardLayouts.map((layout) => [layout.id, typingPlan(ascii, layout, { deadKeys: true }).unsupported]);
    expect(Object.fromEntries(gaps.filter(([, missing]) => missing!.length > 0))).toEqual({});
  });
});

test.each([
  ['a', 0x61],
  ['é', 0xe9],
  ['€', 0x0100_20ac],
  ['\r', 0xff0d],
  ['\t', 0xff09],
])('keysymOf %j', (character, want) => {
  expect(keysymOf(character)).toBe(want);
});

const keymapFolder = '/usr/share/qemu/keymaps';
const qemuNames: Readonly<Partial<Record<KeyboardLayoutId, string>>> = { us: 'en-us', uk: 'en-gb' };
const scancodes: ReadonlyMap<string, number> = new Map([
  ...keyRows[0]!.map((code, index): [string, number] => [code, index === 0 ? 0x29 : 1 + index]),
  ...keyRows[1]!.map((code, index): [string, number] => [code, 0x10 + index]),
  ...keyRows[2]!.map((code, index): [string, number] => [code, code === 'Backslash' ? 0x2b : 0x1e + index]),
  ...keyRows[3]!.map((code, index): [string, number] => [
    code,
    [0x56, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x73, 0x7d][index]!,
  ]),
]);

describe.skipIf(!existsSync(keymapFolder))("the tables agree with QEMU's keymaps", async () => {
  // noVNC ships X11's keysym names; its package exports only the client.
  const novnc = new URL('../../../node_modules/@novnc/novnc/core/input/keysym.js', import.meta.url).href;
  const { default: keysyms } = (await import(novnc)) as { default: Readonly<Record<string, number>> };
  const dead: Readonly<Record<string, string>> = {
    '´': 'dead_acute',
    '`': 'dead_grave',
    '^': 'dead_circumflex',
    '~': 'dead_tilde',
    '¨': 'dead_diaeresis',
  };

  function namesOf(character: string): readonly string[] {
    const names = Object.entries(keysyms).flatMap(([name, keysym]) => (keysym === (character.codePointAt(0) ?? 0) ? [name.slice(3)] : []));
    const unicode = `U${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return [...names, unicode, ...(dead[character] === undefined ? [] : [dead[character]]), ...(character === '€' ? ['EuroSign'] : [])];
  }

  // QEMU leaves the plain letters of its Swedish map to another file.
  test.each(keyboardLayouts.filter(({ id }) => id !== 'sv'))('$id', (layout) => {
    const lines = new Set(
      readFileSync(`${keymapFolder}/${qemuNames[layout.id] ?? layout.id}`, 'utf8')
        .split('\n')
        .map((line) =>
          line
            .replaceAll(/\s+/g, ' ')
            .trim()
            .replace(/ 0x0?([0-9a-f])/, ' 0x$1'),
        ),
    );
    const wrong = (['plain', 'shift', 'altGr'] as const).flatMap((level) =>
      keyRows.flatMap((codes, row) =>
        Array.from(layout[level][row]!).flatMap((character, index) => {
          if (character === ' ') return [];
          const suffix = { plain: '', shift: ' shift', altGr: ' altgr' }[level];
          const wanted = namesOf(character).map((name) => `${name} 0x${scancodes.get(codes[index]!)!.toString(16)}${suffix}`);
          return wanted.some((line) => lines.has(line)) ? [] : [`${level} ${codes[index]} ${character}`];
        }),
      ),
    );
    expect(wrong).toEqual([]);
  });
});
