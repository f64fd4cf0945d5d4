// Owns what becomes of each disk of a machine that runs or is being started: read from the run's own rows.
// Must not plug anything.
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { MachineDisk } from './machine-disks.ts';

export interface DiskState {
  readonly id: 'pulling' | 'waiting' | 'plugged' | 'refused' | 'releasing';
  /** The core's words, where they say more than the label. */
  readonly message?: string;
}

export function diskState(vmi: VirtualMachineInstance | undefined, name: string): DiskState | undefined {
  const row = vmi?.status?.volumeStatus?.find((each) => each.name === name);
  if (row === undefined) return undefined;
  const words = row.message === undefined ? {} : { message: row.message };
  if (row.reason === 'Pulling') return { id: 'pulling', ...words };
  if (row.hotplugVolume === undefined) return undefined;
  switch (row.phase) {
    case 'Ready':
      return { id: 'plugged' };
    case 'Detaching':
      return { id: 'releasing', ...words };
    default:
      return { id: row.reason === 'FailedAttach' ? 'refused' : 'waiting', ...words };
  }
}

/** Names of what is in this run and not in the definition: it goes when the machine stops. */
export function ownDisks(vmi: VirtualMachineInstance | undefined, defined: readonly string[]): readonly string[] {
  return (vmi?.status?.volumeStatus ?? [])
    .filter((row) => row.hotplugVolume !== undefined && !defined.includes(row.name))
    .map(({ name }) => name);
}

/** What is no longer in the definition, and the guest has not yet let go of. */
export function leavingDisks(vmi: VirtualMachineInstance | undefined): readonly MachineDisk[] {
  const kept = new Set((vmi?.spec.volumes ?? []).map(({ name }) => name));
  return (vmi?.status?.volumeStatus ?? [])
    .filter((row) => row.hotplugVolume !== undefined && !kept.has(row.name))
    .map(({ name, persistentVolumeClaimInfo }) => ({
      name,
      device: 'disk',
      readOnly: false,
      source: 'persistentVolumeClaim',
      sourceName: persistentVolumeClaimInfo?.claimName,
    }));
}

type Volume = NonNullable<VirtualMachineInstance['spec']['volumes']>[number];

/** Can go while the machine runs. */
export function isPluggable({ dataVolume, persistentVolumeClaim }: Volume): boolean {
  return dataVolume?.hotpluggable === true || persistentVolumeClaim?.hotpluggable === true;
}
