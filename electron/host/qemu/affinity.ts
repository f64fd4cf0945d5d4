// Owns on which processors the threads of a QEMU may run: at its start, and moved later.
// Must not decide where they belong.
import { readdir } from 'node:fs/promises';
import { cpuListText, parseCpuList } from '../../api/cpu-list.ts';
import { AppError } from '../../api/errors.ts';
import type { Json } from '../../api/object.ts';
import type { ThreadPlaces } from '../../engine/ports.ts';
import { errnoOf } from '../errno.ts';
import { runCommand } from '../exec.ts';
import { readIfThere } from '../proc.ts';

const tasksetTimeoutMs = 10_000;

/** Arguments to put before a program: taskset executes it in its own process, so the pid stays the one spawned. */
export function affinityPrefix(cpus: readonly number[] | undefined): readonly string[] {
  return cpus === undefined || cpus.length === 0 ? [] : ['taskset', '--cpu-list', cpuListText(cpus)];
}

export interface PinnedProcess {
  readonly pid: number;
  readonly qmp: (command: 'query-cpus-fast') => Promise<Json>;
}

/** How many threads were elsewhere. A thread that ends meanwhile is nobody's loss; one that the kernel will not move is. */
export async function pinThreads({ pid, qmp }: PinnedProcess, { cpus, vcpus }: ThreadPlaces): Promise<number> {
  const vcpuThreads = vcpus === undefined ? [] : threadIds(await qmp('query-cpus-fast'));
  if (vcpus !== undefined && vcpuThreads.length !== vcpus.length) {
    throw new AppError('PinningFailed', `QEMU has ${vcpuThreads.length} vCPU threads, ${vcpus.length} were to be pinned.`);
  }
  const wanted = new Map<number, string>(vcpuThreads.map((thread, index) => [thread, String(vcpus?.[index])]));
  if (cpus !== undefined) {
    const text = cpuListText(cpus);
    for (const thread of await threadsOf(pid)) if (!wanted.has(thread)) wanted.set(thread, text);
  }
  let moved = 0;
  for (const [thread, list] of wanted) {
    if ((await allowedCpus(pid, thread)) === list) continue;
    moved += 1;
    await moveThread(pid, thread, list);
  }
  return moved;
}

async function moveThread(pid: number, thread: number, list: string): Promise<void> {
  const { stderr } = await runCommand({
    program: 'taskset',
    args: ['--cpu-list', '--pid', list, String(thread)],
    timeoutMs: tasksetTimeoutMs,
  });
  const now = await allowedCpus(pid, thread);
  // Asked of the kernel, not of taskset: a cpuset above may allow less than was asked for, and taskset does not say so.
  if (now === undefined || now === list) return;
  throw new AppError('PinningFailed', `A thread of QEMU may run on processors ${now} instead of ${list}. ${stderr.trim()}`.trim());
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

/** In order of the vCPUs. */
function threadIds(answer: Json): readonly number[] {
  if (!Array.isArray(answer)) return [];
  const rows = answer.flatMap((row) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return [];
    const { 'cpu-index': index, 'thread-id': thread } = row;
    return typeof index === 'number' && typeof thread === 'number' ? [{ index, thread }] : [];
  });
  return rows.toSorted((a, b) => a.index - b.index).map(({ thread }) => thread);
}
