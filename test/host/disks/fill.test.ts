import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Progress } from '../../../electron/engine/ports.ts';
import { tempDir } from '../temp-dir.ts';
import { hostileImages } from '../images/hostile-images.ts';
import { contentOf, fillBench, mib, noise } from './fill-bench.ts';

const formats = ['raw', 'qcow2'] as const;

test.for(formats)('a blank %s disk is empty, as large as asked for, ours alone, and takes no space', async (format) => {
  const bench = await fillBench();
  const { file, fill } = bench.start({ source: { type: 'blank' }, format, sizeBytes: 2 ** 30 });
  const done = await fill.done;
  const { mode, blocks } = statSync(file);
  expect({
    done,
    fact: await bench.disks.inspectVolume(file, { writable: true }),
    mode: mode & 0o777,
    isSmall: blocks * 512 < mib,
    folderMode: statSync(path.dirname(file)).mode & 0o777,
  }).toEqual({
    done: { virtualSizeBytes: 2 ** 30 },
    fact: { state: 'ready', path: file, format, virtualSizeBytes: 2 ** 30, writable: true },
    mode: 0o600,
    isSmall: true,
    folderMode: 0o700,
  });
});

const content = Buffer.concat([noise(700_000), Buffer.alloc(600_000), noise(276_976 + 0x200, 2)]).subarray(0, 1_576_960);

/** The same bytes in every form in which an image can come. */
const forms: readonly { name: string; make: (raw: string, file: string) => void }[] = [
  { name: 'raw', make: copyFileSync },
  ...['qcow2', 'vmdk', 'vdi', 'vhdx', 'vpc'].map((format) => ({
    name: format,
    make: (raw: string, file: string) =>
      void execFileSync('qemu-img', [
        'convert',
        '-f',
        'raw',
        '-O',
        format,
        ...(format === 'vpc' ? ['-o', 'force_size=on'] : []),
        raw,
        file,
      ]),
  })),
  {
    name: 'packed qcow2',
    make: (raw, file) => void execFileSync('qemu-img', ['convert', '-c', '-f', 'raw', '-O', 'qcow2', raw, file]),
  },
  { name: 'gz', make: (raw, file) => writeFileSync(file, gzipSync(readFileSync(raw))) },
  { name: 'zst', make: (raw, file) => writeFileSync(file, zstdCompressSync(readFileSync(raw))) },
  { name: 'xz', make: (raw, file) => writeFileSync(file, execFileSync('xz', ['-c', raw], { maxBuffer: 2 ** 26 })) },
];

test.for(forms.flatMap((form) => formats.map((format) => ({ ...form, format }))))(
  'a file in the form of $name becomes a $format disk with the same bytes',
  async ({ make, format }) => {
    const bench = await fillBench();
    const folder = tempDir();
    const [raw, source] = [path.join(folder, 'raw'), path.join(folder, 'source')];
    writeFileSync(raw, content);
    make(raw, source);
    const before = createHash('sha256').update(readFileSync(source)).digest('hex');
    const result = await bench.make({ source: { type: 'file', path: source }, format, sizeBytes: 4 * mib });
    expect(result).toEqual({ file: bench.disks.claimPath('default', 'disk', format) });
    const disk = contentOf(bench.disks.claimPath('default', 'disk', format), format);
    expect({
      bytes: disk.length,
      isSame: disk.subarray(0, content.length).equals(content),
      restIsZero: disk.subarray(content.length).every((byte) => byte === 0),
      sourceIsUntouched: createHash('sha256').update(readFileSync(source)).digest('hex') === before,
      files: bench.files(),
    }).toEqual({
      bytes: 4 * mib,
      isSame: true,
      restIsZero: true,
      sourceIsUntouched: true,
      files: [`disks/default/.made-disk.${format}`, `disks/default/disk.${format}`],
    });
  },
);

test.for(['raw', 'qcow2'] as const)('a %s disk that nobody named a size for is as large as its source', async (format) => {
  const bench = await fillBench();
  const source = path.join(tempDir(), 'source');
  writeFileSync(source, Buffer.concat([content, Buffer.from('x')]));
  const file = bench.disks.claimPath('default', 'disk', format);
  const fill = bench.disks.fill(
    { path: file, format, sizeBytes: 2 ** 43, isAsItIs: true },
    { type: 'file', path: source },
    { onProgress: () => undefined },
  );
  const { virtualSizeBytes } = await fill.done;
  expect(virtualSizeBytes).toBe(content.length + 512);
  expect(contentOf(file, format).subarray(0, content.length).equals(content)).toBe(true);
});

test.for(hostileImages)('refuses to import $name, and leaves nothing', async ({ make, reasons }) => {
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'file', path: make(tempDir()) } });
  const { error } = 'error' in result ? result : { error: undefined };
  expect({ code: error?.code, reasons: error?.causes.map(({ reason }) => reason), files: bench.files() }).toEqual({
    code: 'ImageRefused',
    reasons,
    files: [],
  });
});

