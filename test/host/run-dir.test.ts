// Owns the proof that run directories are private and that sockets fit into them.
// Must not start anything.
import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultRunDir, preparePrivateDir, prepareRunRoot, refuseLongSocket, runDirOf, stateDirOf } from '../../electron/host/run-dir.ts';
import { tempDir } from './temp-dir.ts';

test.each([
  [{ XDG_RUNTIME_DIR: '/run/user/1000' }, 1000, '/run/user/1000/virtdeck'],
  [{ XDG_RUNTIME_DIR: '/run/user/0' }, 0, '/run/user/0/virtdeck'],
  [{}, 0, '/run/virtdeck'],
  [{}, 1000, '/tmp/virtdeck-1000'],
  [{ XDG_RUNTIME_DIR: 'relative' }, 1000, '/tmp/virtdeck-1000'],
])('defaultRunDir(%j, %i)', (env, uid, expected) => {
  expect(defaultRunDir(env, uid)).toBe(expected);
});

test('directories of a run and of a machine', () => {
  expect([runDirOf('/run/virtdeck', '0d7e3f9c-1b2a-4c3d-8e4f-5a6b7c8d9e0f'), stateDirOf('/data', 'uid')]).toEqual([
    '/run/virtdeck/0d7e3f9c-1b2a',
    '/data/machines/uid',
  ]);
});

test('a run root is made 0700, and one of ours that is open is closed', async () => {
  const parent = tempDir();
  const root = `${parent}/a/b`;
  await prepareRunRoot(root);
  chmodSync(root, 0o755);
  await prepareRunRoot(root);
  expect(statSync(root).mode & 0o777).toBe(0o700);
});

test('a link in place of the directory is refused: it may lead where others look', async () => {
  const parent = tempDir();
  mkdirSync(`${parent}/real`);
  symlinkSync(`${parent}/real`, `${parent}/link`);
  await expect(preparePrivateDir(`${parent}/link`)).rejects.toMatchObject({ code: 'Forbidden' });
});

test.skipIf(process.getuid?.() !== 0)("somebody else's directory is refused", async () => {
  const { chownSync } = await import('node:fs');
  const directory = `${tempDir()}/theirs`;
  mkdirSync(directory);
  chownSync(directory, 65_534, 65_534);
  await expect(preparePrivateDir(directory)).rejects.toMatchObject({ code: 'Forbidden' });
});

test('socket paths end at 107 bytes, counted in bytes', () => {
  expect(() => refuseLongSocket(`/${'a'.repeat(106)}`)).not.toThrow();
  expect(() => refuseLongSocket(`/${'a'.repeat(107)}`)).toThrow(/has 108 bytes, but the kernel allows 107/);
  expect(() => refuseLongSocket(`/${'é'.repeat(54)}`)).toThrow(/has 109 bytes/);
});

test('a run root too deep for sockets is refused before it is made', async () => {
  const root = `${tempDir()}/${'d'.repeat(80)}`;
  await expect(prepareRunRoot(root)).rejects.toMatchObject({ code: 'BadRequest' });
  expect(() => statSync(root)).toThrow(/ENOENT/);
});
