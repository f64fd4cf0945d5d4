// Owns the proof that a Debian build that cannot succeed says why, and that a cancelled one leaves neither files nor processes.
// Must not build a whole system.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AppError } from '../../electron/api/errors.ts';
import type { DiskPort, DiskSource, Progress } from '../../electron/engine/ports.ts';
import { createDisks } from '../../electron/host/disks/disks.ts';
import { createImageCache } from '../../electron/host/images/registry/image-cache.ts';
import { recordingLog } from '../fakes/recording-log.ts';

let dataDir: string;
let disks: DiskPort;

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'virtdeck-build-'));
  disks = await createDisks({ dataDir, images: await createImageCache(dataDir), log: recordingLog() });
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function files(): string[] {
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !['disks', 'cache', 'cache/debian', 'cache/downloads', 'cache/images', 'cache/images/names'].includes(name),
  );
}

async function failureOf(source: DiskSource, sizeBytes = 8 * 2 ** 30): Promise<AppError> {
  const target = { path: disks.claimPath('default', 'debian', 'raw'), format: 'raw', sizeBytes } as const;
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- disks are filled here, no array
  return await disks.fill(target, source, { onProgress: () => undefined }).done.then(
    () => Promise.reject(new Error('it was built')),
    (error: AppError) => error,
  );
}

test.for([
  { name: 'a release that nobody made', source: { suite: 'buzzword' }, message: /^The mirror \S+ has no release buzzword\.$/ },
  {
    name: 'a package that nobody made',
    source: { packages: ['no-such-package-here'] },
    message: /^Debian \w+ has no package no-such-package-here\.$/,
  },
  {
    name: 'an option in place of a package',
    source: { packages: ['--allow-unauthenticated'] },
    message: /is not the name of a package\.$/,
  },
  { name: 'two packages in one name', source: { packages: ['vim,emacs'] }, message: /is not the name of a package\.$/ },
])('$name is said by its name, and nothing is left', async ({ source, message }) => {
  const error = await failureOf({ type: 'mmdebstrap', ...source });
  expect(error.message).toMatch(message);
  expect([error.causes.length, files().filter((name) => name !== 'disks/default')]).toEqual([1, []]);
});

test('a cancelled build ends its programs and leaves nothing', async () => {
  const target = { path: disks.claimPath('default', 'debian', 'raw'), format: 'raw', sizeBytes: 8 * 2 ** 30 } as const;
  const seen: Progress[] = [];
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- disks are filled here, no array
  const fill = disks.fill(target, { type: 'mmdebstrap' }, { onProgress: (progress) => seen.push(progress) });
  await expect.poll(() => seen.some(({ message }) => message?.startsWith('Unpacking') === true), { timeout: 240_000 }).toBe(true);
  fill.cancel();
  await expect(fill.done).rejects.toMatchObject({ code: 'Timeout' });
  expect([files().filter((name) => name !== 'disks/default'), await programsIn(dataDir)]).toEqual([[], []]);
});

/** Programs that name the folder on their command line, or stand in it. */
async function programsIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const directory = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (line.includes(folder) || directory.includes(`PWD=${folder}`)) found.push(line.replaceAll('\0', ' '));
  }
  return found;
}
