// Owns what a run's status becomes after a fact: phases, conditions, addresses, guest OS, with KubeVirt's names.
// Must not act, and must not forget: the same facts in the same order give the same status.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance, VirtualMachineInstanceStatus } from '../../api/kinds/virtual-machine-instance.ts';
import { type VmiPhase, isFinal, phaseOf } from '../../api/lifecycle.ts';
import type { ExitFact } from '../facts.ts';
import { type NewCondition, type StatusCondition, timestamp, withCondition, withoutCondition } from './conditions.ts';
import { interfaceStatuses } from './interface-status.ts';
import { statusAfterEvent } from './qmp-event-status.ts';
import { unlessSame } from './same-json.ts';
import type { VmiFact } from './vmi-fact.ts';

type Status = VirtualMachineInstanceStatus;

/**
 * The status of `vmi` after `fact`; the very same object when nothing changed.
 * @param now milliseconds since 1970.
 */
export function vmiStatusAfter(vmi: VirtualMachineInstance, fact: VmiFact, now: number): VirtualMachineInstanceStatus {
  const old = vmi.status ?? {};
  // A run that is over stays as it ended: late facts of its process change nothing.
  if (isFinal(vmi.status === undefined ? undefined : phaseOf(vmi))) return old;
  return unlessSame(vmi.status, nextStatus(vmi, fact, now));
}

function nextStatus(vmi: VirtualMachineInstance, fact: VmiFact, now: number): Status {
  const old = vmi.status ?? {};
  switch (fact.type) {
    case 'Created':
      return created(vmi, now);
    case 'Refused':
      return refused(old, fact.causes, now);
    case 'Scheduled':
      return withConditions(inPhase({ ...old, nodeName: fact.node }, 'Scheduled', now), { set: [guestNotRunning], cleared: refusals }, now);
    case 'Started':
      return started(vmi, fact, now);
    case 'StartFailed':
      return startFailed(old, fact, now);
    case 'Stopping':
      return withConditions(old, { set: [stopping] }, now);
    case 'Exited':
      return exited(vmi, fact.exit, now);
    case 'QmpEvent':
      return statusAfterEvent(old, fact, now);
    case 'Agent':
      return agent(vmi, fact.connected, now);
    case 'Interfaces':
      return { ...old, interfaces: interfaceStatuses(vmi.spec, fact.interfaces) };
    case 'GuestOs': {
      const { hostname: _, ...guestOSInfo } = fact.os;
      return { ...old, guestOSInfo };
    }
  }
}

const guestNotRunning: NewCondition = {
  type: 'Ready',
  status: 'False',
  reason: 'GuestNotRunning',
  message: 'Guest VM is not reported as running',
};

const stopping: NewCondition = { type: 'Ready', status: 'False', reason: 'PodTerminating', message: 'The machine is being stopped.' };

/** What a start that goes on takes back. */
const refusals = ['PodScheduled', 'Synchronized'] as const;

function created(vmi: VirtualMachineInstance, now: number): Status {
  const { cpu, memory } = vmi.spec.domain;
  const guest = memory?.guest;
  const status: Status = {
    ...vmi.status,
    currentCPUTopology: { cores: cpu?.cores ?? 1, sockets: cpu?.sockets ?? 1, threads: cpu?.threads ?? 1 },
    ...(guest === undefined ? {} : { memory: { guestAtBoot: guest, guestCurrent: guest, guestRequested: guest } }),
  };
  return withConditions(inPhase(status, 'Pending', now), { set: [guestNotRunning] }, now);
}

