// Owns on which processors the threads of a QEMU may run, and which go first: at its start, and changed later.
// Must not decide where they belong.
import { readdir } from 'node:fs/promises';
import { cpuListText, parseCpuList } from '../../api/cpu-list.ts';
import { AppError } from '../../api/errors.ts';
import type { Json } from '../../api/object.ts';
import type { ThreadPlaces } from '../../core/placement/thread-places.ts';
import { errnoOf } from '../errno.ts';
import { runCommand } from '../exec.ts';
import { readIfThere } from '../proc.ts';

const tasksetTimeoutMs = 10_000;

/** Arguments to put before a program: taskset executes it in its own process, so the pid stays the one spawned. */
export function affinityPrefix(cpus: readonly number[] | undefined): readonly string[] {
  return cpus === undefined || cpus.length === 0 ? [] : ['taskset', '--cpu-list', cpuListText(cpus)];
}

/** The same for one that runs: all its threads. */
export async function keepWithin(pid: number, cpus: readonly number[] | undefined): Promise<void> {
  if (cpus === undefined || cpus.length === 0) return;
  await pinThreads({ pid, qmp: () => Promise.resolve([]) }, { cpus });
}

export interface PinnedProcess {
  readonly pid: number;
  readonly qmp: (command: 'query-cpus-fast' | 'query-iothreads') => Promise<Json>;
}

/** How many threads were elsewhere. A thread that ends meanwhile is nobody's loss; one that the kernel will not move is. */
export async function pinThreads(machine: PinnedProcess, places: ThreadPlaces): Promise<number> {
  const { pid } = machine;
  const vcpuThreads = places.vcpus === undefined ? [] : await vcpuThreadsOf(machine, places.vcpus.length);
  const wanted = new Map([
    ...vcpuThreads.map((thread, index) => [thread, String(places.vcpus?.[index])] as const),
    ...(await ioThreadsOf(machine, places.ioThreads ?? {})),
  ]);
  if (places.cpus !== undefined) {
    const text = cpuListText(places.cpus);
    for (const thread of await threadsOf(pid)) if (!wanted.has(thread)) wanted.set(thread, text);
  }
  const now = await Promise.all([...wanted].map(async ([thread, list]) => ({ thread, list, allowed: await allowedCpus(pid, thread) })));
  const elsewhere = now.filter(({ list, allowed }) => allowed !== undefined && allowed !== list);
  const stderr = await forEach(
    ['taskset', '--cpu-list', '--pid'],
    elsewhere.map(({ list, thread }) => [list, thread]),
  );
  for (const { thread, list } of elsewhere) {
    // Asked of the kernel, not of taskset: a cpuset above may allow less than was asked for, and taskset does not say so.
    const allowed = await allowedCpus(pid, thread);
    if (allowed === undefined || allowed === list) continue;
    throw new AppError('PinningFailed', `A thread of QEMU may run on processors ${allowed} instead of ${list}. ${stderr}`.trim());
  }
  await putFirst(
    pid,
    (places.realtime ?? []).flatMap((index) => vcpuThreads[index] ?? []),
  );
  return elsewhere.length;
}

/**
 * One program for all threads: xargs forks by itself, which costs a tenth of a spawn from here. Node cannot set an affinity, and `taskset --all-tasks`
 * knows one list only, which would take vCPUs off their own processors for a moment.
 */
async function forEach(program: readonly string[], rows: readonly (readonly [string, number])[]): Promise<string> {
  if (rows.length === 0) return '';
  const input = rows.map((row) => `${row.join(' ')}\n`).join('');
  const { stderr } = await runCommand({ program: 'xargs', args: ['-n', '2', ...program], input, timeoutMs: tasksetTimeoutMs });
  return stderr.trim();
}

/** The lowest priority of the real-time class: it goes before every ordinary thread, and leaves the kernel's own real-time threads alone. */
async function putFirst(pid: number, threads: readonly number[]): Promise<void> {
  const policies = await Promise.all(threads.map(async (thread) => ({ thread, policy: await schedulingPolicy(pid, thread) })));
  const ordinary = policies.filter(({ policy }) => policy !== undefined && policy !== fifoPolicy);
  const stderr = await forEach(
    ['chrt', '--fifo', '--pid'],
    ordinary.map(({ thread }) => ['1', thread]),
  );
  for (const { thread } of ordinary) {
    const policy = await schedulingPolicy(pid, thread);
    if (policy === undefined || policy === fifoPolicy) continue;
    throw new AppError('PinningFailed', `A vCPU could not be given real-time priority. ${stderr} Raise the limit rtprio of this user.`);
  }
}

/** SCHED_FIFO of sched.h. */
const fifoPolicy = 1;

/** Undefined when the thread is gone. */
async function schedulingPolicy(pid: number, thread: number): Promise<number | undefined> {
  const stat = await readIfThere(`/proc/${pid}/task/${thread}/stat`);
  // The name may hold anything, brackets too; the policy is field 41, and field 3 comes behind the name.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]);
}

async function vcpuThreadsOf({ qmp }: PinnedProcess, count: number): Promise<readonly number[]> {
  const threads = threadIds(await qmp('query-cpus-fast'), 'cpu-index').map(([, thread]) => thread);
  if (threads.length === count) return threads;
  throw new AppError('PinningFailed', `QEMU has ${threads.length} vCPU threads, ${count} were to be pinned.`);
}

async function ioThreadsOf({ qmp }: PinnedProcess, places: NonNullable<ThreadPlaces['ioThreads']>): Promise<readonly [number, string][]> {
  if (Object.keys(places).length === 0) return [];
  return threadIds(await qmp('query-iothreads'), 'id').flatMap(([id, thread]): readonly [number, string][] => {
    const cpus = places[String(id)];
    return cpus === undefined ? [] : [[thread, cpuListText(cpus)]];
  });
}

/** As the kernel writes it; undefined when the thread is gone. */
async function allowedCpus(pid: number, thread: number): Promise<string | undefined> {
  const status = await readIfThere(`/proc/${pid}/task/${thread}/status`);
  const text = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status ?? '')?.[1];
  const cpus = text === undefined ? undefined : parseCpuList(text);
  return cpus === undefined ? undefined : cpuListText(cpus);
}

async function threadsOf(pid: number): Promise<readonly number[]> {
  try {
    return (await readdir(`/proc/${pid}/task`)).map(Number);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ESRCH') return [];
    throw error;
  }
}

/** In order of the vCPUs, or of the names. */
function threadIds(answer: Json, key: 'cpu-index' | 'id'): readonly (readonly [number | string, number])[] {
  if (!Array.isArray(answer)) return [];
  const rows = answer.flatMap((row): readonly (readonly [number | string, number])[] => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return [];
    const { [key]: id, 'thread-id': thread } = row;
    return (typeof id === 'number' || typeof id === 'string') && typeof thread === 'number' ? [[id, thread]] : [];
  });
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
