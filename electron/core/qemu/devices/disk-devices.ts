// Owns the drive that the guest sees: its bus, its kind, its place.
// Must not know what is in it beyond whether it may be written.
import type { Cause } from '../../../api/errors.ts';
import type { JsonObject } from '../../../api/object.ts';
import { jsonOption } from '../args.ts';
import { type Medium, diskNode, writeCacheOf } from '../block-nodes.ts';
import type { Fragment } from '../fragment.ts';
import type { Argument } from '../launch-plan.ts';
import type { Disk } from '../manifest.ts';
import { maxDiskPorts, onPort, virtioOnRootComplex } from '../pci.ts';
import { usbBus } from './input.ts';

export type DiskBus = 'virtio' | 'scsi' | 'sata' | 'usb';

export interface DiskTarget {
  readonly type: 'disk' | 'cdrom' | 'lun';
  readonly bus: DiskBus;
}

const buses: Readonly<Record<DiskTarget['type'], readonly DiskBus[]>> = {
  disk: ['virtio', 'scsi', 'sata', 'usb'],
  // There is no virtio CD-ROM, and a USB one is a disk to every firmware.
  cdrom: ['sata', 'scsi'],
  lun: ['scsi', 'sata', 'virtio'],
};

/** What the manifest asks for, or the first bus that would do and the cause why not. */
export function targetOf(disk: Disk, field: string): { readonly target: DiskTarget; readonly causes: readonly Cause[] } {
  const type = typeOf(disk);
  const asked = (disk.cdrom ?? disk.lun ?? disk.disk)?.bus;
  const bus = asked === undefined || asked === '' ? buses[type][0] : buses[type].find((known) => known === asked);
  if (bus !== undefined) return { target: { type, bus }, causes: [] };
  const cause = {
    reason: 'FieldValueNotSupported',
    field: `${field}.${type}.bus`,
    message: `A ${type} cannot be on bus ${asked}.`,
    fix: `Use ${buses[type].join(' or ')}.`,
  };
  return { target: { type, bus: buses[type][0] ?? 'scsi' }, causes: [cause] };
}

function typeOf({ cdrom, lun }: Disk): DiskTarget['type'] {
  if (cdrom !== undefined) return 'cdrom';
  return lun === undefined ? 'disk' : 'lun';
}

export interface PlacedDisk {
  readonly disk: Disk;
  readonly target: DiskTarget;
  readonly field: string;
  /** Place in `spec.domain.devices.disks`. */
  readonly index: number;
  readonly sataPort: number;
  readonly medium: Medium | undefined;
  readonly bootIndex: number | undefined;
  readonly ioThread: string | undefined;
  /** Of virtio; QEMU's default, one for each vCPU, when undefined. */
  readonly queues: number | undefined;
}

/** Controllers that the machine type does not bring. */
export function controllers(targets: readonly DiskTarget[]): Fragment {
  if (!targets.some(({ bus }) => bus === 'scsi')) return {};
  return { args: [scsiController(virtioOnRootComplex('scsi'))] };
}

/** At its own slot when it is there from the start, behind a root port when it is plugged in. */
export function scsiController(place: JsonObject): Argument {
  return jsonOption('-device', { driver: 'virtio-scsi-pci', id: 'scsi0', ...place });
}

export function diskDevice(placed: PlacedDisk): Fragment {
  const { disk, field, index, target } = placed;
  if (target.bus === 'virtio' && index >= maxDiskPorts) return { causes: [tooMany(field)] };
  const device = jsonOption('-device', { ...driverOf(placed), ...everyDrive(placed) }, { field });
  const warnings = [...serialWarnings(disk, target, field), ...lunWarnings(placed)];
  return { args: [device], warnings };
}

function driverOf(placed: PlacedDisk): JsonObject {
  const { target, index, ioThread, queues, sataPort } = placed;
  switch (target.bus) {
    case 'virtio':
      return { driver: 'virtio-blk-pci', ...onPort('disk', index), iothread: ioThread, 'num-queues': queues };
    case 'scsi':
      return { driver: scsiDriver(placed), bus: 'scsi0.0', 'scsi-id': index, lun: 0 };
    case 'sata':
      return { driver: target.type === 'cdrom' ? 'ide-cd' : 'ide-hd', bus: `ide.${sataPort}` };
    case 'usb':
      return { driver: 'usb-storage', bus: usbBus };
  }
}

function scsiDriver({ target, medium }: PlacedDisk): string {
  if (target.type === 'cdrom') return 'scsi-cd';
  return target.type === 'lun' && isBlockDevice(medium) ? 'scsi-block' : 'scsi-hd';
}

function isBlockDevice(medium: Medium | undefined): boolean {
  return medium?.path.startsWith('/dev/') ?? false;
}

/** Properties that every block device has. */
function everyDrive(placed: PlacedDisk): JsonObject {
  const { disk, medium, bootIndex } = placed;
  const passedThrough = driverOf(placed).driver === 'scsi-block';
  const emulated = {
    serial: disk.serial,
    'write-cache': placed.target.type === 'cdrom' ? undefined : writeCacheOf(disk),
    logical_block_size: disk.blockSize?.custom?.logical,
    physical_block_size: disk.blockSize?.custom?.physical,
    discard_granularity: disk.blockSize?.custom?.discardGranularity,
  };
  return {
    id: `disk-${disk.name}`,
    ...(medium === undefined ? {} : { drive: diskNode(disk.name) }),
    bootindex: bootIndex,
    ...(passedThrough ? {} : emulated),
    ...(medium?.shared === true && !medium.readOnly ? { 'share-rw': true } : {}),
    ...(placed.target.type === 'cdrom' ? {} : errorPolicy(disk)),
  };
}

/** Default as in KubeVirt: the machine pauses, nothing is lost, and it goes on when there is space again. */
function errorPolicy({ errorPolicy: policy = 'stop' }: Disk): JsonObject {
  // libvirt's reading of "enospace": reads cannot run out of space.
  return policy === 'enospace' ? { werror: 'enospc', rerror: 'report' } : { werror: policy, rerror: policy };
}

// VIRTIO_BLK_ID_BYTES, and the field of ATA IDENTIFY.
const shortSerial = 20;

function serialWarnings({ serial = '' }: Disk, { bus }: DiskTarget, field: string): readonly Cause[] {
  if (serial.length <= shortSerial || bus === 'scsi' || bus === 'usb') return [];
  return [
    {
      reason: 'NotHonoured',
      field: `${field}.serial`,
      message: `On bus ${bus} the guest sees the first ${shortSerial} characters of the serial number.`,
      fix: 'Shorten it, or use bus scsi.',
    },
  ];
}

function lunWarnings({ target, medium, field }: PlacedDisk): readonly Cause[] {
  if (target.type !== 'lun' || medium === undefined || isBlockDevice(medium)) return [];
  return [
    {
      reason: 'NotHonoured',
      field: `${field}.lun`,
      message: 'SCSI commands can be passed through to a block device only; this file is an emulated disk.',
      fix: `Use ${field}.disk, or a volume that is a device under /dev.`,
    },
  ];
}

function tooMany(field: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    field,
    message: `There is place for ${maxDiskPorts} disks on bus virtio.`,
    fix: 'Move some to bus scsi.',
  };
}