test('an image that is larger than the disk is refused with both sizes', async () => {
  const bench = await fillBench();
  const source = path.join(tempDir(), 'large.qcow2');
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', source, '3G']);
  const result = await bench.make({ source: { type: 'file', path: source }, sizeBytes: 2 ** 30 });
  expect('error' in result && result.error.causes).toEqual([
    {
      reason: 'TooSmall',
      field: 'spec.storage.resources.requests.storage',
      message: 'The image is 3 GiB large, the disk only 1 GiB.',
      fix: 'Ask for a disk of at least 3 GiB.',
    },
  ]);
});

test('a few kilobytes that unpack to a gigabyte are stopped at the size of the disk', async () => {
  const bench = await fillBench();
  const source = path.join(tempDir(), 'bomb.zst');
  // A gigabyte of zeros in frames of 64 MiB.
  writeFileSync(source, Buffer.concat(Array.from({ length: 16 }, () => zstdCompressSync(Buffer.alloc(64 * mib)))));
  const result = await bench.make({ source: { type: 'file', path: source } });
  expect('error' in result && [result.error.code, result.error.message, bench.files()]).toEqual([
    'ImageRefused',
    'The file unpacks to more than the disk holds (260 MiB).',
    [],
  ]);
});

test.for(['gz', 'xz', 'zst'])('a cut .%s file is refused', async (kind) => {
  const bench = await fillBench();
  const folder = tempDir();
  const [raw, source] = [path.join(folder, 'raw'), path.join(folder, 'source')];
  writeFileSync(raw, content);
  forms.find(({ name }) => name === kind)?.make(raw, source);
  writeFileSync(source, readFileSync(source).subarray(0, 500_000));
  const result = await bench.make({ source: { type: 'file', path: source } });
  expect('error' in result && [result.error.code, result.error.message, bench.files()]).toEqual([
    'ImageRefused',
    `The .${kind} file is damaged or cut off.`,
    [],
  ]);
});

test.for(formats.flatMap((from) => formats.map((to) => ({ from, to }))))(
  'a clone of a $from disk as $to has its bytes and may be larger',
  async ({ from, to }) => {
    const bench = await fillBench();
    const source = path.join(tempDir(), 'raw');
    writeFileSync(source, content);
    const origin = await bench.make({ source: { type: 'file', path: source }, format: from, sizeBytes: 4 * mib, name: 'origin' });
    if ('error' in origin) throw origin.error;
    const clone = await bench.make({ source: { type: 'clone', path: origin.file }, format: to, sizeBytes: 6 * mib, name: 'clone' });
    if ('error' in clone) throw clone.error;
    const disk = contentOf(clone.file, to);
    expect([disk.length, disk.subarray(0, content.length).equals(content)]).toEqual([6 * mib, true]);
  },
);

test('a clone is made by the format of the disk, not by what its guest has written into it', async () => {
  const bench = await fillBench();
  const origin = await bench.make({ source: { type: 'blank' }, name: 'origin' });
  if ('error' in origin) throw origin.error;
  const evil = path.join(tempDir(), 'evil.qcow2');
  execFileSync('qemu-img', ['create', '-q', '-u', '-f', 'qcow2', '-b', '/etc/passwd', '-F', 'raw', evil, '1M']);
  const written = Buffer.concat([readFileSync(evil), Buffer.alloc(4 * mib)]).subarray(0, 4 * mib);
  writeFileSync(origin.file, written);
  const clone = await bench.make({ source: { type: 'clone', path: origin.file }, format: 'qcow2', name: 'clone' });
  if ('error' in clone) throw clone.error;
  expect(contentOf(clone.file, 'qcow2').equals(written)).toBe(true);
});

test.for([
  { name: 'missing', path: '/nowhere/x.qcow2', code: 'NotFound', message: 'There is no file /nowhere/x.qcow2.' },
  { name: 'no disk', path: '/etc', code: 'ImageRefused', message: '/etc is not a file.' },
])('a clone of something $name is refused', async ({ path: source, code, message }) => {
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'clone', path: source } });
  expect('error' in result && [result.error.code, result.error.message]).toEqual([code, message]);
});

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

test.for(formats)('an upload becomes a %s disk', async (format) => {
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'upload' }, format, bytes: chunks(content, 65_521) });
  if ('error' in result) throw result.error;
  expect([contentOf(result.file, format).subarray(0, content.length).equals(content), bench.files()]).toEqual([
    true,
    [`disks/default/.made-disk.${format}`, `disks/default/disk.${format}`],
  ]);
});

test('an upload that does not end is stopped when no image of that size could fit', async () => {
  const bench = await fillBench();
  const zeros = new Uint8Array(16 * mib);
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      await Promise.resolve();
      yield zeros;
    }
  }
  const result = await bench.make({ source: { type: 'upload' }, bytes: endless() });
  expect('error' in result && [result.error.code, result.error.message, bench.files()]).toEqual([
    'ImageRefused',
    'The image is a file of more than 260 MiB; the disk holds 4 MiB.',
    [],
  ]);
});

