// Owns the chapter's example of overcommit at a scale that the lab has memory for: more guests than memory, each promised less than it is told.
// Must not judge what came of it; the test does.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { KubeObject } from '../../../electron/api/object.ts';
import type { MemoryReport } from '../../../electron/api/memory.ts';
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, stopAndForget, verbPath } from '../../bench/machines.ts';
import { heldMachine } from '../inside/held-machine.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';
import { qemuOf } from '../inside/qemu-threads.ts';

interface OvercommitInput {
  readonly machines: number;
  readonly guestMiB: number;
  readonly requestMiB: number;
}

/** What is set aside does not depend on what a guest does. */
function machine(name: string, memory: object): object {
  return heldMachine(name, { domain: memory, runStrategy: 'Manual' });
}

/** How many of them run, and why the next one does not. */
async function startUntilFull(
  core: CoreProcess,
  names: readonly string[],
  memory: object,
): Promise<{ running: number; refused: readonly string[] }> {
  let running = 0;
  for (const name of names) {
    await core.request({ method: 'POST', path: machinesPath, body: machine(name, memory) });
    const check = (await core.request({ method: 'PUT', path: `${verbPath(name, 'start')}?dryRun=All`, body: {} })) as StartCheck;
    if (!check.allowed) return { running, refused: check.causes.map(({ reason, message }) => `${reason}: ${message}`) };
    await core.request({ method: 'PUT', path: verbPath(name, 'start') });
    await awaitPhase(core, name, 'Running');
    running += 1;
  }
  return { running, refused: [] };
}

const main: LabProgramMain = async (lab) => {
  const { machines, guestMiB, requestMiB } = lab.input as OvercommitInput;
  const core = await startCore();
  const names = (prefix: string, count: number): readonly string[] => Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
  const { items } = (await core.request({ path: '/api/v1/nodes' })) as {
    readonly items: readonly KubeObject<{ readonly status: { readonly allocatable: Readonly<Record<string, string>> } }>[];
  };
  lab.report({ allocatable: items[0]?.status.allocatable['memory'] });

  const memory = { memory: { guest: `${guestMiB}Mi` }, resources: { overcommitGuestOverhead: true } };
  const whole = await startUntilFull(core, names('whole', machines), memory);
  lab.report({ whole });
  for (const name of names('whole', whole.running)) await stopAndForget(core, name);
  // The one that was refused.
  await core.request({ method: 'DELETE', path: machinesPath, body: {} });

  const lent = { ...memory, resources: { ...memory.resources, requests: { memory: `${requestMiB}Mi` } } };
  lab.report({ lent: await startUntilFull(core, names('lent', machines + 1), lent) });
  const report = (await core.request({ path: '/apis/virtdeck.io/v1alpha1/memory' })) as MemoryReport;
  lab.report({
    told: report.machines.reduce((sum, one) => sum + one.guestMiB, 0),
    promised: report.machines.reduce((sum, one) => sum + one.requestMiB, 0),
    reasons: [...new Set(report.machines.map(({ reason }) => reason))],
    adjusted: adjustments(),
  });
  for (const name of names('lent', machines).slice(1)) await stopAndForget(core, name);
  for (const [name, domain] of [
    ['bare', memory],
    ['kept', { memory: memory.memory }],
  ] as const) {
    await core.request({ method: 'POST', path: machinesPath, body: machine(name, domain) });
    await core.request({ method: 'PUT', path: verbPath(name, 'start') });
    await awaitPhase(core, name, 'Running');
  }
  lab.report(await whoIsEnded(core));
};

const parent = '/sys/fs/cgroup/virtdeck';
const takenBytes = 4 * 1024 * 1024;
const ballastMiB = 768;

/**
 * Takes memory from the group of all machines until the kernel has ended every one: its OOM killer chooses there as it does for the whole
 * computer. Out of that, this outer machine's own file system, which is over 9p, takes the core along.
 */
async function whoIsEnded(core: CoreProcess): Promise<unknown> {
  const { machines } = (await core.request({ path: '/apis/virtdeck.io/v1alpha1/memory' })) as MemoryReport;
  const names = new Map(machines.map(({ name }) => [qemuOf(name), name]));
  const ballast = await startBallast();
  for (let left = [...names.keys()]; left.length > 0; left = left.filter(isAlive)) {
    // Guests that are held use no more than they do now: what is left out cannot be had by reclaiming.
    const anonymousBytes = Number(/^anon (\d+)$/m.exec(readFileSync(`${parent}/memory.stat`, 'utf8'))?.[1]);
    writeFileSync(`${parent}/memory.max`, String(anonymousBytes - takenBytes));
    while (left.every(isAlive)) await setImmediate();
    writeFileSync(`${parent}/memory.max`, 'max');
  }
  ballast.kill('SIGKILL');
  const ended: unknown[] = [];
  for (const [pid, line] of chosenByKernel()) {
    const name = names.get(pid);
    ended.push(name === undefined ? line : await endOf(core, name));
  }
  return { told: machines.map(({ name, reason }) => [name, reason]), ended };
}

/**
 * In its own words, and so in its order: two that are ended together may be gone in either. It names a process twice, as the one that it
 * chose and as one of the machine's group, which goes as a whole.
 */
function chosenByKernel(): ReadonlyMap<number, string> {
  const log = execFileSync('dmesg', { encoding: 'utf8' });
  return new Map([...log.matchAll(/Memory cgroup out of memory: Killed process (\d+).*/g)].map(([line, pid]) => [Number(pid), line]));
}

/**
 * Fills the group as guests that run would, and is never ended. The kernel weighs an adjustment by the size of the group: in one that
 * has only machines that are held, a few MiB more of QEMU would outweigh it.
 */
async function startBallast(): Promise<ChildProcess> {
  const group = `${parent}/ballast`;
  mkdirSync(group);
  const script = `process.stdin.once('data', () => { globalThis.kept = Buffer.alloc(${ballastMiB} * 2 ** 20, 1); console.log('full'); })`;
  const ballast = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  writeFileSync(`/proc/${ballast.pid}/oom_score_adj`, '-1000');
  writeFileSync(`${group}/cgroup.procs`, String(ballast.pid));
  ballast.stdin.write('\n');
  await once(ballast.stdout, 'data');
  return ballast;
}

async function endOf(core: CoreProcess, name: string): Promise<unknown> {
  await awaitPhase(core, name, 'Failed');
  const { status } = (await core.request({ path: `${instancesPath}/${name}` })) as KubeObject<{
    readonly status: { readonly reason?: string; readonly conditions?: readonly { readonly type: string; readonly message?: string }[] };
  }>;
  return { name, reason: status.reason, message: status.conditions?.find(({ type }) => type === 'Ready')?.message };
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Of every QEMU that runs, as the kernel has it. */
function adjustments(): readonly number[] {
  const text = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').trim();
    } catch {
      return '';
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && text(name, 'comm').startsWith('qemu-system'));
  return pids.map((pid) => Number(text(pid, 'oom_score_adj')));
}

export default main;
