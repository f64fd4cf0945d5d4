// Owns limits by control groups of version 2 without systemd: as root, or in a part of the hierarchy that was given to this user.
// Must not leave its own part, and must not be used beside systemd, which owns what it made.
import path from 'node:path';
import type { LimitKind } from '../../core/limits/enforcement.ts';
import type { LimitPlan } from '../../core/limits/limit-plan.ts';
import type { MemoryCounters } from '../../engine/ports.ts';
import { isThere } from '../is-there.ts';
import { readIfThere } from '../proc.ts';
import { bytesIn, type ControlValue, isWritable, makeGroup, pidsIn, removeGroup, rowIn, writeValues } from './control-files.ts';
import type { LimitDriver } from './limit-driver.ts';

const parentName = 'virtdeck';
const coreName = 'virtdeck-core';
const periodMicroseconds = 100_000;
const leastQuota = 1_000;
const wantedControllers = ['memory', 'cpu', 'pids'] as const;

export interface Unified {
  readonly mount: string;
  /** Ours, as /proc/self/cgroup says: `/`. */
  readonly own: string;
  readonly pid: number;
}

/** Undefined when no group that we may make children in has a controller that limits anything. */
export async function cgroupV2({ mount, own, pid }: Unified): Promise<LimitDriver | undefined> {
  const base = await baseGroup(path.join(mount, own), pid);
  if (base === undefined) return undefined;
  const parent = path.join(base, parentName);
  await makeGroup(parent);
  const controllers = await enabled(base, parent);
  if (!controllers.includes('memory') && !controllers.includes('cpu')) {
    await removeGroup(parent);
    return undefined;
  }
  const trial = path.join(parent, 'trial');
  await makeGroup(trial);
  const countsSwap = await isThere(path.join(trial, 'memory.swap.max'));
  await removeGroup(trial);
  const can: readonly LimitKind[] = [
    ...(controllers.includes('memory') ? (['memory', 'memoryHigh'] as const) : []),
    ...(countsSwap ? (['swap'] as const) : []),
    ...(controllers.includes('cpu') ? (['cpu'] as const) : []),
    ...(controllers.includes('pids') ? (['tasks'] as const) : []),
  ];
  const missing = (['memory', 'cpu'] as const).filter((kind) => !can.includes(kind));
  const folderOf = (group: string): string => path.join(parent, group);
  return {
    abilities: {
      by: 'cgroup v2',
      can,
      ...(missing.length === 0 ? {} : { message: `The control group ${base} was given no controller for ${missing.join(' and ')}.` }),
    },
    async set(group, plan) {
      await makeGroup(folderOf(group));
      return await writeValues(unifiedValues(folderOf(group), plan, can));
    },
    prefix: () => [],
    async join(group, member) {
      await writeValues([{ kind: 'memory', file: path.join(folderOf(group), 'cgroup.procs'), value: String(member) }]);
    },
    counters: (group) => unifiedCounters(folderOf(group)),
    path: (group) => `/${path.relative(mount, folderOf(group))}`,
    remove: (group) => removeGroup(folderOf(group)),
  };
}

/**
 * The root of the hierarchy, or our own group once we have moved out of it: a group that has processes of its own may not hand
 * out controllers.
 */
async function baseGroup(own: string, pid: number): Promise<string | undefined> {
  const inCore = path.basename(own) === coreName ? path.dirname(own) : own;
  if (!(await isWritable(inCore)) || !(await isWritable(path.join(inCore, 'cgroup.subtree_control')))) return undefined;
  // The root has no cgroup.type, and no such rule.
  if (!(await isThere(path.join(inCore, 'cgroup.type')))) return inCore;
  const members = await pidsIn(inCore);
  if (members.length === 0) return inCore;
  // Somebody else's processes are not ours to move.
  if (members.some((member) => member !== pid)) return undefined;
  const core = path.join(inCore, coreName);
  await makeGroup(core);
  const failures = await writeValues([{ kind: 'memory', file: path.join(core, 'cgroup.procs'), value: String(pid) }]);
  return failures.length === 0 ? inCore : undefined;
}

/** Those that the children of `parent` have. A controller that is not there is refused by itself, the others are not. */
async function enabled(base: string, parent: string): Promise<readonly string[]> {
  for (const controller of wantedControllers) {
    for (const group of [base, parent]) {
      await writeValues([{ kind: 'memory', file: path.join(group, 'cgroup.subtree_control'), value: `+${controller}` }]);
    }
  }
  return ((await readIfThere(path.join(parent, 'cgroup.subtree_control'))) ?? '').trim().split(' ');
}

function unifiedValues(folder: string, plan: LimitPlan, can: readonly LimitKind[]): readonly ControlValue[] {
  const file = (name: string): string => path.join(folder, name);
  const bytes = (value: number | undefined): string => (value === undefined ? 'max' : String(value));
  const quota = plan.cpuMilli === undefined ? 'max' : String(Math.max(leastQuota, Math.round((plan.cpuMilli * periodMicroseconds) / 1000)));
  const all: readonly ControlValue[] = [
    { kind: 'memoryHigh', file: file('memory.high'), value: bytes(plan.memoryHighBytes) },
    { kind: 'memory', file: file('memory.max'), value: bytes(plan.memoryMaxBytes) },
    // QEMU without its TPM, or a TPM without its QEMU, is of no use to anybody.
    { kind: 'memory', file: file('memory.oom.group'), value: '1' },
    { kind: 'swap', file: file('memory.swap.max'), value: bytes(plan.swapMaxBytes) },
    { kind: 'cpu', file: file('cpu.weight'), value: String(plan.cpuWeight) },
    { kind: 'cpu', file: file('cpu.max'), value: `${quota} ${periodMicroseconds}` },
    { kind: 'tasks', file: file('pids.max'), value: String(plan.tasksMax) },
  ];
  return all.filter(({ kind }) => can.includes(kind));
}

export async function unifiedCounters(folder: string): Promise<MemoryCounters | undefined> {
  const currentBytes = await bytesIn(path.join(folder, 'memory.current'));
  if (currentBytes === undefined) return undefined;
  const [peakBytes, limitBytes, oomKills, hits] = await Promise.all([
    // Since Linux 5.19.
    bytesIn(path.join(folder, 'memory.peak')),
    bytesIn(path.join(folder, 'memory.max')),
    rowIn(path.join(folder, 'memory.events'), 'oom_kill'),
    rowIn(path.join(folder, 'memory.events'), 'max'),
  ]);
  return {
    currentBytes,
    ...(peakBytes === undefined ? {} : { peakBytes }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    oomKills: oomKills ?? 0,
    reachedLimit: (hits ?? 0) > 0,
  };
}