/** A missing disk is told apart, because the machine's printable status does. */
function refused(old: Status, causes: readonly Cause[], now: number): Status {
  const message = causes.map((cause) => cause.message).join(' ');
  const noClaim = causes.some(({ reason }) => reason === 'FailedPvcNotFound');
  const condition: NewCondition = noClaim
    ? { type: 'Synchronized', status: 'False', reason: 'FailedPvcNotFound', message }
    : { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  const change: ConditionChange = { set: [guestNotRunning, condition], cleared: refusals.filter((type) => type !== condition.type) };
  return withConditions(inPhase(old, 'Scheduling', now), change, now);
}

function started(vmi: VirtualMachineInstance, fact: Extract<VmiFact, { type: 'Started' }>, now: number): Status {
  const { reason: _, ...old } = vmi.status ?? {};
  const running = inPhase({ ...old, nodeName: fact.node }, 'Running', now);
  const conditions: NewCondition[] = [
    { type: 'Ready', status: 'True' },
    {
      type: 'LiveMigratable',
      status: 'False',
      reason: 'SingleComputer',
      message: 'There is one computer here: a machine cannot move to another.',
    },
    ...(fact.paused ? [pausedByUser] : []),
    ...(fact.accelerator === 'tcg' ? [softwareEmulation(fact.message)] : []),
  ];
  const cleared = [...refusals, ...(fact.paused ? [] : ['Paused']), ...(fact.accelerator === 'tcg' ? [] : ['SoftwareEmulation'])];
  // After an adoption the addresses are known already.
  const interfaces = running.interfaces ?? interfaceStatuses(vmi.spec, []);
  return withConditions({ ...running, interfaces }, { set: conditions, cleared }, now);
}

export const pausedByUser: NewCondition = { type: 'Paused', status: 'True', reason: 'PausedByUser', message: 'VMI was paused by user' };

function softwareEmulation(message = 'The processor is emulated in software: the guest is slow.'): NewCondition {
  return { type: 'SoftwareEmulation', status: 'True', reason: 'NoKvm', message };
}

function agent(vmi: VirtualMachineInstance, connected: boolean, now: number): Status {
  const old = vmi.status ?? {};
  if (connected) return withConditions(old, { set: [{ type: 'AgentConnected', status: 'True' }] }, now);
  const { guestOSInfo: _, ...rest } = old;
  return withConditions({ ...rest, interfaces: interfaceStatuses(vmi.spec, []) }, { cleared: ['AgentConnected'] }, now);
}

/** How KubeVirt reads the end of a domain (virt-handler's calculateVmPhaseForStatusReason). */
function exited(vmi: VirtualMachineInstance, exit: ExitFact, now: number): Status {
  const old = vmi.status ?? {};
  // Set by GUEST_PANICKED and by a watchdog that cut the power: QEMU itself then ends politely.
  if (old.reason !== undefined && exit.type !== 'OutOfMemory') {
    return ended(old, 'Failed', { reason: old.reason, message: endMessages.get(old.reason) ?? 'The guest was ended.', now });
  }
  switch (exit.type) {
    case 'GuestShutdown':
      return ended(old, 'Succeeded', { message: 'The guest shut down.', now });
    case 'EndedUnwatched':
      return ended(old, 'Succeeded', { message: 'The machine ended while Virtdeck was not running.', now });
    case 'HostStopped': {
      if (exit.signal === undefined) return ended(old, 'Succeeded', { message: 'The machine was stopped.', now });
      // Without ACPI there is no button to press, so a signal is the orderly end.
      const acpi = vmi.spec.domain.features?.acpi?.enabled !== false;
      const message = `The guest did not shut down within its grace period and was ended with ${exit.signal}.`;
      return acpi
        ? ended(old, 'Failed', { reason: 'Destroyed', message, now })
        : ended(old, 'Succeeded', { message: 'The machine was stopped.', now });
    }
    case 'Crashed':
      return ended(old, 'Failed', { reason: 'Crashed', message: crashMessage(exit), now });
    case 'Killed':
      return ended(old, 'Failed', { reason: 'Killed', message: `Somebody ended QEMU with ${exit.signal}.`, now });
    case 'Lost':
      return ended(old, 'Failed', {
        reason: 'Lost',
        message: 'The machine is not there any more: the computer was restarted, or somebody removed its process and its traces.',
        now,
      });
    case 'OutOfMemory':
      return ended(old, 'Failed', { reason: 'OutOfMemory', message: 'The kernel ended QEMU because memory ran out.', now });
  }
}

const endMessages: ReadonlyMap<string, string> = new Map([
  ['GuestPanicked', 'The guest panicked.'],
  ['WatchdogPoweroff', 'The watchdog of the machine was not fed in time and cut the power.'],
]);

function crashMessage({ code, signal, stderr }: Extract<ExitFact, { type: 'Crashed' }>): string {
  const how = signal === undefined ? `with code ${code ?? 'unknown'}` : `by ${signal}`;
  const said = stderr.trim();
  return `QEMU ended ${how}${said === '' ? '.' : `: ${said}`}`;
}

function startFailed(old: Status, { reason, message }: Extract<VmiFact, { type: 'StartFailed' }>, now: number): Status {
  const failed = withConditions(old, { set: [{ type: 'Synchronized', status: 'False', reason, message }] }, now);
  return ended(failed, 'Failed', { reason, message, now });
}

interface End {
  readonly reason?: string;
  readonly message: string;
  readonly now: number;
}

function ended(old: Status, phase: 'Succeeded' | 'Failed', { reason, message, now }: End): Status {
  const { reason: _, ...rest } = old;
  const ready: NewCondition = { type: 'Ready', status: 'False', reason: reason ?? 'GuestNotRunning', message };
  const status = inPhase({ ...rest, ...(reason === undefined ? {} : { reason }) }, phase, now);
  return withConditions(status, { set: [ready], cleared: ['Paused', 'AgentConnected', 'PodScheduled'] }, now);
}

function inPhase(status: Status, phase: VmiPhase, now: number): Status {
  if (status.phase === phase) return status;
  const transition = { phase, phaseTransitionTimestamp: timestamp(now) };
  return { ...status, phase, phaseTransitionTimestamps: [...(status.phaseTransitionTimestamps ?? []), transition] };
}

interface ConditionChange {
  readonly set?: readonly NewCondition[];
  readonly cleared?: readonly string[];
}

function withConditions(status: Status, { set = [], cleared = [] }: ConditionChange, now: number): Status {
  const kept: StatusCondition[] = withoutCondition(status.conditions ?? [], ...cleared);
  return { ...status, conditions: set.reduce((conditions, next) => withCondition(conditions, next, now), kept) };
}
