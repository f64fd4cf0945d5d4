// Owns starting one QEMU: detached, its last words in a file, and its readiness, raced with its exit.
// Must not know what a plan means, nor keep anything: it returns the process and the QMP session.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rename } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../api/errors.ts';
import { errnoOf } from '../errno.ts';
import { cleanEnvironment } from '../exec.ts';
import { processStat } from '../proc.ts';
import type { ProcessId } from '../proc.ts';
import { firstSession } from './first-session.ts';
import type { QmpEvent, QmpSession } from './qmp.ts';

export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface StartedQemu {
  readonly process: ProcessId;
  readonly qmp: QmpSession;
  readonly ended: Promise<Ending>;
}

export interface QemuStart {
  /** Program first; with the scope's prefix. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly qmpSocket: string;
  readonly qemuLog: string;
  readonly onEvent: (event: QmpEvent) => void;
  /** Called as soon as there is a process, before QMP answers: a crash of ours from here on must find it again. */
  readonly onProcess: (process: ProcessId) => Promise<void>;
  /** Made of QEMU's output when it ends before it answers. */
  readonly earlyExit: (stderr: string, ending: Ending) => AppError | Promise<AppError>;
}

/** From the end of its socket to the end of the process. */
const lastWordsMs = 2_000;
const tailBytes = 64 * 1024;

/** Resolves when QMP answers. Throws what `earlyExit` makes, or QmpTimeout; nothing is left running then. */
export async function startQemu(start: QemuStart): Promise<StartedQemu> {
  const [program = '', ...args] = start.argv;
  const logFile = await openLog(start.qemuLog);
  const child = spawn(program, args, {
    // setsid: neither Ctrl-C in our terminal nor the end of our session reaches it.
    detached: true,
    stdio: ['ignore', logFile.fd, logFile.fd],
    env: { ...cleanEnvironment(), ...start.env },
    cwd: '/',
  });
  const ended = once(child, 'exit').then(([code, signal]: readonly unknown[]): Ending => ({
    code: typeof code === 'number' ? code : null,
    signal: typeof signal === 'string' ? signal : null,
  }));
  // It rejects when there is no such program; the pid below tells that sooner.
  ended.catch(() => undefined);
  // Our event loop must be able to end while guests run on.
  child.unref();
  await logFile.close();
  const { pid } = child;
  if (pid === undefined) {
    const reason = await ended.then(
      () => '',
      (error: unknown) => (errnoOf(error) === 'ENOENT' ? 'it is not installed' : String(error)),
    );
    throw new AppError('QemuMissing', `${program} could not be started: ${reason}.`);
  }
  const giveUp = new AbortController();
  const early = ended.then(async (ending) => {
    giveUp.abort();
    throw await start.earlyExit(await logTail(start.qemuLog), ending);
  });
  // Raced below; after a successful start its rejection is nobody's.
  early.catch(() => undefined);
  try {
    const stat = await processStat(pid);
    // Gone already: `early` knows why.
    if (stat === undefined) return await early;
    const process = { pid, startTicks: stat.startTicks };
    const connected = firstSession({ socketPath: start.qmpSocket, onEvent: start.onEvent, signal: giveUp.signal }).catch(
      async (error: unknown) => {
        // A QEMU that fails late closes the socket first and ends after: its own words say more than the socket's.
        await Promise.race([early, delay(lastWordsMs)]);
        throw error;
      },
    );
    const ready = Promise.all([connected, start.onProcess(process)]).then(([qmp]) => qmp);
    ready.catch(() => undefined);
    return { process, qmp: await Promise.race([ready, early]), ended };
  } catch (error) {
    giveUp.abort();
    child.kill('SIGKILL');
    throw error;
  }
}

/** The log of the run before is kept as `.1`: after a crash and an automatic restart it is the one that matters. */
async function openLog(file: string): Promise<Awaited<ReturnType<typeof open>>> {
  await rename(file, `${file}.1`).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw error;
  });
  return await open(file, 'a', 0o600);
}

/** The end of QEMU's output; empty when there is none. */
export async function logTail(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const length = Math.min(size, tailBytes);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  }
}
