// Owns the programs beside QEMU, such as swtpm: starting one until its socket is there, noticing its end, ending it.
// Must not know what any of them does, nor decide what its end means.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../api/errors.ts';
import type { LaunchPlan, Sidecar } from '../core/qemu/launch-plan.ts';
import { errnoOf } from './errno.ts';
import { cleanEnvironment } from './exec.ts';
import { isRunning, isRunningNow, processStat, readIfThere } from './proc.ts';
import type { ProcessId } from './proc.ts';
import { readIdentity, writeIdentity } from './qemu/identity.ts';
import type { SidecarIdentity } from './qemu/identity.ts';
import { logTail } from './qemu/process.ts';
import { socketAppearance } from './qemu/socket-appearance.ts';

const readyTimeoutMs = 30_000;
/** swtpm writes its state down on SIGTERM: a matter of milliseconds on a disk that answers. */
const politeMs = 5_000;
const endPauseMs = 5;
/** How often one that is no child of ours is looked at. */
const lookMs = 2_000;

export interface SidecarStart {
  readonly plan: LaunchPlan;
  /** Arguments that put a program into a scope of its own, by the name of the scope. */
  readonly scoped: (sidecar: string) => readonly string[];
  /** As soon as it has one. */
  readonly onPid?: (pid: number) => Promise<void>;
}

/**
 * Starts what the plan has beside QEMU, one after the other, each written down in the run directory as soon as it has a pid.
 * Throws SidecarFailed with its last words.
 */
export async function startSidecars({ plan, scoped, onPid }: SidecarStart): Promise<void> {
  for (const sidecar of plan.sidecars) {
    await startOne(sidecar, scoped(sidecar.name), async (process) => {
      await onPid?.(process.pid);
      const identity = await readIdentity(plan.runDir);
      if (identity === undefined) return;
      const sidecars = (identity.sidecars ?? []).map((one) => (one.name === sidecar.name ? { ...one, process } : one));
      await writeIdentity(plan.runDir, { ...identity, sidecars });
    });
  }
}

async function startOne(sidecar: Sidecar, prefix: readonly string[], onProcess: (process: ProcessId) => Promise<void>): Promise<void> {
  const [program = '', ...args] = [...prefix, sidecar.program, ...sidecar.args];
  const log = await open(sidecar.log, 'w', 0o600);
  const child = spawn(program, args, {
    // setsid: neither Ctrl-C in our terminal nor the end of our session reaches it.
    detached: true,
    stdio: ['ignore', log.fd, log.fd, sidecar.secret === undefined ? 'ignore' : 'pipe'],
    env: cleanEnvironment(),
    cwd: '/',
  });
  const ended = once(child, 'exit').then(() => undefined);
  // It rejects when there is no such program; the pid below tells that sooner.
  ended.catch(() => undefined);
  child.unref();
  await log.close();
  const { pid } = child;
  if (pid === undefined) throw failed(sidecar, `${program} could not be started.`);
  const secretPipe = child.stdio[3];
  if (secretPipe !== null && secretPipe !== undefined && 'end' in secretPipe) {
    // EPIPE: it ended before it read; its own words say why.
    secretPipe.on('error', () => undefined);
    secretPipe.end(sidecar.secret);
  }
  const giveUp = new AbortController();
  const early = ended.then(async () => {
    throw failed(sidecar, await lastWords(sidecar.log));
  });
  early.catch(() => undefined);
  const ready = socketAppearance(sidecar.socket, AbortSignal.any([giveUp.signal, AbortSignal.timeout(readyTimeoutMs)])).catch(() => {
    throw failed(sidecar, `It did not open ${sidecar.socket} within ${readyTimeoutMs / 1000} s.`);
  });
  ready.catch(() => undefined);
  try {
    const stat = await processStat(pid);
    if (stat === undefined) return await early;
    await onProcess({ pid, startTicks: stat.startTicks });
    await Promise.race([ready, early]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    giveUp.abort();
  }
}

function failed({ name, serves, field }: Pick<Sidecar, 'name' | 'serves' | 'field'>, why: string): AppError {
  const message = `${serves} of the machine could not be started: ${name} ended. ${why}`.trim();
  return new AppError('SidecarFailed', message, { causes: [{ reason: 'SidecarFailed', field, message }] });
}

async function lastWords(log: string): Promise<string> {
  const text = (await logTail(log)).trim();
  const last = text.slice(text.lastIndexOf('\n') + 1);
  return last === '' ? 'It said nothing.' : last;
}

export interface SidecarEnd {
  readonly name: string;
  readonly serves: string;
  /** What it printed last, or that it said nothing. */
  readonly message: string;
}

/**
 * Calls back when one of them ends. They may be children of an earlier core, whose end nobody tells, so they are looked at;
 * `QEMU has ended` is no reason to call: the one who watches stops before.
 */
export function watchSidecars(sidecars: readonly SidecarIdentity[], onEnd: (end: SidecarEnd) => void): () => void {
  const timers = sidecars.flatMap(({ process, name, serves, log }) => {
    if (process === undefined) return [];
    const timer = setInterval(() => {
      if (isRunningNow(process)) return;
      clearInterval(timer);
      void lastWords(log).then((message) => onEnd({ name, serves, message }));
    }, lookMs);
    return [timer.unref()];
  });
  return () => timers.forEach((timer) => clearInterval(timer));
}

/** Politely, then not. Resolves when none runs: their state is on disk then. Those that nobody wrote down are found by their socket. */
export async function endSidecars(runDir: string): Promise<void> {
  const sidecars = (await readIdentity(runDir))?.sidecars ?? [];
  await Promise.all(
    sidecars.map(async ({ process, socket }) => {
      const found = process ?? (await processNaming(socket));
      if (found !== undefined) await endProcess(found);
    }),
  );
}

async function endProcess(target: ProcessId): Promise<void> {
  const deadline = performance.now() + politeMs;
  signalIfRunning(target, 'SIGTERM');
  while (await isRunning(target)) {
    if (performance.now() > deadline) signalIfRunning(target, 'SIGKILL');
    await delay(endPauseMs);
  }
}

function signalIfRunning(target: ProcessId, signal: NodeJS.Signals): void {
  if (!isRunningNow(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}

/** QEMU names the socket, too, in a `-chardev`. */
async function processNaming(socket: string): Promise<ProcessId | undefined> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const commandLine = (await readIfThere(`/proc/${name}/cmdline`)) ?? '';
    if (!commandLine.includes(socket) || commandLine.includes('\0-chardev\0')) continue;
    const stat = await processStat(Number(name));
    if (stat !== undefined) return { pid: stat.pid, startTicks: stat.startTicks };
  }
  return undefined;
}
