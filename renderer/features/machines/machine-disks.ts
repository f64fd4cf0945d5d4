// Owns which disks a machine has, and what lies behind each.
// Must not look inside an image.
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import type { VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { bytesOf } from '../../../electron/api/quantity.ts';

export type DiskSource = 'dataVolume' | 'persistentVolumeClaim' | 'cloudInit' | 'emptyDisk' | 'hostDisk' | 'containerDisk' | 'other';

export interface MachineDisk {
  readonly name: string;
  readonly device: 'disk' | 'cdrom' | 'lun';
  readonly bus?: string;
  readonly bootOrder?: number;
  readonly readOnly: boolean;
  readonly source: DiskSource;
  /** Name of the DataVolume or claim, path of the file. */
  readonly sourceName?: string;
  readonly sizeBytes?: number;
}

type Spec = VirtualMachineInstanceSpec;
type Volume = NonNullable<Spec['volumes']>[number];
type Disk = NonNullable<Spec['domain']['devices']['disks']>[number];

export function machineDisks(spec: Spec | undefined, claims: readonly PersistentVolumeClaim[]): readonly MachineDisk[] {
  const volumes = new Map((spec?.volumes ?? []).map((volume) => [volume.name, volume]));
  return (spec?.domain.devices.disks ?? []).map((disk) => {
    const { source, sourceName, sizeBytes } = sourceOf(volumes.get(disk.name), claims);
    return { name: disk.name, bootOrder: disk.bootOrder, source, sourceName, sizeBytes, ...deviceOf(disk) };
  });
}

function deviceOf({ disk, cdrom, lun }: Disk): Pick<MachineDisk, 'device' | 'bus' | 'readOnly'> {
  if (cdrom !== undefined) return { device: 'cdrom', bus: cdrom.bus, readOnly: cdrom.readonly !== false };
  if (lun !== undefined) return { device: 'lun', bus: lun.bus, readOnly: lun.readonly === true };
  return { device: 'disk', bus: disk?.bus, readOnly: disk?.readonly === true };
}

function sourceOf(
  volume: Volume | undefined,
  claims: readonly PersistentVolumeClaim[],
): Pick<MachineDisk, 'source' | 'sourceName' | 'sizeBytes'> {
  const { dataVolume, persistentVolumeClaim, emptyDisk, hostDisk } = volume ?? {};
  const claimName = dataVolume?.name ?? persistentVolumeClaim?.claimName;
  if (claimName !== undefined) {
    const claim = claims.find(({ metadata }) => metadata.name === claimName);
    const source = dataVolume === undefined ? 'persistentVolumeClaim' : 'dataVolume';
    return { source, sourceName: claimName, sizeBytes: claim === undefined ? undefined : claimBytes(claim) };
  }
  if (emptyDisk !== undefined) return { source: 'emptyDisk', sizeBytes: bytesOf(emptyDisk.capacity) };
  if (hostDisk !== undefined) return { source: 'hostDisk', sourceName: hostDisk.path, sizeBytes: bytesOf(hostDisk.capacity) };
  if (volume?.cloudInitNoCloud !== undefined || volume?.cloudInitConfigDrive !== undefined) return { source: 'cloudInit' };
  if (volume?.containerDisk !== undefined) return { source: 'containerDisk', sourceName: volume.containerDisk.image };
  return { source: 'other' };
}

export function claimBytes({ spec, status }: PersistentVolumeClaim): number | undefined {
  return bytesOf(status?.capacity?.['storage'] ?? spec.resources?.requests?.['storage']);
}

/** Names of the DataVolumes and claims that hold the machine's bytes: what deleting may take along. */
export function ownedDiskNames(spec: Spec | undefined): readonly string[] {
  const names = (spec?.volumes ?? []).flatMap(
    ({ dataVolume, persistentVolumeClaim }) => dataVolume?.name ?? persistentVolumeClaim?.claimName ?? [],
  );
  return [...new Set(names)];
}

export function ownedBy(volume: DataVolume | PersistentVolumeClaim, uid: string): boolean {
  return volume.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
}
