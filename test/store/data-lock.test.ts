// Owns the proof that two cores never share a data folder.
// Must not fake the second process: locks are the kernel's.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import { acquireDataLock, type Holder, readHolder } from '../../electron/store/data-lock.ts';
import { errorCode, temporaryDirectory } from './temporary-store.ts';

const me: Holder = { pid: process.pid, name: 'virtdeck test', startedAt: '2026-01-02T03:04:05Z' };
const other: Holder = { pid: 4711, name: 'virtdeck serve', socket: '/run/virtdeck/api.sock', startedAt: '2026-01-02T03:04:05Z' };

test('a second lock is refused and told who has it, until it is released', () => {
  const dataDir = temporaryDirectory();
  const lock = acquireDataLock(dataDir, me);
  lock.describe(other);
  const refused = message(() => acquireDataLock(dataDir, me));
  const held = readHolder(dataDir);
  lock.release();
  lock.release();
  const free = readHolder(dataDir);
  acquireDataLock(dataDir, me).release();
  expect({ refused, held, free }).toEqual({
    refused:
      `The data folder ${dataDir} is in use by virtdeck serve (pid 4711, since 2026-01-02T03:04:05Z). ` +
      'Use that one, end it, or choose another folder with --data.',
    held: other,
    free: undefined,
  });
});

test('nobody holds a folder that is not there', () => {
  expect(readHolder(`${temporaryDirectory()}/nowhere`)).toBe(undefined);
});

test.each(['SIGTERM', 'SIGKILL'] as const)('another process holds it until it ends, also by %s', async (signal) => {
  const dataDir = temporaryDirectory();
  const child = await holderProcess(dataDir);
  const whileHeld = [errorCode(() => acquireDataLock(dataDir, me)), readHolder(dataDir)?.pid];
  child.kill(signal);
  await once(child, 'exit');
  const afterwards = readHolder(dataDir);
  const lock = acquireDataLock(dataDir, me);
  const mine = readHolder(dataDir);
  lock.release();
  expect({ whileHeld, afterwards, mine }).toEqual({ whileHeld: ['DataLocked', child.pid], afterwards: undefined, mine: me });
});

async function holderProcess(dataDir: string): Promise<ChildProcess> {
  const source = `
    import { acquireDataLock } from ${JSON.stringify(new URL('../../electron/store/data-lock.ts', import.meta.url).href)};
    acquireDataLock(process.argv[1], { pid: process.pid, name: 'child', startedAt: '2026-01-02T03:04:05Z' });
    process.stdout.write('held');
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

function message(act: () => unknown): string {
  try {
    act();
    return 'nothing was thrown';
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
