// Owns the LimitPort: one group for each run, by whatever this computer has, and what the group tells.
// Must not decide any value.
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import type { LimitShortfall } from '../../core/limits/enforcement.ts';
import type { LimitPlan } from '../../core/limits/limit-plan.ts';
import type { LimitPort, Log } from '../../engine/ports.ts';
import { reasonOf } from '../errno.ts';
import { findProgram, runCommand } from '../exec.ts';
import { readIfThere } from '../proc.ts';
import { findScopePrefix } from '../qemu/scope.ts';
import { cgroupV1 } from './cgroup-v1.ts';
import { cgroupV2 } from './cgroup-v2.ts';
import { cgroupMounts } from './control-files.ts';
import type { LimitDriver } from './limit-driver.ts';
import { noDriver } from './no-driver.ts';
import { setOomScoreAdj } from './oom-score.ts';
import { systemdSlices } from './systemd-slice.ts';

/** What the rest of the host needs beside the port. */
export interface HostLimits extends LimitPort {
  /** Arguments before a program of the run, so that it starts in its group. */
  prefix(runDir: string): Promise<(unit: string) => readonly string[]>;
  /** As soon as it has a pid: what it takes from then on is counted. Never rejects: `verify` tells. */
  join(runDir: string, pid: number): Promise<void>;
  /** Of the group, as /proc/PID/cgroup names it. */
  place(runDir: string): Promise<string | undefined>;
  release(runDir: string): Promise<void>;
}

const systemctlTimeoutMs = 10_000;

export interface LimitsOptions {
  readonly log: Log;
  /** Found out when absent. */
  readonly driver?: () => Promise<LimitDriver>;
}

export function createLimits({ log, driver = findDriver }: LimitsOptions): HostLimits {
  // Asked for now, needed at the first start: trying out systemd takes longer than starting QEMU.
  const found = driver().catch((error: unknown): LimitDriver => {
    log.warn('Machines cannot be limited', { reason: reasonOf(error) });
    return noDriver(`What limits processes here could not be found out: ${reasonOf(error)}`);
  });
  /** By group: what new members of it get. */
  const plans = new Map<string, LimitPlan>();
  return {
    abilities: async () => (await found).abilities,
    async set(runDir, plan) {
      plans.set(groupOf(runDir), plan);
      try {
        return await (await found).set(groupOf(runDir), plan);
      } catch (error) {
        return [{ kind: 'memory', message: `The control group of the machine could not be made: ${reasonOf(error)}.` }];
      }
    },
    verify: async (runDir, pid) => await verify(await found, groupOf(runDir), pid),
    async prefix(runDir) {
      const known = await found;
      return (unit) => known.prefix(groupOf(runDir), unit);
    },
    async join(runDir, pid) {
      const plan = plans.get(groupOf(runDir));
      try {
        await (await found).join(groupOf(runDir), pid);
      } catch (error) {
        log.warn('A process could not be put into its control group', { runDir, pid, reason: reasonOf(error) });
      }
      if (plan !== undefined) await setOomScoreAdj(pid, plan.oomScoreAdj);
    },
    place: async (runDir) => (await found).path(groupOf(runDir)),
    counters: async (runDir) => await (await found).counters(groupOf(runDir)),
    setOomOrder: async (pid, value) => await setOomScoreAdj(pid, value),
    async release(runDir) {
      plans.delete(groupOf(runDir));
      try {
        await (await found).remove(groupOf(runDir));
      } catch (error) {
        log.warn('The control group of a machine could not be removed', { runDir, reason: reasonOf(error) });
      }
    },
  };
}

/** Run directories have random names. */
function groupOf(runDir: string): string {
  return path.basename(runDir);
}

async function verify(driver: LimitDriver, group: string, pid: number): Promise<readonly LimitShortfall[]> {
  const place = driver.path(group);
  if (place === undefined) return [];
  const membership = (await readIfThere(`/proc/${pid}/cgroup`)) ?? '';
  const rows = membership.split('\n').map((line) => line.split(':'));
  const where = rows.find(([id, names]) => (driver.abilities.by === 'cgroup v1' ? names?.split(',').includes('memory') : id === '0'))?.[2];
  if (where === place || where?.startsWith(`${place}/`) === true) return [];
  return [{ kind: 'memory', message: `QEMU is in the control group ${where ?? 'of nobody'} instead of ${place}.` }];
}

async function findDriver(): Promise<LimitDriver> {
  const uid = process.getuid?.() ?? 0;
  const [mounts, scopes] = await Promise.all([cgroupMounts(), findScopePrefix(uid)]);
  const unified = mounts.get('unified');
  if (scopes !== undefined) {
    const manager = { systemctl: systemctl(uid), scopePrefix: scopes };
    return await systemdSlices({ ...manager, ...(unified === undefined || mounts.has('memory') ? {} : { unifiedMount: unified }) });
  }
  if (mounts.has('memory')) {
    return (await cgroupV1(mounts)) ?? noDriver('Control groups of version 1 can be made by root alone.', installSystemd);
  }
  if (unified === undefined) return noDriver('The kernel has no control groups mounted.', installSystemd);
  const own = /^0::(.*)$/m.exec((await readIfThere('/proc/self/cgroup')) ?? '')?.[1] ?? '/';
  return (
    (await cgroupV2({ mount: unified, own, pid: process.pid })) ??
    noDriver('This user was given no control group to divide, and there is no systemd to ask.', installSystemd)
  );
}

const installSystemd = 'Log in to a session with systemd --user, or run Virtdeck where a control group was delegated to it.';

function systemctl(uid: number): (args: readonly string[]) => Promise<string> {
  return async (args) => {
    const program = (await findProgram('systemctl')) ?? 'systemctl';
    const result = await runCommand({ program, args: [...(uid === 0 ? [] : ['--user']), ...args], timeoutMs: systemctlTimeoutMs });
    if (result.code !== 0) throw new AppError('ToolFailed', result.stderr.trim() || `systemctl ${args[0] ?? ''} failed.`);
    return result.stdout;
  };
}
