// Owns limits by systemd: a slice for each run, with the scopes of its programs in it.
// Must not write to the control groups that systemd owns, but for the one switch that it has no property for.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LimitKind } from '../../core/limits/enforcement.ts';
import type { LimitPlan } from '../../core/limits/limit-plan.ts';
import { readIfThere } from '../proc.ts';
import { unifiedCounters } from './cgroup-v2.ts';
import type { LimitDriver, LimitFailure } from './limit-driver.ts';

export interface SystemdManager {
  /** `systemctl` of this manager: `--user` is in it already. Answers its output; throws with its words. */
  readonly systemctl: (args: readonly string[]) => Promise<string>;
  /** `systemd-run --scope …` of this manager. */
  readonly scopePrefix: (unit: string, slice: string) => readonly string[];
  /** Where version 2 is mounted; undefined under version 1, which a user's manager can limit nothing by. */
  readonly unifiedMount?: string;
}

const parentSlice = 'virtdeck.slice';
/** `AllowedCPUs=`, and every other property, is accepted and then ignored when its controller was not given to the manager. */
const byController: readonly (readonly [string, readonly LimitKind[]])[] = [
  ['memory', ['memory', 'memoryHigh', 'swap']],
  ['cpu', ['cpu']],
  ['pids', ['tasks']],
];

export async function systemdSlices({ systemctl, scopePrefix, unifiedMount }: SystemdManager): Promise<LimitDriver> {
  const managerGroup = (await systemctl(['show', '--property=ControlGroup', '--value'])).trim();
  const root = unifiedMount === undefined ? undefined : path.join(unifiedMount, managerGroup);
  const controllers = ((root === undefined ? undefined : await readIfThere(path.join(root, 'cgroup.controllers'))) ?? '').trim().split(' ');
  const can = byController.flatMap(([controller, kinds]) => (controllers.includes(controller) ? kinds : []));
  const missing = (['memory', 'cpu'] as const).filter((kind) => !can.includes(kind));
  const folderOf = (group: string): string | undefined => (root === undefined ? undefined : path.join(root, parentSlice, sliceOf(group)));
  return {
    abilities: {
      by: 'systemd',
      can,
      ...(missing.length === 0
        ? {}
        : {
            message: `systemd was not given the controller for ${missing.join(' and ')}.`,
            fix: 'As root, write "[Service]\\nDelegate=cpu cpuset io memory pids" to /etc/systemd/system/user@.service.d/delegate.conf, and run: systemctl daemon-reload',
          }),
    },
    async set(group, plan) {
      const rows = properties(plan, can);
      if (rows.length === 0) return [];
      try {
        await systemctl(['set-property', '--runtime', sliceOf(group), ...rows]);
        return [];
      } catch (error) {
        const message = `systemd did not take the limits: ${error instanceof Error ? error.message : String(error)}`;
        return can.map((kind): LimitFailure => ({ kind, message }));
      }
    },
    prefix: (group, unit) => scopePrefix(unit, sliceOf(group)),
    async join(group) {
      const folder = folderOf(group);
      // Slices have no OOMPolicy=. The file belongs to the manager's user, and systemd leaves it as it finds it.
      if (folder !== undefined && can.includes('memory'))
        await writeFile(path.join(folder, 'memory.oom.group'), '1').catch(() => undefined);
    },
    async counters(group) {
      const folder = folderOf(group);
      return folder === undefined ? undefined : await unifiedCounters(folder);
    },
    path: (group) => (root === undefined ? undefined : path.join(managerGroup || '/', parentSlice, sliceOf(group))),
    async remove(group) {
      // A slice stays when its last scope has gone. One that never was is no failure.
      await systemctl(['stop', sliceOf(group)]).catch(() => undefined);
      await systemctl(['revert', sliceOf(group)]).catch(() => undefined);
    },
  };
}

/** A dash in the name of a slice means a child of the part before it. */
function sliceOf(group: string): string {
  return `virtdeck-${group.replaceAll(/\W/g, '')}.slice`;
}

function properties(plan: LimitPlan, can: readonly LimitKind[]): readonly string[] {
  const bytes = (value: number | undefined): string => (value === undefined ? 'infinity' : String(value));
  const all: readonly (readonly [LimitKind, string])[] = [
    ['memoryHigh', `MemoryHigh=${bytes(plan.memoryHighBytes)}`],
    ['memory', `MemoryMax=${bytes(plan.memoryMaxBytes)}`],
    ['swap', `MemorySwapMax=${bytes(plan.swapMaxBytes)}`],
    ['cpu', `CPUWeight=${plan.cpuWeight}`],
    // An empty quota takes it off.
    ['cpu', plan.cpuMilli === undefined ? 'CPUQuota=' : `CPUQuota=${plan.cpuMilli / 10}%`],
    ['tasks', `TasksMax=${plan.tasksMax}`],
  ];
  return all.flatMap(([kind, row]) => (can.includes(kind) ? [row] : []));
}
