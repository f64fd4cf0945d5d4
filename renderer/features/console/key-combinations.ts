// Owns key combinations that cannot be pressed here because the desktop or the browser keeps them.
// Must not send anything.
import type { KeyEvent } from './typing.ts';

export interface KeyCombination {
  /** As it is printed on keys, e.g. `Ctrl+Alt+F2`. The same in every language. */
  readonly label: string;
  readonly keys: readonly Key[];
}

interface Key {
  readonly code: string;
  readonly keysym: number;
}

const functionKeys: readonly (readonly [string, Key])[] = Array.from({ length: 12 }, (_, index) => [
  `F${index + 1}`,
  { code: `F${index + 1}`, keysym: 0xffbe + index },
]);

/** Names that a combination may hold, lower case. */
const keysByName: ReadonlyMap<string, Key> = new Map([
  ['ctrl', { code: 'ControlLeft', keysym: 0xffe3 }],
  ['alt', { code: 'AltLeft', keysym: 0xffe9 }],
  ['shift', { code: 'ShiftLeft', keysym: 0xffe1 }],
  ['super', { code: 'MetaLeft', keysym: 0xffeb }],
  ['altgr', { code: 'AltRight', keysym: 0xfe03 }],
  ['esc', { code: 'Escape', keysym: 0xff1b }],
  ['tab', { code: 'Tab', keysym: 0xff09 }],
  ['enter', { code: 'Enter', keysym: 0xff0d }],
  ['space', { code: 'Space', keysym: 0x20 }],
  ['backspace', { code: 'Backspace', keysym: 0xff08 }],
  ['del', { code: 'Delete', keysym: 0xffff }],
  ['ins', { code: 'Insert', keysym: 0xff63 }],
  ['home', { code: 'Home', keysym: 0xff50 }],
  ['end', { code: 'End', keysym: 0xff57 }],
  ['pageup', { code: 'PageUp', keysym: 0xff55 }],
  ['pagedown', { code: 'PageDown', keysym: 0xff56 }],
  ['left', { code: 'ArrowLeft', keysym: 0xff51 }],
  ['up', { code: 'ArrowUp', keysym: 0xff52 }],
  ['right', { code: 'ArrowRight', keysym: 0xff53 }],
  ['down', { code: 'ArrowDown', keysym: 0xff54 }],
  ['prtsc', { code: 'PrintScreen', keysym: 0xff61 }],
  ['pause', { code: 'Pause', keysym: 0xff13 }],
  ['scrolllock', { code: 'ScrollLock', keysym: 0xff14 }],
  ['menu', { code: 'ContextMenu', keysym: 0xff67 }],
  ...functionKeys.map(([name, key]): readonly [string, Key] => [name.toLowerCase(), key]),
  ...Array.from('abcdefghijklmnopqrstuvwxyz', (letter): readonly [string, Key] => [
    letter,
    { code: `Key${letter.toUpperCase()}`, keysym: letter.charCodeAt(0) },
  ]),
  ...Array.from('0123456789', (digit): readonly [string, Key] => [digit, { code: `Digit${digit}`, keysym: digit.charCodeAt(0) }]),
]);

const spellings: ReadonlyMap<string, string> = new Map([
  ['control', 'ctrl'],
  ['strg', 'ctrl'],
  ['win', 'super'],
  ['meta', 'super'],
  ['escape', 'esc'],
  ['return', 'enter'],
  ['delete', 'del'],
  ['insert', 'ins'],
  ['printscreen', 'prtsc'],
  ['print', 'prtsc'],
  ['sysrq', 'prtsc'],
]);

/** Reads `ctrl + alt + f2`; undefined when a part is no key, a key is named twice, or nothing is named. */
export function parseCombination(text: string): KeyCombination | undefined {
  const names = text
    .toLowerCase()
    .split('+')
    .map((part) => part.trim().replaceAll(' ', ''))
    .map((part) => spellings.get(part) ?? part);
  const keys = names.flatMap((name) => keysByName.get(name) ?? []);
  if (keys.length !== names.length || new Set(names).size !== names.length) return undefined;
  return { label: names.map(printed).join('+'), keys };
}

const printedNames: ReadonlyMap<string, string> = new Map([
  ['altgr', 'AltGr'],
  ['prtsc', 'PrtSc'],
  ['pageup', 'PageUp'],
  ['pagedown', 'PageDown'],
  ['scrolllock', 'ScrollLock'],
]);

function printed(name: string): string {
  return printedNames.get(name) ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** All down in order, all up in reverse. */
export function combinationEvents({ keys }: KeyCombination): readonly KeyEvent[] {
  const down = keys.map((key) => ({ ...key, down: true }));
  return [...down, ...keys.toReversed().map((key) => ({ ...key, down: false }))];
}

function combination(text: string): KeyCombination {
  const parsed = parseCombination(text);
  if (parsed === undefined) throw new Error(`${text} is no key combination.`);
  return parsed;
}

export const ctrlAltDel: KeyCombination = combination('ctrl+alt+del');

/** In the order of the menu, by group. */
export const offeredCombinations: readonly (readonly KeyCombination[])[] = [
  [ctrlAltDel, combination('ctrl+alt+backspace')],
  functionKeys.map(([name]) => combination(`ctrl+alt+${name}`)),
  ['prtsc', 'alt+prtsc', 'alt+tab', 'alt+f4', 'super', 'super+l', 'ctrl+w', 'ctrl+esc'].map(combination),
];
