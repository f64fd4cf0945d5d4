import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inspectImage } from '../../../electron/host/images/inspect.ts';
import { tempDir } from '../temp-dir.ts';
import { hostileImages } from './hostile-images.ts';

test.for(hostileImages)('refuses $name', async ({ make, reasons }) => {
  const { causes } = await inspectImage(make(tempDir()));
  expect(causes.map(({ reason }) => reason)).toEqual(reasons);
  expect(causes.every(({ fix, field, message }) => fix !== undefined && field === 'path' && message !== '')).toBe(true);
});

const mib = 2 ** 20;

test.for([
  { format: 'qcow2', options: [], seen: 'qcow2' },
  { format: 'qcow2', options: ['-o', 'compat=0.10'], seen: 'qcow2' },
  { format: 'qcow2', options: ['-o', 'cluster_size=2M'], seen: 'qcow2' },
  { format: 'qcow2', options: ['-o', 'extended_l2=on,cluster_size=128k'], seen: 'qcow2' },
  { format: 'qcow2', options: ['-o', 'preallocation=metadata,lazy_refcounts=on'], seen: 'qcow2' },
  { format: 'vmdk', options: [], seen: 'vmdk' },
  { format: 'vmdk', options: ['-o', 'subformat=streamOptimized'], seen: 'vmdk' },
  { format: 'vdi', options: [], seen: 'vdi' },
  { format: 'vhdx', options: [], seen: 'vhdx' },
  { format: 'vpc', options: ['-o', 'force_size=on'], seen: 'vpc' },
  { format: 'vpc', options: ['-o', 'force_size=on,subformat=fixed'], seen: 'vpc' },
  { format: 'raw', options: [], seen: 'raw' },
])('measures $format $options', async ({ format, options, seen }) => {
  const file = path.join(tempDir(), 'image');
  execFileSync('qemu-img', ['create', '-q', '-f', format, ...options, file, '96M']);
  const { virtualSizeBytes, causes, format: found } = await inspectImage(file);
  expect({ found, virtualSizeBytes, causes }).toEqual({ found: seen, virtualSizeBytes: 96 * mib, causes: [] });
});

test('an installer shows its name and that it boots', async () => {
  const folder = tempDir();
  const file = path.join(folder, 'cd.iso');
  writeFileSync(path.join(folder, 'boot.img'), Buffer.alloc(2048, 0xf4));
  const args = ['-as', 'mkisofs', '-quiet', '-V', 'PROOF 1', '-b', 'boot.img', '-no-emul-boot', '-o', file, '-m', 'cd.iso', folder];
  execFileSync('xorriso', args, { stdio: 'ignore' });
  const { format, label, bootable, causes } = await inspectImage(file);
  expect({ format, label, bootable, causes }).toEqual({ format: 'iso', label: 'PROOF 1', bootable: true, causes: [] });
});

test.for([
  { name: 'a missing file', file: '/nowhere/x.iso', reason: 'NotFound' },
  { name: 'a folder', file: '/etc', reason: 'NotAFile' },
  { name: 'a device', file: '/dev/null', reason: 'NotAFile' },
])('$name is said to be one', async ({ file, reason }) => {
  const { causes, format } = await inspectImage(file);
  expect({ format, reasons: causes.map((cause) => cause.reason) }).toEqual({ format: 'unknown', reasons: [reason] });
});

test('a packed image is to be imported', async () => {
  const file = path.join(tempDir(), 'a.gz');
  writeFileSync(file, Buffer.from('\x1f\x8b\x08\x00', 'latin1'));
  expect((await inspectImage(file)).causes.map(({ reason }) => reason)).toEqual(['Compressed']);
});

test('flipped bytes and cuts anywhere in a real image never make it throw', async () => {
  const folder = tempDir();
  const [original, file] = [path.join(folder, 'original'), path.join(folder, 'image')];
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', original, '64M']);
  const size = readFileSync(original).length;
  const flips = fc.array(fc.record({ at: fc.nat({ max: 600 }), byte: fc.nat({ max: 255 }) }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(flips, fc.nat({ max: size }), async (changes, length) => {
      copyFileSync(original, file);
      const bytes = readFileSync(file);
      for (const { at, byte } of changes) bytes[at] = byte;
      writeFileSync(file, bytes);
      truncateSync(file, length);
      const { causes } = await inspectImage(file);
      expect(Array.isArray(causes)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
