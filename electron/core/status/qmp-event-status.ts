// Owns which QMP events change a run's status, and how.
// Must not treat an event as the end of the process: the exit is a fact of its own.
import { pausedForSuspendReason } from '../../api/lifecycle.ts';
import type { VirtualMachineInstanceStatus } from '../../api/kinds/virtual-machine-instance.ts';
import type { JsonObject } from '../../api/object.ts';
import { laterMemoryId } from '../qemu/devices/memory.ts';
import type { NewCondition } from './conditions.ts';
import { withLaterMemory } from './growth-status.ts';
import { withConditions } from './phase-changes.ts';

type Status = VirtualMachineInstanceStatus;
type EventRule = (status: Status, data: JsonObject, now: number) => Status;

export function statusAfterEvent(status: Status, fact: { readonly event: string; readonly data: JsonObject }, now: number): Status {
  const rule = Object.hasOwn(rules, fact.event) ? rules[fact.event] : undefined;
  return rule === undefined ? status : rule(status, fact.data, now);
}

export const pausedByUser: NewCondition = { type: 'Paused', status: 'True', reason: 'PausedByUser', message: 'VMI was paused by user' };

/** The computer sleeps; the reason is how machines that are to go on are known again. */
export const pausedForSleep: NewCondition = {
  type: 'Paused',
  status: 'True',
  reason: 'PausedHostSleep',
  message: 'VMI was paused because this computer sleeps',
};

export function isPausedForSleep(status: Status | undefined): boolean {
  return status?.conditions?.some(({ type, reason }) => type === pausedForSleep.type && reason === pausedForSleep.reason) === true;
}

const pausedForSuspend: NewCondition = {
  type: 'Paused',
  status: 'True',
  reason: pausedForSuspendReason,
  message: 'VMI was paused while its memory is written to disk',
};

/** One that stood still before, and is not suspended after all, stands still as before. */
export function withSuspending(status: Status, on: boolean, now: number): Status {
  if (on) return withConditions(status, { set: [pausedForSuspend] }, now);
  const isOurs = status.conditions?.some(({ type, reason }) => type === 'Paused' && reason === pausedForSuspendReason) === true;
  return isOurs ? withConditions(status, { set: [pausedByUser] }, now) : status;
}

const rules: Readonly<Record<string, EventRule>> = {
  // Every other cause of a stop is told by an event of its own that comes first.
  STOP: (status, _, now) => (isPaused(status) ? status : withConditions(status, { set: [pausedByUser] }, now)),
  // A panic at which it was paused is past: what ends it now is something else.
  RESUME: (status, _, now) =>
    withConditions(status.reason === 'GuestPanicked' ? withoutReason(status) : status, { cleared: ['Paused'] }, now),
  BLOCK_IO_ERROR: (status, data, now) =>
    data['action'] === 'stop'
      ? paused(status, { reason: 'PausedIOError', message: 'VMI was paused, low-level IO error detected' }, now)
      : status,
  WATCHDOG: (status, data, now) => {
    if (data['action'] === 'poweroff') return { ...status, reason: 'WatchdogPoweroff' };
    if (data['action'] !== 'pause') return status;
    return paused(status, { reason: 'PausedWatchdog', message: 'VMI was paused by its watchdog' }, now);
  },
  GUEST_PANICKED: (status, data, now) => {
    // `run`: the guest goes on, or hangs, and ends some day for a reason of its own. What happened is told by its event and evidence.
    if (data['action'] === 'run') return status;
    const panicked = { ...status, reason: 'GuestPanicked' };
    if (data['action'] !== 'pause') return panicked;
    return paused(panicked, { reason: 'PausedGuestPanicked', message: 'VMI was paused because its guest panicked' }, now);
  },
  MEMORY_DEVICE_SIZE_CHANGE: (status, data, now) =>
    data['id'] === laterMemoryId && typeof data['size'] === 'number' ? withLaterMemory(status, data['size'], now) : status,
  // The guest came back by itself: the panic or the bite was not its end.
  RESET: withoutReason,
};

function withoutReason({ reason: _, ...status }: Status): Status {
  return status;
}

function isPaused(status: Status): boolean {
  return status.conditions?.some(({ type }) => type === 'Paused') === true;
}

function paused(status: Status, why: { readonly reason: string; readonly message: string }, now: number): Status {
  return withConditions(status, { set: [{ type: 'Paused', status: 'True', ...why }] }, now);
}
