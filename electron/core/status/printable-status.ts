// Owns the one word that a machine's list shows: the first row that holds, in KubeVirt's order (v1.9.0, setPrintableStatus).
// Must not hold rows for what does not exist here: migration, receivers.
import type { DataVolume } from '../../api/kinds/data-volume.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf, runStrategyOf } from '../../api/lifecycle.ts';
import { restartingStrategies } from '../reconcile/start-failure.ts';
import { hasStartRequest, hasStopRequestFor } from '../reconcile/state-changes.ts';
import { vmStep } from '../reconcile/vm-step.ts';
import { isTrue } from './conditions.ts';
import type { VmObserved } from './vm-observed.ts';

interface Machine {
  readonly vm: VirtualMachine;
  readonly vmi?: VirtualMachineInstance;
  readonly observed: VmObserved;
  readonly now: number;
}

/** A start that cannot go on, or waits for its disks. */
export const hinderedStatuses = [
  'ErrorPvcNotFound',
  'DataVolumeError',
  'ErrorUnschedulable',
  'Provisioning',
  'WaitingForVolumeBinding',
  'ErrImagePull',
  'ImagePullBackOff',
] as const;

export const printableStatuses = [
  'Terminating',
  'Stopping',
  'Paused',
  'Running',
  ...hinderedStatuses,
  'Starting',
  'CrashLoopBackOff',
  'Stopped',
] as const;
export type PrintableStatus = (typeof printableStatuses)[number] | 'Unknown';

const holds: Readonly<Record<(typeof printableStatuses)[number], (machine: Machine) => boolean>> = {
  Terminating: ({ vm }) => vm.metadata.deletionTimestamp !== undefined,
  Stopping: ({ vmi }) => vmi !== undefined && !isFinal(phaseOf(vmi)) && vmi.metadata.deletionTimestamp !== undefined,
  Paused: ({ vmi }) => vmi !== undefined && phaseOf(vmi) === 'Running' && isTrue(vmi.status?.conditions, 'Paused'),
  Running: ({ vmi }) => vmi !== undefined && phaseOf(vmi) === 'Running',
  ErrorPvcNotFound: ({ vmi }) => isRefused(vmi, 'Synchronized', 'FailedPvcNotFound'),
  DataVolumeError: ({ observed }) => observed.dataVolumes?.some(hasFailed) === true,
  ErrorUnschedulable: ({ vmi }) => isRefused(vmi, 'PodScheduled', 'Unschedulable'),
  Provisioning: ({ observed }) => observed.dataVolumes?.some(isBeingFilled) === true,
  WaitingForVolumeBinding: (machine) =>
    isSetToStart(machine) && machine.observed.claims?.some((claim) => claim.status?.phase !== 'Bound') === true,
  ErrImagePull: ({ vmi }) => isRefused(vmi, 'Synchronized', 'ErrImagePull'),
  ImagePullBackOff: ({ vmi }) => isRefused(vmi, 'Synchronized', 'ImagePullBackOff'),
  Starting: ({ vm, vmi, now }) => {
    if (vmi === undefined) return vmStep(vm, vmi, now).type === 'CreateVmi';
    return ['Pending', 'Scheduling', 'Scheduled'].includes(phaseOf(vmi));
  },
  CrashLoopBackOff: ({ vm, vmi }) => {
    if (vmi !== undefined && !isFinal(phaseOf(vmi))) return false;
    return (vm.status?.startFailure?.consecutiveFailCount ?? 0) > 0 && restartingStrategies.includes(runStrategyOf(vm));
  },
  Stopped: ({ vmi }) => vmi === undefined || isFinal(phaseOf(vmi)),
};

export function printableStatus(vm: VirtualMachine, observed: VmObserved, now: number): PrintableStatus {
  const { vmi } = observed;
  const machine: Machine = { vm, ...(vmi === undefined ? {} : { vmi }), observed, now };
  return printableStatuses.find((name) => holds[name](machine)) ?? 'Unknown';
}

function isRefused(vmi: VirtualMachineInstance | undefined, type: string, reason: string): boolean {
  return (
    vmi?.status?.conditions?.some((condition) => condition.type === type && condition.status === 'False' && condition.reason === reason) ===
    true
  );
}

function hasFailed({ status }: DataVolume): boolean {
  return (
    status?.phase === 'Failed' ||
    status?.conditions?.some(({ type, status: is, reason }) => type === 'Running' && is === 'False' && reason === 'Error') === true
  );
}

/** CDI's phases at which nothing is being copied. */
const restingPhases: readonly string[] = ['Succeeded', 'Failed', 'WaitForFirstConsumer', 'PendingPopulation', 'Paused'];

function isBeingFilled({ status }: DataVolume): boolean {
  return !restingPhases.includes(status?.phase ?? '');
}

function isSetToStart({ vm, vmi }: Machine): boolean {
  switch (runStrategyOf(vm)) {
    case 'Always':
      return true;
    case 'Halted':
      return false;
    case 'Manual':
      return vmi === undefined ? hasStartRequest(vm) : !hasStopRequestFor(vm, vmi);
    case 'RerunOnFailure':
      return vmi === undefined || phaseOf(vmi) !== 'Succeeded';
    case 'Once':
      return vmi === undefined;
  }
}