test('an upload that breaks off leaves nothing', async () => {
  const bench = await fillBench();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield content.subarray(0, 100_000);
    await Promise.resolve();
    throw new Error('the browser was closed');
  }
  const result = await bench.make({ source: { type: 'upload' }, bytes: broken() });
  expect('error' in result && [result.error.code, result.error.message, bench.files()]).toEqual([
    'ToolFailed',
    `The disk ${bench.disks.claimPath('default', 'disk', 'raw')} could not be made: the browser was closed.`,
    [],
  ]);
});

test('cancelling an upload whose sender says nothing ends it at once, and leaves nothing', async () => {
  const bench = await fillBench();
  const seen: Progress[] = [];
  const { promise: started, resolve: hasStarted } = Promise.withResolvers<void>();
  async function* silent(): AsyncGenerator<Uint8Array> {
    yield content.subarray(0, 100_000);
    hasStarted();
    await new Promise(() => undefined);
  }
  const { fill } = bench.start({ source: { type: 'upload' }, bytes: silent(), onProgress: (progress) => seen.push(progress) });
  await started;
  fill.cancel();
  await expect(fill.done).rejects.toMatchObject({ code: 'Timeout', message: 'The filling of the disk was cancelled.' });
  expect([seen[0], bench.files()]).toEqual([{ step: 'upload' }, []]);
});

test('a copy can be cancelled, and leaves nothing', async () => {
  const bench = await fillBench();
  const source = path.join(tempDir(), 'raw');
  writeFileSync(source, noise(64 * mib));
  const { fill } = bench.start({
    source: { type: 'file', path: source },
    format: 'qcow2',
    sizeBytes: 64 * mib,
    onProgress: ({ step }) => void (step === 'convert' && fill.cancel()),
  });
  await expect(fill.done).rejects.toMatchObject({ code: 'Timeout', message: 'The filling of the disk was cancelled.' });
  expect(bench.files()).toEqual([]);
});

test("somebody's disk is not written over; the same recipe finds its own disk done", async () => {
  const bench = await fillBench();
  const request = { source: { type: 'blank' }, sizeBytes: 4 * mib } as const;
  const file = bench.disks.claimPath('default', 'disk', 'raw');
  const first = await bench.make(request);
  const again = await bench.make(request);
  const other = await bench.make({ ...request, sizeBytes: 8 * mib });
  writeFileSync(file, 'a guest has written');
  const written = await bench.make(request);
  const message = `There is already a disk ${file}. Delete it or move it away, or use it as an existing disk.`;
  const summary = (result: typeof first): unknown => ('error' in result ? [result.error.code, result.error.message] : 'done');
  expect([...[first, again, other, written].map(summary), readFileSync(file, 'utf8')]).toEqual([
    'done',
    'done',
    ['AlreadyExists', message],
    ['AlreadyExists', message],
    'a guest has written',
  ]);
});

test.for(formats)('a %s disk grows and never shrinks', async (format) => {
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'blank' }, format });
  if ('error' in result) throw result.error;
  await bench.disks.resize(result.file, 16 * mib);
  await bench.disks.resize(result.file, 16 * mib);
  await expect(bench.disks.resize(result.file, 8 * mib)).rejects.toMatchObject({ code: 'BadRequest' });
  expect(await bench.disks.inspectVolume(result.file, { writable: true })).toMatchObject({ virtualSizeBytes: 16 * mib, format });
});

test('a file outside of the pool is neither grown nor removed', async () => {
  const bench = await fillBench();
  const file = path.join(tempDir(), 'mine.raw');
  writeFileSync(file, 'mine');
  await expect(bench.disks.resize(file, mib)).rejects.toMatchObject({ code: 'BadRequest' });
  await expect(bench.disks.remove(file)).rejects.toMatchObject({ code: 'BadRequest' });
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test('removing a disk removes what is kept beside it', async () => {
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'blank' } });
  if ('error' in result) throw result.error;
  await bench.disks.remove(result.file);
  expect(bench.files()).toEqual([]);
});

test('the space of the pool is that of its file system', async () => {
  const bench = await fillBench();
  const { path: pool, totalBytes, freeBytes } = await bench.disks.poolSpace();
  expect({ pool, isSane: totalBytes > freeBytes && freeBytes > 0 }).toEqual({ pool: path.join(bench.dataDir, 'disks'), isSane: true });
});

test('odd folders in the pool do not stop the start', async () => {
  const dataDir = tempDir();
  mkdirSync(path.join(dataDir, 'disks', 'default'), { recursive: true });
  writeFileSync(path.join(dataDir, 'disks', 'stray'), '');
  await expect(fillBench(dataDir)).resolves.toBeDefined();
});
