// Owns the proof that QEMU's picture becomes a PNG, and that nothing else does.
// Must not need QEMU.
import { expect, test } from 'vitest';
import { pngOfPpm } from '../../../electron/host/consoles/png-of-ppm.ts';
import { solidPng } from '../../fakes/solid-png.ts';
import { pictureOf } from '../../fakes/read-png.ts';

const head = (text: string): Buffer => Buffer.from(text, 'latin1');

test('a picture of one colour, byte for byte', async () => {
  const pixels = Buffer.alloc(64 * 48 * 3, Buffer.from([0, 102, 204]));
  expect(await pngOfPpm(Buffer.concat([head('P6\n64 48\n255\n'), pixels]))).toEqual(solidPng(64, 48, [0, 102, 204]));
});

test('every pixel stays in its place, line ends among them', async () => {
  const pixels = Buffer.from(Array.from({ length: 5 * 3 * 3 }, (_, index) => (index * 10 + 10) % 256));
  const png = await pngOfPpm(Buffer.concat([head('P6\n5 3\n255\n'), pixels]));
  expect(pictureOf(png ?? Buffer.alloc(0))).toEqual({ width: 5, height: 3, pixels });
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', head('not a picture')],
  ['a PNG', Buffer.from(solidPng(2, 2, [1, 2, 3]))],
  ['grey', head('P5\n2 2\n255\n1234')],
  ['16 bits', head('P6\n1 1\n65535\n123456')],
  ['cut off', head('P6\n2 2\n255\n12345')],
  ['too long', head('P6\n1 1\n255\n1234')],
  ['without a row', head('P6\n1 0\n255\n')],
])('%s is none', async (_what, bytes) => {
  expect(await pngOfPpm(bytes)).toBeUndefined();
});
