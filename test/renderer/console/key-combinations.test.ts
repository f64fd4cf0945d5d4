// Owns the rows of key combinations.
// Must not need a guest.
import { describe, expect, test } from 'vitest';
import { combinationEvents, offeredCombinations, parseCombination } from '../../../renderer/features/console/key-combinations.ts';

describe('parseCombination', () => {
  test.each([
    ['ctrl+alt+f2', 'Ctrl+Alt+F2', ['ControlLeft', 'AltLeft', 'F2']],
    [' Control + Alt + Delete ', 'Ctrl+Alt+Del', ['ControlLeft', 'AltLeft', 'Delete']],
    ['WIN+l', 'Super+L', ['MetaLeft', 'KeyL']],
    ['Page Up', 'PageUp', ['PageUp']],
    ['alt+SysRq+b', 'Alt+PrtSc+B', ['AltLeft', 'PrintScreen', 'KeyB']],
  ])('%s', (text, label, codes) => {
    const got = parseCombination(text);
    expect([got?.label, got?.keys.map(({ code }) => code)]).toEqual([label, codes]);
  });

  test.each(['', '+', 'ctrl+', 'ctrl+ctrl', 'ctrl+nothing', 'f13'])('%j is none', (text) => {
    expect(parseCombination(text)).toBeUndefined();
  });
});

test('keys go down in order and up in reverse', () => {
  expect(combinationEvents(parseCombination('ctrl+c')!)).toEqual([
    { code: 'ControlLeft', keysym: 0xffe3, down: true },
    { code: 'KeyC', keysym: 0x63, down: true },
    { code: 'KeyC', keysym: 0x63, down: false },
    { code: 'ControlLeft', keysym: 0xffe3, down: false },
  ]);
});

test('the menu offers Ctrl+Alt+Del, every text console and Print Screen', () => {
  const labels = offeredCombinations.flat().map(({ label }) => label);
  expect(labels).toEqual(
    expect.arrayContaining(['Ctrl+Alt+Del', ...Array.from({ length: 12 }, (_, index) => `Ctrl+Alt+F${index + 1}`), 'PrtSc']),
  );
  expect(new Set(labels).size).toBe(labels.length);
});
