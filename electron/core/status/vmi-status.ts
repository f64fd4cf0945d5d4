// Owns what a run's status becomes after a fact: phases, conditions, addresses, guest OS, with KubeVirt's names.
// Must not act, and must not forget: the same facts in the same order give the same status.
import type { SecureBootReport } from '../facts.ts';
import { discardsChanges } from '../../api/discard-changes.ts';
import type { VirtualMachineInstance, VirtualMachineInstanceStatus } from '../../api/kinds/virtual-machine-instance.ts';
import { limitCondition } from '../limits/enforcement.ts';
import { limitPlan } from '../limits/limit-plan.ts';
import { failedCreate, isOfQuota } from '../quota/reasons.ts';
import { isFinal, phaseOf } from '../../api/lifecycle.ts';
import type { NewCondition } from './conditions.ts';
import { statusAfterExit } from './exit-status.ts';
import { growthAsked, growthFailed, grown } from './growth-status.ts';
import { withOpenDevices } from './host-device-status.ts';
import { interfaceStatuses, knownOfGuest } from './interface-status.ts';
import { type ConditionChange, ended, inPhase, withConditions } from './phase-changes.ts';
import { notHonouredCondition } from './not-honoured-condition.ts';
import { annotationsNotHonoured, notHonoured } from '../validate/not-honoured.ts';
import { pausedByUser, pausedForSleep, statusAfterEvent, withSuspending } from './qmp-event-status.ts';
import { unlessSame } from './same-json.ts';
import { rowsAtStart } from './volume-status.ts';
import type { LimitsSet, VmiFact } from './vmi-fact.ts';

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
      return refused(old, fact, now);
    case 'Scheduled':
      return withConditions(inPhase({ ...old, nodeName: fact.node }, 'Scheduled', now), { set: [guestNotRunning], cleared: refusals }, now);
    case 'Started':
      return started(vmi, fact, now);
    case 'Limits':
      return withConditions(old, limitChange(vmi, fact.accelerator, fact), now);
    case 'StartFailed':
      return startFailed(old, fact, now);
    case 'Stopping':
      return withConditions(old, { set: [stopping] }, now);
    case 'HostSleeps':
      return withConditions(old, { set: [pausedForSleep] }, now);
    case 'Suspends':
      return withSuspending(old, fact.on, now);
    case 'Readiness':
      return withConditions(old, { set: [fact.ready ? isReady : notReady(fact.message)] }, now);
    case 'LivenessFailed':
      return { ...old, reason: 'LivenessProbeFailed' };
    case 'Exited':
      return statusAfterExit(vmi, fact.exit, now);
    case 'QmpEvent':
      return statusAfterEvent(old, fact, now);
    case 'Agent':
      return agent(vmi, fact.connected, now);
    case 'SidecarEnded':
      return withConditions(old, { set: [deviceLost(fact)] }, now);
    case 'Interfaces':
      return { ...old, interfaces: interfaceStatuses(vmi.spec, fact.interfaces) };
    case 'SecureBoot':
      return withConditions(old, { set: [secureBootActive(fact.report)] }, now);
    case 'CardsChanged':
      return { ...old, interfaces: interfaceStatuses(vmi.spec, knownOfGuest(old.interfaces)) };
    case 'HostDevices':
      return withOpenDevices(old, fact, now);
    case 'GrowthAsked':
      return growthAsked(old, fact, now);
    case 'Grown':
      return grown(vmi, fact, now);
    case 'GrowthFailed':
      return growthFailed(old, fact, now);
    case 'GuestOs': {
      const { hostname: _, ...guestOSInfo } = fact.os;
      return { ...old, guestOSInfo };
    }
  }
}

/** The guest's own word: what the manifest asks for is in the spec. */
function secureBootActive({ enabled, setupMode }: SecureBootReport): NewCondition {
  const type = 'SecureBootActive';
  if (enabled) return { type, status: 'True', reason: 'ReportedByGuest', message: 'The guest reports that Secure Boot is on.' };
  return setupMode
    ? { type, status: 'False', reason: 'SetupMode', message: 'The guest reports that the firmware is in setup mode: it has no keys yet.' }
    : { type, status: 'False', reason: 'ReportedByGuest', message: 'The guest reports that Secure Boot is off.' };
}

/** The guest runs on without what the program gave it. A new start brings it back. */
function deviceLost({ name, serves, message }: Extract<VmiFact, { type: 'SidecarEnded' }>): NewCondition {
  return {
    type: 'DeviceLost',
    status: 'True',
    reason: 'SidecarEnded',
    message: `${serves} does not answer any more: ${name} ended. ${message} Stop and start the machine to bring it back.`,
  };
}

const guestNotRunning: NewCondition = {
  type: 'Ready',
  status: 'False',
  reason: 'GuestNotRunning',
  message: 'Guest VM is not reported as running',
};

const isReady: NewCondition = { type: 'Ready', status: 'True' };

