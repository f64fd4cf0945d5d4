// Owns putting new bytes in the place of a disk: whole or not at all, private, of the disk's own size.
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { rewriteDisk } from '../../../electron/host/disks/rewrite.ts';
import { inspectVolume } from '../../../electron/host/disks/volume.ts';
import { tempDir } from '../temp-dir.ts';
import { contentOf } from './fill-bench.ts';

const mib = 2 ** 20;
const bytes = Buffer.alloc(mib + 100, 7);

test.each(['raw', 'qcow2'] as const)('a %s disk takes what was written, and nothing is left beside it', async (format) => {
  const folder = tempDir();
  const file = path.join(folder, `dump.${format}`);
  writeFileSync(file, 'before');
  await rewriteDisk({ path: file, format, sizeBytes: 4 * mib }, async (draft) => {
    writeFileSync(draft, bytes);
    // As QEMU makes them.
    chmodSync(draft, 0o400);
  });
  const content = contentOf(file, format);
  expect([content.length, content.subarray(0, bytes.length).equals(bytes), statSync(file).mode & 0o777]).toEqual([4 * mib, true, 0o600]);
  expect(await inspectVolume(file, { writable: true })).toMatchObject({ state: 'ready', format, virtualSizeBytes: 4 * mib });
  expect(readdirSync(folder)).toEqual([`dump.${format}`]);
});

test.each([
  ['too much', async (draft: string) => writeFileSync(draft, bytes), 'were written, but the disk has only'],
  ['an error in the middle', async () => Promise.reject(new Error('broken')), 'broken'],
])('%s leaves the disk as it was', async (_title, write, says) => {
  const folder = tempDir();
  const file = path.join(folder, 'dump.raw');
  writeFileSync(file, 'before');
  await expect(rewriteDisk({ path: file, format: 'raw', sizeBytes: mib }, write)).rejects.toThrow(says);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['before', ['dump.raw']]);
});
