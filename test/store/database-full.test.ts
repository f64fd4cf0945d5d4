// Owns the proof that a full file system is said clearly, and leaves nothing half written.
// Must not fill any real disk: a file system of a mebibyte is mounted, which takes root.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import { openStore } from '../../electron/store/store.ts';
import { configMap, keyOf, temporaryDirectory } from './temporary-store.ts';

const isRoot = process.getuid?.() === 0;

function smallFileSystem(): string {
  const folder = join(temporaryDirectory(), 'small');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

function refusalOf(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

test.runIf(isRoot)(
  'a write that does not fit is refused with the place and the fix; what was there is whole, and goes on when there is space',
  () => {
    const folder = smallFileSystem();
    const path = join(folder, 'virtdeck.db');
    const store = openStore({ path });
    store.transaction((tx) => tx.insert('configmaps', configMap('first', 'lib')));
    const heard: string[] = [];
    store.subscribe((changes) => heard.push(...changes.map(({ object }) => object.metadata.name)));
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(600 * 1024));
    const before = store.resourceVersion();
    const refusal = refusalOf(() =>
      store.transaction((tx) => {
        tx.insert('configmaps', configMap('small', 'lib'));
        tx.insert('configmaps', configMap('large', 'lib', 'x'.repeat(800 * 1024)));
      }),
    );
    const whileFull = [store.list('configmaps').map(({ metadata }) => metadata.name), store.resourceVersion() === before, [...heard]];
    rmSync(ballast);
    store.transaction((tx) => tx.insert('configmaps', configMap('small', 'lib')));
    store.close();
    const again = openStore({ path });
    onTestFinished(() => again.close());
    expect([
      refusal.code,
      refusal.message.replace(/\d+ MiB/, 'N MiB'),
      refusal.causes[0]?.fix,
      whileFull,
      heard,
      again.get(keyOf('small', 'lib'))?.kind,
    ]).toEqual([
      'DiskFull',
      `Nothing was changed: ${path} cannot grow. Its file system has N MiB left.`,
      `Free some space where ${folder} is, then try again.`,
      [['first'], true, []],
      ['small'],
      'ConfigMap',
    ]);
  },
);

test.runIf(isRoot)('a database that cannot even be made is refused the same way', () => {
  const folder = smallFileSystem();
  // Until nothing fits any more.
  expect(() => writeFileSync(join(folder, 'ballast'), Buffer.alloc(2 * 1024 * 1024))).toThrow('ENOSPC');
  expect(refusalOf(() => openStore({ path: join(folder, 'virtdeck.db') })).code).toBe('DiskFull');
});
