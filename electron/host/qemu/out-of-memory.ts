// Owns telling an out-of-memory kill from any other SIGKILL, and what ran out: by the machine's own control group, those above it, and the kernel's log where it may be read.
// Must not limit memory.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OutOfMemoryFact } from '../../core/facts.ts';
import type { MemoryCounters } from '../../engine/ports.ts';
import { runCommand } from '../exec.ts';
import type { HostLimits } from '../limits/limits.ts';
import { readIfThere } from '../proc.ts';

/** Counters by file, as they were when the watch began. */
export type OomBaseline = ReadonlyMap<string, number>;

/** A machine's own group, which is as old as its run: every kill that it counts is one of ours. */
export interface OwnGroup {
  readonly place: string;
  readonly counters: MemoryCounters;
}

export interface OomQuestion {
  readonly pid: number;
  readonly baseline: OomBaseline;
  readonly own?: OwnGroup;
  /** The kernel's log; read when absent. */
  readonly log?: string;
}

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

/** Undefined when the kernel did not end this process for want of memory. Ask right after its end, before its group is removed. */
export async function outOfMemory({ pid, baseline, own, log }: OomQuestion): Promise<OutOfMemoryFact | undefined> {
  const told = killInLog(log ?? (await kernelLog()), pid);
  const isKilled = told !== undefined || (own?.counters.oomKills ?? 0) > 0 || (await hasRisen(baseline));
  if (!isKilled) return undefined;
  const { limitBytes, peakBytes, reachedLimit = false } = own?.counters ?? {};
  const of = told === undefined ? (reachedLimit && limitBytes !== undefined ? 'machine' : undefined) : scopeOf(told, own);
  const group = told?.group ?? (of === 'machine' ? own?.place : undefined);
  return {
    ...(of === undefined ? {} : { of }),
    ...(group === undefined ? {} : { group }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(peakBytes === undefined ? {} : { peakBytes }),
  };
}

/** It is there until the run directory is removed. */
export async function ownGroup(limits: HostLimits, runDir: string): Promise<OwnGroup | undefined> {
  const [place, counters] = await Promise.all([limits.place(runDir), limits.counters(runDir)]);
  return place === undefined || counters === undefined ? undefined : { place, counters };
}

function scopeOf({ group }: KillInLog, own: OwnGroup | undefined): 'machine' | 'group' | 'computer' {
  if (group === undefined) return 'computer';
  return own !== undefined && (group === own.place || group.startsWith(`${own.place}/`)) ? 'machine' : 'group';
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

async function hasRisen(baseline: OomBaseline): Promise<boolean> {
  for (const [file, before] of baseline) {
    const now = await oomKills(file);
    // The scope of a single machine goes with it: its parents' counters include it, and remain.
    if (now !== undefined) return now > before;
  }
  return false;
}

async function oomKills(file: string): Promise<number | undefined> {
  const text = await readIfThere(file);
  const count = text === undefined ? undefined : /^oom_kill (\d+)$/m.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}

interface KillInLog {
  /** Whose limit was reached; undefined when it was the computer's memory. */
  readonly group?: string;
}

/** `oom-kill:constraint=CONSTRAINT_MEMCG,…,oom_memcg=/a,task_memcg=/a/b,task=qemu,pid=7,uid=0`, then `… Killed process 7 (qemu) …`. */
export function killInLog(log: string, pid: number): KillInLog | undefined {
  const lines = log.split('\n');
  const killed = lines.findLastIndex((line) => line.includes(`Killed process ${pid} (`));
  if (killed < 0) return undefined;
  const summary = lines.slice(0, killed).findLast((line) => line.includes('oom-kill:') && line.includes(`,pid=${pid},`));
  const group = /,oom_memcg=([^,]+),/.exec(summary ?? '')?.[1];
  return group === undefined ? {} : { group };
}

/** Empty where the log may not be read (kernel.dmesg_restrict is 1 on Debian). */
async function kernelLog(): Promise<string> {
  const restricted = (await readFile('/proc/sys/kernel/dmesg_restrict', 'utf8').catch(() => '0')).trim() === '1';
  if (restricted && process.getuid?.() !== 0) return '';
  const log = await runCommand({ program: 'dmesg', args: [], timeoutMs: logTimeoutMs }).catch(() => undefined);
  return log?.code === 0 ? log.stdout : '';
}
