// Owns the proof that readiness is raced with exit and that nothing is left running after a failed start.
// Must not need QEMU: the program is `sh`, the QMP server is in this process.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../../electron/api/errors.ts';
import { isRunning } from '../../../electron/host/proc.ts';
import type { ProcessId } from '../../../electron/host/proc.ts';
import { startQemu } from '../../../electron/host/qemu/process.ts';
import { tempDir } from '../temp-dir.ts';
import { startFakeQmp } from './fake-qmp.ts';

function start(directory: string, script: string) {
  const seen: ProcessId[] = [];
  const starting = startQemu({
    argv: ['/bin/sh', '-c', script],
    qmpSocket: `${directory}/qmp`,
    qemuLog: `${directory}/qemu.log`,
    onEvent: () => undefined,
    onProcess: (found) => {
      seen.push(found);
      return Promise.resolve();
    },
    earlyExit: (stderr, ending) => new AppError('QemuExitedEarly', JSON.stringify({ stderr, ...ending })),
  });
  return { starting, seen };
}

test('ends before it answers: its words and its code', async () => {
  const directory = tempDir();
  await expect(start(directory, 'echo no disk >&2; exit 3').starting).rejects.toMatchObject({
    code: 'QemuExitedEarly',
    message: '{"stderr":"no disk\\n","code":3,"signal":null}',
  });
});

test('the words of the run before do not count, and are kept', async () => {
  const directory = tempDir();
  writeFileSync(`${directory}/qemu.log`, 'old');
  await expect(start(directory, 'kill -9 $$').starting).rejects.toMatchObject({ message: '{"stderr":"","code":null,"signal":"SIGKILL"}' });
  expect(readFileSync(`${directory}/qemu.log.1`, 'utf8')).toBe('old');
});

test('a program that is not there', async () => {
  const directory = tempDir();
  await expect(
    startQemu({
      argv: ['/nonexistent/qemu'],
      qmpSocket: `${directory}/qmp`,
      qemuLog: `${directory}/qemu.log`,
      onEvent: () => undefined,
      onProcess: () => Promise.resolve(),
      earlyExit: () => new AppError('QemuExitedEarly', ''),
    }),
  ).rejects.toMatchObject({ code: 'QemuMissing', message: '/nonexistent/qemu could not be started: it is not installed.' });
});

test('answers: the process is known before, its end is told', async () => {
  const directory = tempDir();
  const { starting, seen } = start(directory, 'exec sleep 60');
  // The socket appears only after the program has started, as with QEMU.
  const fake = await startFakeQmp({ path: `${directory}/qmp` });
  onTestFinished(() => fake.close());
  const started = await starting;
  expect([seen, await isRunning(started.process)]).toEqual([[started.process], true]);
  process.kill(started.process.pid, 'SIGTERM');
  expect(await started.ended).toEqual({ code: null, signal: 'SIGTERM' });
});

test('a start that cannot be recorded is undone', async () => {
  const directory = tempDir();
  const fake = await startFakeQmp({ path: `${directory}/qmp` });
  onTestFinished(() => fake.close());
  let found: ProcessId | undefined;
  const starting = startQemu({
    argv: ['/bin/sleep', '60'],
    qmpSocket: `${directory}/qmp`,
    qemuLog: `${directory}/qemu.log`,
    onEvent: () => undefined,
    onProcess: (process) => {
      found = process;
      return Promise.reject(new Error('disk full'));
    },
    earlyExit: (_stderr, ending) => new AppError('QemuExitedEarly', JSON.stringify(ending)),
  });
  await expect(starting).rejects.toThrow('disk full');
  await expect.poll(() => found !== undefined && isRunning(found)).toBe(false);
});
