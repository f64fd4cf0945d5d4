// Owns the drives of a machine: what is in each, the chain of blocks below it, and the device above.
// Must not look at files; media.ts reads the facts.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts } from '../../facts.ts';
import { blockNodes } from '../block-nodes.ts';
import { type BootOrder, bootOrderOf } from '../boot-order.ts';
import { type Family, type Fragment, joined } from '../fragment.ts';
import { type IoThreads, ioThreadsOf } from '../io-threads.ts';
import type { Disk, Volume } from '../manifest.ts';
import { type Media, mediaOf } from '../media.ts';
import { topologyOf } from '../topology.ts';
import { type DiskTarget, controllers, diskDevice, targetOf } from './disk-devices.ts';

export const disksFamily: Family = (vmi, facts) => {
  const shared = { vmi, facts, boot: bootOrderOf(vmi), ioThreads: ioThreadsOf(vmi) };
  const { disks = [] } = vmi.spec.domain.devices;
  const placed = disks.map((disk, index) => place(disk, index, shared));
  return joined([
    { args: shared.ioThreads.args },
    controllers(placed.map(({ target }) => target)),
    ...placed.map(({ fragment }) => fragment),
    serialAta(placed.map(({ target }) => target)),
  ]);
};

interface Shared {
  readonly vmi: VirtualMachineInstance;
  readonly facts: LaunchFacts;
  readonly boot: BootOrder;
  readonly ioThreads: IoThreads;
}

function place(disk: Disk, index: number, shared: Shared): { readonly target: DiskTarget; readonly fragment: Fragment } {
  const { vmi, facts, boot, ioThreads } = shared;
  const field = `spec.domain.devices.disks[${index}]`;
  const volumes = vmi.spec.volumes ?? [];
  const volumeIndex = volumes.findIndex(({ name }) => name === disk.name);
  const volume = volumes[volumeIndex];
  const asked = targetOf(disk, field);
  const moved = isSeed(volume) ? forCloudKernels(asked.target, field) : { target: asked.target, warnings: [] };
  const { target } = moved;
  const media =
    volume === undefined ? withoutVolume(disk, field) : mediaOf({ vmi, facts, disk, volume, field: `spec.volumes[${volumeIndex}]` });
  const device = diskDevice({
    disk,
    target,
    field,
    index,
    sataPort: sataPortOf(vmi, index),
    medium: media.medium,
    bootIndex: boot.disks.get(disk.name),
    ioThread: ioThreads.ofDisk.get(disk.name),
    queues: vmi.spec.domain.devices.blockMultiQueue === true ? topologyOf(vmi).vcpus : undefined,
  });
  const blocks = media.medium === undefined ? [] : blockNodes(disk, media.medium, field);
  // Without a medium only an empty CD-ROM drive is still a device.
  const usable = media.medium !== undefined || (volume === undefined && target.type === 'cdrom');
  return {
    target,
    fragment: {
      args: usable ? [...blocks, ...(device.args ?? [])] : [],
      files: media.files,
      locks: media.locks,
      causes: [...asked.causes, ...media.causes, ...ioCauses(disk, field), ...(device.causes ?? [])],
      warnings: [...moved.warnings, ...(device.warnings ?? [])],
      passed: media.passed,
    },
  };
}

function isSeed(volume: Volume | undefined): boolean {
  return volume?.cloudInitNoCloud !== undefined || volume?.cloudInitConfigDrive !== undefined;
}

/**
 * A seed on AHCI is never seen by a guest whose kernel has no AHCI driver, such as Debian's cloud kernel: cloud-init then
 * does nothing and says nothing. virtio drivers are in all of them.
 */
function forCloudKernels(target: DiskTarget, field: string): { readonly target: DiskTarget; readonly warnings: readonly Cause[] } {
  if (target.bus !== 'sata') return { target, warnings: [] };
  const instead: DiskTarget = target.type === 'cdrom' ? { type: 'cdrom', bus: 'scsi' } : { type: 'disk', bus: 'virtio' };
  const warning = {
    reason: 'NotHonoured',
    field: `${field}.${target.type}.bus`,
    message: `The cloud-init medium is attached by ${instead.bus} instead of sata: kernels of cloud images cannot read it there.`,
    fix: `Set the bus to ${instead.bus}.`,
  };
  return { target: instead, warnings: [warning] };
}

function withoutVolume(disk: Disk, field: string): Media {
  const none: Media = { files: [], locks: [], causes: [], passed: [] };
  if (disk.cdrom !== undefined) return none;
  const cause = {
    reason: 'FieldValueInvalid',
    field: `${field}.name`,
    message: `${field}.name '${disk.name}' not found.`,
    fix: `Add a volume of the name ${disk.name} to spec.volumes, or remove the disk.`,
  };
  return { ...none, causes: [cause] };
}

function ioCauses({ io, cache }: Disk, field: string): readonly Cause[] {
  if (io !== 'native' || cache === 'none') return [];
  return [
    {
      reason: 'FieldValueInvalid',
      field: `${field}.io`,
      message: 'Native I/O needs a disk without host cache.',
      fix: `Set ${field}.cache to none, or ${field}.io to threads.`,
    },
  ];
}

function sataPortOf(vmi: VirtualMachineInstance, index: number): number {
  const before = (vmi.spec.domain.devices.disks ?? []).slice(0, index);
  return before.filter((disk) => targetOf(disk, '').target.bus === 'sata').length;
}

// The chipset's AHCI controller.
const sataPorts = 6;

/** Firmware and guest wait for each port of the controller, 0.3 s of a boot: it is there only when a drive is on it. None is added to it later. */
function serialAta(targets: readonly DiskTarget[]): Fragment {
  const count = targets.filter(({ bus }) => bus === 'sata').length;
  if (count === 0) return { machine: { sata: { value: false } } };
  if (count <= sataPorts) return {};
  const cause = {
    reason: 'FieldValueInvalid',
    field: 'spec.domain.devices.disks',
    message: `${count} drives are on bus sata; there are ${sataPorts} ports.`,
    fix: 'Move some to bus virtio or scsi.',
  };
  return { causes: [cause] };
}
