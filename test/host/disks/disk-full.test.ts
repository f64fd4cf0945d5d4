import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isDiskFull } from '../../../electron/host/disks/disk-full.ts';
import { tempDir } from '../temp-dir.ts';
import { fillBench, mib, noise } from './fill-bench.ts';
import { imageServer } from './image-server.ts';

/** A real file system of 8 MiB. Only root may mount one. */
function smallFileSystem(): string {
  const folder = tempDir();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

const content = noise(20 * mib);

async function* slices(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += mib) {
    await Promise.resolve();
    yield content.subarray(at, at + mib);
  }
}

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot).for(['raw', 'qcow2'] as const)(
  'a copy to %s that does not fit leaves nothing and says how much is short',
  async (format) => {
    const bench = await fillBench(smallFileSystem());
    const source = path.join(tempDir(), 'source.raw');
    writeFileSync(source, content);
    const result = await bench.make({ source: { type: 'file', path: source }, format, sizeBytes: 32 * mib });
    if ('file' in result) throw new Error('20 MiB fitted into 8');
    const pool = path.join(bench.dataDir, 'disks');
    const message = `The file system of ${pool} is at least 12 MiB short: 20 MiB are needed, 8 MiB are free.`;
    expect({ code: result.error.code, causes: result.error.causes, files: bench.files() }).toEqual({
      code: 'DiskFull',
      causes: [{ reason: 'DiskFull', field: 'spec.source', message, fix: 'Free 12 MiB there, then try again.' }],
      files: [],
    });
  },
);

test.skipIf(!isRoot)('a download that does not fit is not begun', async () => {
  const server = await imageServer({ content });
  const bench = await fillBench(smallFileSystem());
  const result = await bench.make({ source: { type: 'http', url: server.url }, sizeBytes: 32 * mib });
  expect('error' in result && [result.error.code, bench.files()]).toEqual(['DiskFull', []]);
});

test.skipIf(!isRoot)('an upload that does not fit leaves nothing', async () => {
  const bench = await fillBench(smallFileSystem());
  const result = await bench.make({ source: { type: 'upload' }, sizeBytes: 32 * mib, bytes: slices() });
  expect('error' in result && [result.error.code, bench.files()]).toEqual(['DiskFull', []]);
});

test.skipIf(!isRoot)('what is only kept for convenience makes room', async () => {
  const bench = await fillBench(smallFileSystem());
  const small = noise(3 * mib, 5);
  const checksum = `sha256:${createHash('sha256').update(small).digest('hex')}`;
  const server = await imageServer({ content: small });
  const source = path.join(tempDir(), 'source.raw');
  writeFileSync(source, noise(4 * mib, 6));
  const first = await bench.make({ source: { type: 'http', url: server.url, checksum }, name: 'first' });
  const kept = bench.files().filter((file) => file.startsWith('cache/downloads')).length;
  // 3 MiB of disk and 3 of the kept download leave less than 4.
  const second = await bench.make({ source: { type: 'file', path: source }, name: 'second' });
  expect([Object.keys(first), kept, Object.keys(second), bench.files().filter((file) => file.startsWith('cache'))]).toEqual([
    ['file'],
    2,
    ['file'],
    [],
  ]);
});

test('a limit for file sizes is said as a full disk', async () => {
  const dataDir = tempDir();
  const source = path.join(tempDir(), 'source.raw');
  writeFileSync(source, content);
  const script = new URL('fill-in-child.ts', import.meta.url).pathname;
  const args = [
    `--fsize=${4 * mib}`,
    '--',
    process.execPath,
    script,
    dataDir,
    JSON.stringify({ type: 'file', path: source }),
    String(32 * mib),
  ];
  const said = execFileSync('prlimit', args, { encoding: 'utf8' });
  expect([JSON.parse(said.trim().split('\n').at(-1) ?? ''), readdirSync(path.join(dataDir, 'disks', 'default'))]).toEqual([
    { outcome: 'DiskFull' },
    [],
  ]);
});

test.for([
  { code: 'ENOSPC', full: true },
  { code: 'EDQUOT', full: true },
  { code: 'EFBIG', full: true },
  { code: 'EIO', full: false },
])('$code counts as full: $full', ({ code, full }) => {
  expect(isDiskFull(Object.assign(new Error(code), { code }))).toBe(full);
});
