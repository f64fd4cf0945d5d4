// Owns how a disk is plugged into a machine that runs, and out of it: the place it gets, and the QMP commands.
// Must not send them, nor know what the guest thinks of it.
import { discardsChanges } from '../../api/discard-changes.ts';
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts } from '../facts.ts';
import { blockNodes, diskNode } from './block-nodes.ts';
import { diskDevice, scsiController, targetOf } from './devices/disk-devices.ts';
import type { Argument, QmpCommand } from './launch-plan.ts';
import type { Disk } from './manifest.ts';
import { mediaOf } from './media.ts';
import { portId } from './pci.ts';

/** What QEMU says of the devices that have a name: ids of all of them, and where the disks sit. */
export interface PluggedDevices {
  readonly ids: readonly string[];
  /** `port-disk1`, `scsi0.0`; by id of the device. */
  readonly buses: ReadonlyMap<string, string>;
  readonly scsiIds: ReadonlyMap<string, number>;
}

export interface PlugPlan {
  readonly blocks: readonly QmpCommand[];
  /** The controller first when there is none yet. */
  readonly devices: readonly QmpCommand[];
  /** Files that the guest will write to. */
  readonly locks: readonly string[];
  readonly causes: readonly Cause[];
}

export interface PlugContext {
  readonly vmi: VirtualMachineInstance;
  readonly facts: LaunchFacts;
  readonly name: string;
  readonly plugged: PluggedDevices;
}

export function diskDeviceId(name: string): string {
  return `disk-${name}`;
}

export function plugPlan({ vmi, facts, name, plugged }: PlugContext): PlugPlan {
  const disks = vmi.spec.domain.devices.disks ?? [];
  const volumes = vmi.spec.volumes ?? [];
  const index = disks.findIndex((disk) => disk.name === name);
  const volumeIndex = volumes.findIndex((volume) => volume.name === name);
  const [disk, volume] = [disks[index], volumes[volumeIndex]];
  const field = `spec.domain.devices.disks[${index}]`;
  if (disk === undefined || volume === undefined) return { blocks: [], devices: [], locks: [], causes: [] };
  const media = mediaOf({ vmi, facts, disk, volume, field: `spec.volumes[${volumeIndex}]` });
  const target = targetOf(disk, field);
  const place = placeFor(disk, field, plugged);
  const causes = [
    ...media.causes,
    ...(discardsChanges(vmi) ? [keepsChanges(name)] : []),
    ...target.causes,
    ...('causes' in place ? place.causes : []),
  ];
  if ('causes' in place || media.medium === undefined || causes.length > 0) return { blocks: [], devices: [], locks: [], causes };
  const device = diskDevice({
    disk,
    target: target.target,
    field,
    index: place.index,
    sataPort: 0,
    medium: media.medium,
    // The firmware has chosen long ago.
    bootIndex: undefined,
    ioThread: undefined,
    queues: undefined,
  });
  return {
    blocks: commands('blockdev-add', blockNodes(disk, media.medium, field)),
    devices: [...place.controller, ...commands('device_add', device.args ?? [])],
    locks: media.locks,
    causes: device.causes ?? [],
  };
}

function keepsChanges(name: string): Cause {
  return {
    reason: 'DiscardImpossible',
    field: 'spec.volumes',
    message: `The machine throws away what it writes: the disk ${name}, plugged in now, would keep it.`,
    fix: 'Stop the machine and start it as usual first.',
  };
}

type Place = { readonly index: number; readonly controller: readonly QmpCommand[] } | { readonly causes: readonly Cause[] };

const maxScsiId = 255;
const scsiBus = 'scsi0.0';

function placeFor(disk: Disk, field: string, plugged: PluggedDevices): Place {
  const { target } = targetOf(disk, field);
  switch (target.bus) {
    case 'virtio': {
      const port = freePort(plugged);
      return port === undefined ? { causes: [noPort(field)] } : { index: port, controller: [] };
    }
    case 'scsi': {
      const used = new Set(plugged.scsiIds.values());
      const free = Array.from({ length: maxScsiId + 1 }, (_, id) => id).find((id) => !used.has(id)) ?? maxScsiId;
      if (plugged.ids.includes('scsi0')) return { index: free, controller: [] };
      // Machines without a SCSI disk have no controller; it takes a port of its own.
      const port = freePort(plugged);
      if (port === undefined) return { causes: [noPort(field)] };
      return { index: free, controller: commands('device_add', [scsiController({ bus: portId('disk', port), addr: '0x0' })]) };
    }
    default:
      return { causes: [notOnBus(disk.name, target.bus, field)] };
  }
}

/** Root ports take one device each. */
function freePort({ ids, buses }: PluggedDevices): number | undefined {
  const taken = new Set(buses.values());
  const ports = ids.flatMap((id) => /^port-disk(\d+)$/.exec(id)?.[1] ?? []).map(Number);
  return ports.toSorted((a, b) => a - b).find((port) => !taken.has(portId('disk', port)));
}

function commands(execute: string, args: readonly Argument[]): readonly QmpCommand[] {
  return args.flatMap(({ value }) => (typeof value === 'object' ? [{ execute, arguments: value }] : []));
}

/** From the node that the device reads down to the file; those that are not there are passed over by who sends it. */
export function blockNodesOf(name: string): readonly string[] {
  const node = diskNode(name);
  return [node, `${node}-file`, `${node}-base`, `${node}-src`];
}

/** Name of the bus in a QOM path: `/machine/peripheral/port-disk1/port-disk1`. */
export function busOfPath(path: string): string {
  const last = path.split('/').at(-1) ?? '';
  return last === '' ? path : last;
}

export function isScsi(bus: string): boolean {
  return bus === scsiBus;
}

function noPort(field: string): Cause {
  return {
    reason: 'NoFreePort',
    field,
    message: 'Every place for a disk that can be plugged in is taken in this run.',
    fix: 'Use bus scsi beside another scsi disk, remove a disk, or restart the machine: the next run has new places.',
  };
}

function notOnBus(name: string, bus: string, field: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `hotplugged Disk ${name} does not use a scsi or virtio bus: it is on ${bus}.`,
    fix: 'Use bus scsi or virtio.',
  };
}
