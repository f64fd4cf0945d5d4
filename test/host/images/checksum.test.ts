import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../electron/api/errors.ts';
import { fileDigest, parseChecksum } from '../../../electron/host/images/checksum.ts';
import { tempDir } from '../temp-dir.ts';

const sha256OfAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

test.for([
  { text: `sha256:${sha256OfAbc}`, expected: { algorithm: 'sha256', value: sha256OfAbc } },
  { text: ` sha256:${sha256OfAbc.toUpperCase()} `, expected: { algorithm: 'sha256', value: sha256OfAbc } },
  { text: `md5:${'0'.repeat(32)}`, expected: { algorithm: 'md5', value: '0'.repeat(32) } },
  { text: `sha512:${'f'.repeat(128)}`, expected: { algorithm: 'sha512', value: 'f'.repeat(128) } },
])('reads $text', ({ text, expected }) => {
  expect(parseChecksum(text)).toEqual(expected);
});

test.for(['', sha256OfAbc, 'sha256:', `sha256:${sha256OfAbc.slice(1)}`, `sha512:${sha256OfAbc}`, `crc32:00000000`, `toString:00`])(
  'refuses %j',
  (text) => {
    expect(() => parseChecksum(text)).toThrow(AppError);
  },
);

test('the digest is that of the whole file, and progress ends at its size', async () => {
  const file = path.join(tempDir(), 'abc');
  await writeFile(file, 'abc');
  const seen: number[] = [];
  expect({ digest: await fileDigest(file, 'sha256', { onBytes: (done) => seen.push(done) }), seen }).toEqual({
    digest: sha256OfAbc,
    seen: [3],
  });
});
