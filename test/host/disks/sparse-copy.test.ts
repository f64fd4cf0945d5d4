import { open, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copySparse } from '../../../electron/host/disks/sparse-copy.ts';
import { tempDir } from '../temp-dir.ts';

/** Pieces of zeros and of data, around the grain of 64 KiB and the chunk of 1 MiB. */
const pieces = fc.array(fc.record({ zero: fc.boolean(), length: fc.nat({ max: 300_000 }) }), { maxLength: 12 });

test('every byte arrives, and zeros do not take space', async () => {
  const folder = tempDir();
  const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat({ max: 100_000 }), async (parts, offset) => {
      const content = Buffer.concat(parts.map(({ zero, length }) => Buffer.alloc(length, zero ? 0 : 0x5a)));
      await writeFile(from, content);
      const target = await open(to, 'w');
      await target.truncate(offset + content.length);
      const copied = await copySparse(from, target, { offset });
      await target.close();
      expect(copied).toBe(content.length);
      expect((await readFile(to)).subarray(offset).equals(content)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('a hole of 64 MiB stays a hole', async () => {
  const folder = tempDir();
  const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
  const source = await open(from, 'w');
  await source.write(Buffer.from('end'), 0, 3, 64 * 2 ** 20);
  await source.close();
  const target = await open(to, 'w');
  await copySparse(from, target);
  await target.close();
  const { size, blocks } = await stat(to);
  expect({ size, isSmall: blocks * 512 < 2 ** 20 }).toEqual({ size: 64 * 2 ** 20 + 3, isSmall: true });
});

test('an abort stops it', async () => {
  const file = path.join(tempDir(), 'from');
  await writeFile(file, Buffer.alloc(4 * 2 ** 20, 1));
  const target = await open(`${file}.to`, 'w');
  const abort = new AbortController();
  const done = copySparse(file, target, { signal: abort.signal, onBytes: () => abort.abort(new Error('enough')) });
  await expect(done).rejects.toThrow('enough');
  await target.close();
});
