// Owns what a machine's status looks like: one row per printable status, and the reason in words when something is wrong.
// Must not invent a status; the core decides it.
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';

/** Groups of the status filter. */
export const statusGroups = ['running', 'paused', 'changing', 'problem', 'stopped'] as const;
export type StatusGroup = (typeof statusGroups)[number];

export interface MachineStatus {
  /** Key under `machines:status`. */
  readonly id: StatusId;
  readonly group: StatusGroup;
  /** The core's own sentence, when something is wrong. */
  readonly reason?: string;
}

const groups = {
  Running: 'running',
  Paused: 'paused',
  Provisioning: 'changing',
  WaitingForVolumeBinding: 'changing',
  Starting: 'changing',
  Queued: 'changing',
  Migrating: 'changing',
  Stopping: 'changing',
  Terminating: 'changing',
  CrashLoopBackOff: 'problem',
  ErrorUnschedulable: 'problem',
  ErrorPvcNotFound: 'problem',
  DataVolumeError: 'problem',
  ErrImagePull: 'problem',
  ImagePullBackOff: 'problem',
  Unknown: 'problem',
  Stopped: 'stopped',
  Suspended: 'stopped',
  Failed: 'problem',
} as const satisfies Readonly<Record<string, StatusGroup>>;

export type StatusId = keyof typeof groups;

/** Conditions that say why, the most telling first. */
const reasonTypes: readonly { readonly type: string; readonly status: 'True' | 'False' }[] = [
  { type: 'Failure', status: 'True' },
  { type: 'PodScheduled', status: 'False' },
  { type: 'Synchronized', status: 'False' },
];

export function machineStatus(vm: Pick<VirtualMachine, 'status'>): MachineStatus {
  const printed = vm.status?.printableStatus ?? 'Stopped';
  const known: StatusId = isStatusId(printed) ? printed : 'Unknown';
  const reason = reasonOf(vm);
  // A machine that rests because its last start failed is not simply stopped.
  const rest = isSuspended(vm) ? 'Suspended' : 'Stopped';
  const id = known === 'Stopped' ? (reason === undefined ? rest : 'Failed') : known === 'Starting' && isQueued(vm) ? 'Queued' : known;
  const group = groups[id];
  return group === 'problem' && reason !== undefined ? { id, group, reason } : { id, group };
}

/** Its memory waits on disk for the next start. */
export function isSuspended({ status }: Pick<VirtualMachine, 'status'>): boolean {
  return status?.conditions?.some((condition) => condition.type === 'SavedState' && condition.status === 'True') === true;
}

/** It comes up after others. */
function isQueued({ status }: Pick<VirtualMachine, 'status'>): boolean {
  return status?.conditions?.some((condition) => condition.type === 'StartDelayed' && condition.status === 'True') === true;
}

function isStatusId(text: string): text is StatusId {
  return text in groups;
}

function reasonOf({ status }: Pick<VirtualMachine, 'status'>): string | undefined {
  for (const { type, status: wanted } of reasonTypes) {
    const condition = status?.conditions?.find((row) => row.type === type && row.status === wanted);
    if (condition?.message !== undefined && condition.message !== '') return condition.message;
  }
  return undefined;
}
