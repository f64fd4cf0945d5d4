// Owns telling an out-of-memory kill from any other SIGKILL: the counters of the cgroups, and the kernel's log where it may be read.
// Must not limit memory.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../exec.ts';
import { readIfThere } from '../proc.ts';

/** Counters by file, as they were when the watch began. */
export type OomBaseline = ReadonlyMap<string, number>;

const logTimeoutMs = 2_000;

/** Take it while the process lives: afterwards nobody says which cgroup it was in. */
export async function oomBaseline(pid: number, root = '/sys/fs/cgroup'): Promise<OomBaseline> {
  const membership = (await readIfThere(`/proc/${pid}/cgroup`)) ?? '';
  const baseline = new Map<string, number>();
  for (const file of counterFiles(membership, root)) {
    const count = await oomKills(file);
    if (count !== undefined) baseline.set(file, count);
  }
  return baseline;
}

/** Whether the kernel ended this process for want of memory. Ask right after its end. */
export async function wasOutOfMemory(pid: number, baseline: OomBaseline): Promise<boolean> {
  const told = await kernelLogSays(pid);
  if (told !== undefined) return told;
  for (const [file, before] of baseline) {
    const now = await oomKills(file);
    // The scope of a single machine goes with it: its parents' counters include it, and remain.
    if (now !== undefined) return now > before;
  }
  return false;
}

/** The innermost cgroup first. Version 2 counts in memory.events, version 1 in memory.oom_control. */
export function counterFiles(membership: string, root: string): readonly string[] {
  const rows = membership.split('\n').map((line) => line.split(':'));
  const unified = rows.find(([id]) => id === '0')?.[2];
  const memory = rows.find(([, controllers]) => controllers?.split(',').includes('memory') === true)?.[2];
  const files = (base: string, group: string | undefined, name: string): readonly string[] =>
    group === undefined ? [] : ancestors(group).map((each) => path.join(base, each, name));
  return [
    ...files(root, unified, 'memory.events'),
    ...files(path.join(root, 'unified'), unified, 'memory.events'),
    ...files(path.join(root, 'memory'), memory, 'memory.oom_control'),
  ];
}

function ancestors(group: string): readonly string[] {
  const parts = group.split('/').filter((part) => part !== '');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/')).concat('');
}

async function oomKills(file: string): Promise<number | undefined> {
  const text = await readIfThere(file);
  const count = text === undefined ? undefined : /^oom_kill (\d+)$/m.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** Undefined where the log may not be read (kernel.dmesg_restrict is 1 on Debian) or has wrapped past anything of use. */
async function kernelLogSays(pid: number): Promise<boolean | undefined> {
  const restricted = (await readFile('/proc/sys/kernel/dmesg_restrict', 'utf8').catch(() => '0')).trim() === '1';
  if (restricted && process.getuid?.() !== 0) return undefined;
  const log = await runCommand({ program: 'dmesg', args: [], timeoutMs: logTimeoutMs }).catch(() => undefined);
  if (log?.code !== 0 || log.stdout === '') return undefined;
  return new RegExp(String.raw`Killed process ${pid} \(`).test(log.stdout);
}
