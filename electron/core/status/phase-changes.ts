// Owns the moves that every change of a run's status is made of: into a phase, to its end, conditions set and cleared.
// Must not know any fact.
import type { VirtualMachineInstanceStatus } from '../../api/kinds/virtual-machine-instance.ts';
import type { VmiPhase } from '../../api/lifecycle.ts';
import { type NewCondition, type StatusCondition, timestamp, withCondition, withoutCondition } from './conditions.ts';

type Status = VirtualMachineInstanceStatus;

/** The condition of host-device-status.ts: it goes with the run. */
export const hostDevicesChange = 'HostDevicesChange';

/** Entering a phase is written down with its time; staying in it is not. */
export function inPhase(status: Status, phase: VmiPhase, now: number): Status {
  if (status.phase === phase) return status;
  const transition = { phase, phaseTransitionTimestamp: timestamp(now) };
  return { ...status, phase, phaseTransitionTimestamps: [...(status.phaseTransitionTimestamps ?? []), transition] };
}

export interface ConditionChange {
  readonly set?: readonly NewCondition[];
  readonly cleared?: readonly string[];
}

export function withConditions(status: Status, { set = [], cleared = [] }: ConditionChange, now: number): Status {
  const kept: StatusCondition[] = withoutCondition(status.conditions ?? [], ...cleared);
  return { ...status, conditions: set.reduce((conditions, next) => withCondition(conditions, next, now), kept) };
}

export interface End {
  readonly reason?: string;
  readonly message: string;
  readonly now: number;
}

/** The run is over. `reason` is there when it failed. */
export function ended(old: Status, phase: 'Succeeded' | 'Failed', { reason, message, now }: End): Status {
  const { reason: _, ...rest } = old;
  const ready: NewCondition = { type: 'Ready', status: 'False', reason: reason ?? 'GuestNotRunning', message };
  const status = inPhase({ ...rest, ...(reason === undefined ? {} : { reason }) }, phase, now);
  return withConditions(status, { set: [ready], cleared: ['Paused', 'AgentConnected', 'PodScheduled', hostDevicesChange] }, now);
}
