// Owns why the state of a machine cannot be kept, as far as its objects show: one list for the engine and every button.
// Must not ask QEMU, which may know more.
import { annotations } from './annotations.ts';
import { discardsChanges } from './discard-changes.ts';
import type { Cause } from './errors.ts';
import { isFunctionCard } from './function-card.ts';
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from './kinds/virtual-machine-instance.ts';
import { mebibytesOf } from './quantity.ts';

type Run = Pick<VirtualMachineInstance, 'metadata' | 'spec' | 'status'>;

/** What cannot go back in time with the machine. */
export function snapshotHindrances({ domain }: Pick<VirtualMachineInstanceSpec, 'domain'>): readonly Cause[] {
  const { hostDevices = [], gpus = [], filesystems = [] } = domain.devices;
  return [
    ...([...hostDevices, ...gpus].length === 0
      ? []
      : [
          cause(
            'domain.devices.hostDevices',
            'The state of a device of this computer cannot be kept.',
            'Take the device out of the machine.',
          ),
        ]),
    ...functionCards({ domain }).map((index) =>
      cause(
        `domain.devices.interfaces[${index}].sriov`,
        'The state of a device of this computer cannot be kept.',
        'Take the device out of the machine.',
      ),
    ),
    ...(filesystems.length === 0
      ? []
      : [
          cause(
            'domain.devices.filesystems',
            'A folder that is shared with this computer would not go back with the disks.',
            'Take the folder out of the machine.',
          ),
        ]),
  ];
}

/** A run that throws its changes away has its disks in files that end with it. */
export function discardHindrances(vmi: Pick<VirtualMachineInstance, 'metadata'>): readonly Cause[] {
  if (!discardsChanges(vmi)) return [];
  return [
    {
      reason: 'SnapshotImpossible',
      field: '',
      message: 'The machine throws away what it writes: a snapshot would be thrown away with it.',
      fix: 'Stop the machine first.',
    },
  ];
}

/** Why the memory of this run cannot be kept and given to another QEMU. */
export function suspendHindrances(vmi: Run): readonly Cause[] {
  return [
    ...discardHindrances(vmi),
    ...snapshotHindrances(vmi.spec),
    ...(holdsDevice(vmi) ? [deviceInGuest] : []),
    ...(vmi.spec.domain.firmware?.bootloader?.efi?.persistent === false ? [variablesForgotten] : []),
    ...diskHindrances(vmi),
    ...(hasResized(vmi) ? [resized] : []),
  ];
}

/** Where in `interfaces` its virtual functions are. */
function functionCards({ domain }: Pick<VirtualMachineInstanceSpec, 'domain'>): readonly number[] {
  return (domain.devices.interfaces ?? []).flatMap((card, index) => (isFunctionCard(card) ? [index] : []));
}

/** Taken out of its definition, and the guest has not let go of it yet. */
function holdsDevice({ metadata, spec }: Run): boolean {
  const { hostDevices = [], gpus = [] } = spec.domain.devices;
  return (
    hostDevices.length + gpus.length + functionCards(spec).length === 0 &&
    (metadata.annotations?.[annotations.hostDevices] ?? '{}') !== '{}'
  );
}

/** A disk that QEMU writes to in another format than qcow2. */
export function formatHindrance(name: string, format: string): Cause {
  return cause(
    'volumes',
    `The disk ${name} is ${format}: only qcow2 can hold snapshots.`,
    'Import it into a disk of the pool, which is qcow2, or attach it read-only.',
  );
}

function diskHindrances({ spec, status }: Run): readonly Cause[] {
  const { domain, volumes = [] } = spec;
  const written = volumes.filter(({ name }) => {
    const disk = domain.devices.disks?.find((one) => one.name === name);
    return disk !== undefined && disk.cdrom === undefined && disk.disk?.readonly !== true && disk.lun?.readonly !== true;
  });
  const layered = written.filter(({ containerDisk, ephemeral }) => (containerDisk ?? ephemeral) !== undefined);
  const plugged = (status?.volumeStatus ?? []).filter(({ hotplugVolume }) => hotplugVolume !== undefined);
  return [
    // A file of somebody else is raw, whatever is in it.
    ...written.filter(({ hostDisk }) => hostDisk !== undefined).map(({ name }) => formatHindrance(name, 'raw')),
    ...layered.map(({ name }) =>
      cause(
        'volumes',
        `What is written to the disk ${name} lies on top of an image that may be another one by then.`,
        'Import the image into a disk of the pool, or stop the machine.',
      ),
    ),
    ...plugged.map(({ name }) =>
      cause(
        'volumes',
        `The disk ${name} was plugged in while the machine ran: another QEMU would give it another place.`,
        'Take the disk out, or stop and start the machine first.',
      ),
    ),
  ];
}

/** Another QEMU would be started with all of its memory at once, which is another machine to the guest. */
function hasResized({ spec, status }: Run): boolean {
  const atBoot = mebibytesOf(status?.memory?.guestAtBoot);
  const now = [spec.domain.memory?.guest, status?.memory?.guestCurrent].map((text) => mebibytesOf(text));
  return atBoot !== undefined && now.some((mib) => mib !== undefined && mib !== atBoot);
}

function cause(field: string, message: string, fix: string): Cause {
  return { reason: 'SnapshotImpossible', field: `spec.template.spec.${field}`, message, fix };
}

const deviceInGuest = cause(
  'domain.devices.hostDevices',
  'A device of this computer is still in the guest, which has not let go of it.',
  'Take the device out of use in the guest, or stop the machine.',
);

const variablesForgotten = cause(
  'domain.firmware.bootloader.efi.persistent',
  'The UEFI variables of this machine end with its run.',
  'Set persistent to true, or stop the machine.',
);

/** What QEMU alone knows: the objects do not tell with how many the machine was started. */
export const processorsWerePlugged = cause(
  'domain.cpu.sockets',
  'Processors were plugged in while the machine ran: another QEMU would begin with them.',
  'Stop and start the machine first.',
);

const resized = cause(
  'domain.memory.guest',
  'The memory of the machine was resized while it ran: another QEMU would begin with another size.',
  'Give it the size that it was started with, or stop and start the machine first.',
);
