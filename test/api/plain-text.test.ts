// Owns the rows of what is left of a terminal's bytes as text.
// Must not draw a terminal.
import { expect, test } from 'vitest';
import { plainText } from '../../electron/api/plain-text.ts';

test.each([
  ['plain\nlines\r\n', 'plain\nlines\n'],
  ['\u001B[1;31mred\u001B[0m', 'red'],
  ['/ # \u001B[6n', '/ # '],
  ['\u001B]0;title\u0007after', 'after'],
  ['\u001B]52;c;aGFja2Vk\u001B\\after', 'after'],
  ['\u001B(B\u001B=x', 'x'],
  ['bell\u0007 back\u0008 c1\u009B', 'bell back c1'],
  ['tab\there', 'tab\there'],
  ['中文 äöü', '中文 äöü'],
])('%j', (printed, text) => {
  expect(plainText(printed)).toBe(text);
});
