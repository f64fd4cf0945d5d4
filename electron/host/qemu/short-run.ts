// Owns starting a QEMU that is only asked something and ended again: QMP over a socket pair, no files, no run directory.
// Must not run a guest of the user's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { AppError } from '../../api/errors.ts';
import { cleanEnvironment } from '../exec.ts';
import { reasonOf } from '../errno.ts';
import { negotiateQmp } from './qmp.ts';
import type { QmpEvent, QmpSession } from './qmp.ts';

export interface ShortRun {
  /** Rejects when QEMU ends before it answers. */
  readonly qmp: Promise<QmpSession>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Standard output so far: the debug console of the self-test. */
  output(): string;
  errors(): string;
  kill(): void;
}

export interface ShortRunOptions {
  readonly binary: string;
  /** Without the monitor: it comes with the socket pair. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly onEvent?: (event: QmpEvent) => void;
}

const capturedBytes = 64 * 1024;

/** The caller ends it with `kill`, whatever happened. */
export function startShortRun({ binary, args, timeoutMs, onEvent }: ShortRunOptions): ShortRun {
  const child = spawn(binary, [...args, '-chardev', 'socket,id=qmp,fd=3', '-mon', 'chardev=qmp,mode=control'], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: cleanEnvironment(),
    cwd: '/',
  });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => (output = (output + chunk.toString('latin1')).slice(-capturedBytes)));
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-capturedBytes)));
  const ended = once(child, 'close').then(([code, signal]: readonly unknown[]) => ({
    code: typeof code === 'number' ? code : null,
    signal: typeof signal === 'string' ? signal : null,
  }));
  const failed = ended.then(
    () => Promise.reject(new AppError('QemuExitedEarly', `QEMU ended by itself: ${errors.trim().split('\n').at(-1) ?? ''}`)),
    (error: unknown) => Promise.reject(new AppError('QemuMissing', `${binary} could not be started: ${reasonOf(error)}.`)),
  );
  failed.catch(() => undefined);
  const [, , , socket] = child.stdio;
  const negotiated =
    socket instanceof net.Socket
      ? negotiateQmp(socket, { timeoutMs, onEvent: onEvent ?? ((): void => undefined) })
      : Promise.reject(new AppError('Internal', 'The socket pair to QEMU was not made.'));
  negotiated.catch(() => undefined);
  const qmp = Promise.race([failed, negotiated.catch(() => failed)]);
  qmp.catch(() => undefined);
  return { qmp, ended, output: () => output, errors: () => errors, kill: () => void child.kill('SIGKILL') };
}
