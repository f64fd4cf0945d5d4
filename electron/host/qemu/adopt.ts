// Owns finding the QEMUs of an earlier core again, and reading from the leftovers how the others ended.
// Must not start or end any, nor remove a directory; the engine decides.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import type { ExitFact } from '../../core/facts.ts';
import type { FoundMachine, Log } from '../../engine/ports.ts';
import { errnoOf } from '../errno.ts';
import { isThere } from '../is-there.ts';
import { isRunning, processStat, readIfThere } from '../proc.ts';
import type { ProcessId } from '../proc.ts';
import { exitFact } from './exit.ts';
import { readIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { isJsonObject, textOf } from './json-lines.ts';
import type { HostLimits } from '../limits/limits.ts';
import { outOfMemory, ownGroup } from './out-of-memory.ts';
import type { OwnGroup } from './out-of-memory.ts';
import { logTail } from './process.ts';
import { openQmp } from './qmp.ts';
import type { QmpSession } from './qmp.ts';

/** A machine busy with a snapshot or a slow disk answers late; a start of ours waits for the scan. */
const identityTimeoutMs = 5_000;

export interface Scan {
  readonly runRoot: string;
  readonly boot: string;
  readonly log: Log;
  readonly limits: HostLimits;
}

export async function scanRunDirs({ runRoot, boot, log, limits }: Scan): Promise<readonly FoundMachine[]> {
  const names = await readdir(runRoot).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found = await Promise.all(
    names.toSorted((a, b) => a.localeCompare(b)).map((name) => inspectRunDir(path.join(runRoot, name), { boot, log, limits })),
  );
  return found.filter((each) => each !== undefined);
}

async function inspectRunDir(runDir: string, { boot, log, limits }: Omit<Scan, 'runRoot'>): Promise<FoundMachine | undefined> {
  const identity = await readIdentity(runDir);
  if (identity === undefined) {
    log.warn('A run directory says nothing of its machine and is left alone.', { runDir });
    return undefined;
  }
  const { vmi } = identity;
  if (identity.bootId !== boot) {
    // The computer was started anew since: its going down ended the machine.
    return { vmi, runDir, state: { alive: false, exit: { type: 'HostStopped' } } };
  }
  const process = await findProcess(identity);
  if (process !== undefined && (await isRunning(process)) && (await answersAs(identity, log))) {
    return { vmi, runDir, state: { alive: true } };
  }
  return { vmi, runDir, state: { alive: false, exit: await exitFromLeftovers(identity, process, await ownGroup(limits, runDir)) } };
}

/** The process of a run directory; undefined when QEMU was never started, or is gone together with its pid file. */
export async function findProcess(identity: Identity): Promise<ProcessId | undefined> {
  if (identity.process !== undefined) return identity.process;
  // The core ended between starting QEMU and writing down its pid: QEMU wrote it, or is about to.
  const pid = Number(await readIfThere(identity.pidFile)) || (await pidByCommandLine(identity.pidFile));
  if (pid === undefined) return undefined;
  const stat = await processStat(pid);
  return stat !== undefined && (await commandLineNames(pid, identity.pidFile)) ? { pid, startTicks: stat.startTicks } : undefined;
}

/** Of all that names files of the run directory (swtpm does, too) QEMU is the one that names its pid file. */
async function pidByCommandLine(pidFile: string): Promise<number | undefined> {
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name) && (await commandLineNames(Number(name), pidFile))) return Number(name);
  }
  return undefined;
}

async function commandLineNames(pid: number, pidFile: string): Promise<boolean> {
  return ((await readIfThere(`/proc/${pid}/cmdline`)) ?? '').includes(`\0${pidFile}\0`);
}

/**
 * Whether the QEMU behind the socket is the one we mean. One that is there and does not answer in time counts as alive: it holds
 * its disks, so nothing else may be started in its place.
 */
async function answersAs(identity: Identity, log: Log): Promise<boolean> {
  let qmp: QmpSession | undefined;
  try {
    qmp = await openQmp({ socketPath: identity.sockets.qmp, timeoutMs: identityTimeoutMs, onEvent: () => undefined });
    return await isIdentity(qmp, identity);
  } catch (error) {
    log.warn('A machine runs, but does not answer.', { machine: identity.vmi.name, reason: String(error) });
    return true;
  } finally {
    qmp?.close();
  }
}

export async function isIdentity(qmp: QmpSession, identity: Identity): Promise<boolean> {
  const answer = await qmp.execute('query-uuid', undefined, identityTimeoutMs);
  return isJsonObject(answer) && textOf(answer['UUID'])?.toLowerCase() === identity.uuid.toLowerCase();
}

async function exitFromLeftovers(identity: Identity, process: ProcessId | undefined, own: OwnGroup | undefined): Promise<ExitFact> {
  const stderr = await logTail(identity.qemuLog);
  const pidFileLeft = await isThere(identity.pidFile);
  // Its control socket stays behind whatever happens to it.
  if (process === undefined && !pidFileLeft && !(await isThere(identity.sockets.qmp))) {
    return { type: 'Crashed', stderr: 'Virtdeck was ended before it had started QEMU.' };
  }
  const oom =
    pidFileLeft && process !== undefined
      ? await outOfMemory({ pid: process.pid, baseline: new Map(), ...(own === undefined ? {} : { own }) })
      : undefined;
  return exitFact({ watched: false, pidFileLeft, stderr, ...(oom === undefined ? {} : { outOfMemory: oom }) });
}

/** Opens the session of an adopted machine. Throws NotFound when it is not the one of the directory any more. */
export async function openIdentified(identity: Identity, onEvent: Parameters<typeof openQmp>[0]['onEvent']): Promise<QmpSession> {
  const qmp = await openQmp({ socketPath: identity.sockets.qmp, timeoutMs: identityTimeoutMs, onEvent });
  if (await isIdentity(qmp, identity)) return qmp;
  qmp.close();
  throw new AppError('NotFound', `The QEMU at ${identity.sockets.qmp} is not the machine ${identity.vmi.namespace}/${identity.vmi.name}.`);
}
