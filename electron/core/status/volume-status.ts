// Owns the rows of a run's status.volumeStatus: what each volume is in the machine, with KubeVirt's phases, reasons and sentences.
// Must not plug anything.
import type { VirtualMachineInstance, VirtualMachineInstanceStatus } from '../../api/kinds/virtual-machine-instance.ts';
import { isHotpluggable } from '../reconcile/volume-request.ts';
import { sameJson } from './same-json.ts';

export type VolumeRow = NonNullable<VirtualMachineInstanceStatus['volumeStatus']>[number];

export type HotplugPhase =
  /** Its disk is not there yet, or it could not be plugged in: `message` says which. */
  | { readonly phase: 'Pending'; readonly reason: 'VolumePending' | 'FailedAttach'; readonly message: string }
  /** The disk is this machine's; QEMU does not know it yet. */
  | { readonly phase: 'AttachedToNode' }
  /** QEMU has opened it; the guest does not see it yet. */
  | { readonly phase: 'MountedToPod' }
  | { readonly phase: 'Ready' }
  /** The guest was asked to let go of it. */
  | { readonly phase: 'Detaching'; readonly message?: string };

/** Rows of a run that starts with everything in it. What was pulled keeps its row. */
export function rowsAtStart({ spec, status }: VirtualMachineInstance): readonly VolumeRow[] {
  const shown = new Set((spec.domain.devices.disks ?? []).map(({ name }) => name));
  return (spec.volumes ?? [])
    .filter(({ name }) => shown.has(name))
    .map((volume) => {
      const old = status?.volumeStatus?.find(({ name }) => name === volume.name);
      // What was pulled, and under which digest, is still true.
      const pulled = old?.reason === 'Pulled' ? { reason: old.reason, message: old.message } : {};
      const row: VolumeRow = { ...identityOf(spec, volume), ...pulled };
      return isHotpluggable(volume) ? { ...row, hotplugVolume: {}, ...wordsOf(volume.name, { phase: 'Ready' }) } : row;
    });
}

/** The status with the row of a plugged volume moved on; the very same object when nothing changed. */
export function withHotplugPhase(vmi: VirtualMachineInstance, name: string, phase: HotplugPhase): VirtualMachineInstanceStatus {
  const status = vmi.status ?? {};
  const rows = status.volumeStatus ?? [];
  const old = rows.find((row) => row.name === name);
  const volume = vmi.spec.volumes?.find((one) => one.name === name);
  const identity = volume === undefined ? { ...old, name, target: old?.target ?? '' } : identityOf(vmi.spec, volume);
  const row: VolumeRow = { ...identity, hotplugVolume: old?.hotplugVolume ?? {}, ...wordsOf(name, phase) };
  if (old !== undefined && sameJson(old, row)) return status;
  return { ...status, volumeStatus: old === undefined ? [...rows, row] : rows.map((each) => (each === old ? row : each)) };
}

export function withoutVolumeRow(status: VirtualMachineInstanceStatus, name: string): VirtualMachineInstanceStatus {
  return { ...status, volumeStatus: (status.volumeStatus ?? []).filter((row) => row.name !== name) };
}

/** What is told of a container disk, as the kubelet tells it. */
export type PullWords =
  | {
      readonly type: 'pulling';
      readonly name: string;
      readonly image: string;
      readonly progress: { readonly percent?: number; readonly doneBytes?: number; readonly totalBytes?: number } | undefined;
    }
  | { readonly type: 'pulled'; readonly name: string; readonly image: string; readonly digest: string };

export function withPullWords(vmi: VirtualMachineInstance, words: PullWords): VirtualMachineInstanceStatus {
  const status = vmi.status ?? {};
  const rows = status.volumeStatus ?? [];
  const volume = vmi.spec.volumes?.find(({ name }) => name === words.name);
  if (volume === undefined) return status;
  const row: VolumeRow = { ...identityOf(vmi.spec, volume), ...pullText(words) };
  const old = rows.find(({ name }) => name === words.name);
  if (old !== undefined && sameJson(old, row)) return status;
  return { ...status, volumeStatus: old === undefined ? [...rows, row] : rows.map((each) => (each === old ? row : each)) };
}

function pullText(words: PullWords): Pick<VolumeRow, 'phase' | 'reason' | 'message'> {
  if (words.type === 'pulled') {
    const [name = ''] = words.image.split('@');
    return { reason: 'Pulled', message: `${name}@${words.digest}` };
  }
  const { percent, doneBytes, totalBytes } = words.progress ?? {};
  const share = percent === undefined ? '' : `: ${percent.toFixed(0)} %`;
  const bytes = doneBytes === undefined || totalBytes === undefined ? '' : ` (${mib(doneBytes)} of ${mib(totalBytes)} MiB)`;
  return { phase: 'Pending', reason: 'Pulling', message: `Pulling image "${words.image}"${share}${bytes}` };
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 1 : 0);
}

/** Claims that QEMU may still hold although the definition names them no more. */
export function claimsBeingReleased({ status }: Pick<VirtualMachineInstance, 'status'>): readonly string[] {
  return (status?.volumeStatus ?? []).flatMap(({ phase, persistentVolumeClaimInfo }) =>
    phase === 'Detaching' ? (persistentVolumeClaimInfo?.claimName ?? []) : [],
  );
}

function wordsOf(name: string, to: HotplugPhase): Pick<VolumeRow, 'phase' | 'reason' | 'message'> {
  switch (to.phase) {
    case 'Pending':
      return to;
    case 'AttachedToNode':
      return { phase: to.phase, reason: 'SuccessfulCreate', message: `Volume ${name} is reserved for this machine` };
    case 'MountedToPod':
      return { phase: to.phase, reason: 'VolumeMountedToPod', message: `Volume ${name} has been opened by QEMU` };
    case 'Ready':
      return { phase: to.phase, reason: 'VolumeReady', message: `Successfully attach hotplugged volume ${name} to VM` };
    case 'Detaching':
      return { phase: to.phase, reason: 'VolumeDetaching', message: to.message ?? `The guest was asked to let go of volume ${name}` };
  }
}

type Spec = VirtualMachineInstance['spec'];

function identityOf(
  spec: Spec,
  volume: NonNullable<Spec['volumes']>[number],
): Pick<VolumeRow, 'name' | 'target' | 'persistentVolumeClaimInfo'> {
  const claimName = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name;
  return {
    name: volume.name,
    target: targetOf(spec, volume.name),
    ...(claimName === undefined ? {} : { persistentVolumeClaimInfo: { claimName } }),
  };
}

/** libvirt's names, which tell disks apart; what the guest calls them is its own affair. */
function targetOf({ domain }: Spec, name: string): string {
  const { disks = [] } = domain.devices;
  const prefixOf = (index: number): string => {
    const disk = disks[index];
    return (disk?.cdrom ?? disk?.lun ?? disk?.disk)?.bus === 'virtio' ? 'vd' : 'sd';
  };
  const index = disks.findIndex((disk) => disk.name === name);
  const before = disks.slice(0, Math.max(index, 0)).filter((_, other) => prefixOf(other) === prefixOf(index)).length;
  return `${prefixOf(index)}${letters(before)}`;
}

/** 0 is a, 25 is z, 26 is aa. */
function letters(index: number): string {
  const rest = Math.floor(index / 26);
  return `${rest === 0 ? '' : letters(rest - 1)}${String.fromCharCode(97 + (index % 26))}`;
}