/** KubeVirt's Ready follows its pod's, and this is what a pod says then. */
function notReady(message: string): NewCondition {
  return { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message };
}

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
  return withConditions(inPhase(status, 'Pending', now), { set: [guestNotRunning, ...fieldsNotHonoured(vmi)] }, now);
}

/** Of a run that somebody made himself. A machine says it of its own definition. */
function fieldsNotHonoured({ spec, metadata }: VirtualMachineInstance): readonly NewCondition[] {
  const isOfMachine = metadata.ownerReferences?.some(({ kind }) => kind === 'VirtualMachine') === true;
  return isOfMachine
    ? []
    : notHonouredCondition([...annotationsNotHonoured(metadata.annotations, 'metadata'), ...notHonoured(spec, 'spec')]);
}

/** What the machine's printable status tells apart: a missing disk, an image that cannot be had. */
const toldApart = ['FailedPvcNotFound', 'ErrImagePull', 'ImagePullBackOff'] as const;

function refused(old: Status, { causes, unschedulable }: Extract<VmiFact, { type: 'Refused' }>, now: number): Status {
  // kube-scheduler's sentence first, then every reason in words.
  const message = [...(unschedulable === undefined ? [] : [unschedulable]), ...causes.map((cause) => cause.message)].join(' ');
  const special = toldApart.find((known) => causes.some(({ reason }) => reason === known));
  const reason = special ?? (causes.some(isOfQuota) ? failedCreate : undefined);
  const condition: NewCondition =
    reason !== undefined
      ? { type: 'Synchronized', status: 'False', reason, message }
      : { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  const change: ConditionChange = { set: [guestNotRunning, condition], cleared: refusals.filter((type) => type !== condition.type) };
  return withConditions(inPhase(old, 'Scheduling', now), change, now);
}

function started(vmi: VirtualMachineInstance, fact: Extract<VmiFact, { type: 'Started' }>, now: number): Status {
  const { reason: _, ...old } = vmi.status ?? {};
  const running = inPhase({ ...old, nodeName: fact.node }, 'Running', now);
  const limits = fact.limits === undefined ? {} : limitChange(vmi, fact.accelerator, fact.limits);
  const conditions: NewCondition[] = [
    vmi.spec.readinessProbe === undefined ? isReady : notReady('The readiness probe has not succeeded yet.'),
    {
      type: 'LiveMigratable',
      status: 'False',
      reason: 'SingleComputer',
      message: 'There is one computer here: a machine cannot move to another.',
    },
    ...(discardsChanges(vmi) ? [discarding] : []),
    ...(fact.paused ? [pausedByUser] : []),
    ...(fact.accelerator === 'tcg' ? [softwareEmulation(fact.message)] : []),
    ...(limits.set ?? []),
  ];
  const cleared = [
    ...refusals,
    ...(limits.cleared ?? []),
    ...(fact.paused ? [] : ['Paused']),
    ...(fact.accelerator === 'tcg' ? [] : ['SoftwareEmulation']),
  ];
  // After an adoption the addresses are known already.
  const interfaces = running.interfaces ?? interfaceStatuses(vmi.spec, []);
  return withConditions({ ...running, interfaces, ...volumeRows(vmi) }, { set: conditions, cleared }, now);
}

const discarding: NewCondition = {
  type: 'DiscardsChanges',
  status: 'True',
  reason: 'AskedAtStart',
  message: 'What the guest writes to its disks, its UEFI variables and its TPM is thrown away when the machine is off.',
};

function limitChange(vmi: VirtualMachineInstance, accelerator: 'kvm' | 'tcg', { abilities, shortfalls }: LimitsSet): ConditionChange {
  const condition = limitCondition(limitPlan(vmi, accelerator), abilities, shortfalls);
  return condition === undefined ? { cleared: ['LimitsEnforced'] } : { set: [condition] };
}

function volumeRows(vmi: VirtualMachineInstance): Pick<Status, 'volumeStatus'> {
  const rows = rowsAtStart(vmi);
  return rows.length === 0 ? {} : { volumeStatus: [...rows] };
}

function softwareEmulation(message = 'The processor is emulated in software: the guest is slow.'): NewCondition {
  return { type: 'SoftwareEmulation', status: 'True', reason: 'NoKvm', message };
}

function agent(vmi: VirtualMachineInstance, connected: boolean, now: number): Status {
  const old = vmi.status ?? {};
  if (connected) return withConditions(old, { set: [{ type: 'AgentConnected', status: 'True' }] }, now);
  const { guestOSInfo: _, ...rest } = old;
  return withConditions({ ...rest, interfaces: interfaceStatuses(vmi.spec, []) }, { cleared: ['AgentConnected', 'SecureBootActive'] }, now);
}

function startFailed(old: Status, { reason, message }: Extract<VmiFact, { type: 'StartFailed' }>, now: number): Status {
  const failed = withConditions(old, { set: [{ type: 'Synchronized', status: 'False', reason, message }] }, now);
  return ended(failed, 'Failed', { reason, message, now });
}
