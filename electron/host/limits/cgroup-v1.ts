// Owns limits by control groups of version 1, where root may make them: a group in each hierarchy, below `virtdeck`.
// Must not use a controller that is not mounted.
import path from 'node:path';
import type { LimitKind } from '../../core/limits/enforcement.ts';
import type { LimitPlan } from '../../core/limits/limit-plan.ts';
import { bytesIn, type ControlValue, isWritable, makeGroup, removeGroup, rowIn, writeValues } from './control-files.ts';
import type { LimitDriver } from './limit-driver.ts';

const parent = 'virtdeck';
const periodMicroseconds = 100_000;
const noLimit = '-1';
/** What every group has. */
const defaultShares = 1024;
/** cpu.cfs_quota_us below a millisecond is refused. */
const leastQuota = 1_000;

/** Undefined when there is no hierarchy of version 1 that we may write to. */
export async function cgroupV1(mounts: ReadonlyMap<string, string>): Promise<LimitDriver | undefined> {
  const found = await Promise.all(
    (['memory', 'cpu', 'pids'] as const).map(async (name) => {
      const mount = mounts.get(name);
      return mount !== undefined && (await isWritable(mount)) ? ([[name, mount]] as const) : [];
    }),
  );
  const usable = new Map(found.flat());
  if (usable.size === 0) return undefined;
  const memory = usable.get('memory');
  const countsSwap = memory !== undefined && (await isWritable(path.join(memory, 'memory.memsw.limit_in_bytes')));
  const can: readonly LimitKind[] = [
    ...(memory === undefined ? [] : (['memory'] as const)),
    ...(countsSwap ? (['swap'] as const) : []),
    ...(usable.has('cpu') ? (['cpu'] as const) : []),
    ...(usable.has('pids') ? (['tasks'] as const) : []),
  ];
  const folders = (group: string): readonly string[] => [...new Set(usable.values())].map((mount) => path.join(mount, parent, group));
  const cpuMount = usable.get('cpu');
  const neededFolders = (group: string, plan: LimitPlan): readonly string[] =>
    folders(group).filter((each) => cpuMount === undefined || limitsCpu(plan) || !each.startsWith(`${cpuMount}/`));
  const folder = (controller: 'memory' | 'cpu' | 'pids', group: string): string | undefined => {
    const mount = usable.get(controller);
    return mount === undefined ? undefined : path.join(mount, parent, group);
  };
  return {
    abilities: { by: 'cgroup v1', can, ...missingMessage(can) },
    async set(group, plan) {
      for (const each of neededFolders(group, plan)) await makeGroup(each);
      return await writeValues([
        ...(await memoryValues(folder('memory', group), plan, countsSwap)),
        ...(limitsCpu(plan) ? cpuValues(folder('cpu', group), plan) : []),
        ...tasksValues(folder('pids', group), plan),
      ]);
    },
    prefix: () => [],
    async join(group, pid) {
      // The group that was not needed is not there.
      await writeValues(folders(group).map((each) => ({ kind: 'memory', file: path.join(each, 'cgroup.procs'), value: String(pid) })));
    },
    async counters(group) {
      const place = folder('memory', group);
      const currentBytes = place === undefined ? undefined : await bytesIn(path.join(place, 'memory.usage_in_bytes'));
      if (place === undefined || currentBytes === undefined) return undefined;
      const [peakBytes, limitBytes, oomKills, hits] = await Promise.all([
        bytesIn(path.join(place, 'memory.max_usage_in_bytes')),
        bytesIn(path.join(place, 'memory.limit_in_bytes')),
        rowIn(path.join(place, 'memory.oom_control'), 'oom_kill'),
        bytesIn(path.join(place, 'memory.failcnt')),
      ]);
      return {
        currentBytes,
        ...(peakBytes === undefined ? {} : { peakBytes }),
        ...(limitBytes === undefined ? {} : { limitBytes }),
        oomKills: oomKills ?? 0,
        reachedLimit: (hits ?? 0) > 0,
      };
    },
    path: (group) => (memory === undefined ? undefined : `/${parent}/${group}`),
    async remove(group) {
      for (const each of folders(group)) await removeGroup(each);
    },
  };
}

/**
 * A machine that asks for nothing stays out of the hierarchy of processors: on kernels with CONFIG_RT_GROUP_SCHED a group of its own
 * has no real time to give, and vCPUs in real time would be refused.
 */
function limitsCpu({ cpuMilli, cpuShares }: LimitPlan): boolean {
  return cpuMilli !== undefined || cpuShares !== defaultShares;
}

/** With swap counted, the sum may never be below the memory: raising begins with the sum, lowering with the memory. */
async function memoryValues(folder: string | undefined, plan: LimitPlan, countsSwap: boolean): Promise<readonly ControlValue[]> {
  if (folder === undefined) return [];
  const max = plan.memoryMaxBytes;
  const memory: ControlValue = {
    kind: 'memory',
    file: path.join(folder, 'memory.limit_in_bytes'),
    value: max === undefined ? noLimit : String(max),
  };
  if (!countsSwap) return [memory];
  const sum: ControlValue = {
    kind: 'swap',
    file: path.join(folder, 'memory.memsw.limit_in_bytes'),
    value: max !== undefined && plan.swapMaxBytes === 0 ? String(max) : noLimit,
  };
  const before = await bytesIn(path.join(folder, 'memory.limit_in_bytes'));
  return before === undefined || (max !== undefined && max < before) ? [memory, sum] : [sum, memory];
}

function cpuValues(folder: string | undefined, { cpuMilli, cpuShares }: LimitPlan): readonly ControlValue[] {
  if (folder === undefined) return [];
  const quota = cpuMilli === undefined ? noLimit : String(Math.max(leastQuota, Math.round((cpuMilli * periodMicroseconds) / 1000)));
  return [
    { kind: 'cpu', file: path.join(folder, 'cpu.shares'), value: String(cpuShares) },
    { kind: 'cpu', file: path.join(folder, 'cpu.cfs_period_us'), value: String(periodMicroseconds) },
    { kind: 'cpu', file: path.join(folder, 'cpu.cfs_quota_us'), value: quota },
  ];
}

function tasksValues(folder: string | undefined, { tasksMax }: LimitPlan): readonly ControlValue[] {
  return folder === undefined ? [] : [{ kind: 'tasks', file: path.join(folder, 'pids.max'), value: String(tasksMax) }];
}

function missingMessage(can: readonly LimitKind[]): { readonly message?: string } {
  const missing = (['memory', 'cpu'] as const).filter((kind) => !can.includes(kind));
  return missing.length === 0
    ? {}
    : { message: `The kernel has no controller for ${missing.join(' and ')} mounted that may be written to.` };
}
