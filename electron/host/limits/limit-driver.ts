// Owns what every way of limiting the processes of a run has in common.
// Must not know any of them.
import type { LimitAbilities, LimitKind } from '../../core/limits/enforcement.ts';
import type { LimitPlan } from '../../core/limits/limit-plan.ts';
import type { MemoryCounters } from '../../engine/ports.ts';

/** What a value is written to; the failure is told with the kind of limit. */
export interface LimitFailure {
  readonly kind: LimitKind;
  readonly message: string;
}

/** Groups are named after the run: nothing has to be remembered to find one again. */
export interface LimitDriver {
  readonly abilities: LimitAbilities;
  /** Makes the group, or changes it. Values that the driver has no ability for are left alone. */
  set(group: string, plan: LimitPlan): Promise<readonly LimitFailure[]>;
  /** Arguments before a program that put it into the group from its start; empty where it is moved by `join`. */
  prefix(group: string, unit: string): readonly string[];
  join(group: string, pid: number): Promise<void>;
  /** Undefined when the group is gone. */
  counters(group: string): Promise<MemoryCounters | undefined>;
  /** Of the group, below the hierarchy that counts memory, as /proc/PID/cgroup names it; undefined where nothing does. */
  path(group: string): string | undefined;
  remove(group: string): Promise<void>;
}
