// Owns the defaults of devices: a disk for every volume, buses, the network card, input devices.
// Must not look at volumes' files.
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import type { DefaultRule } from './defaulting-facts.ts';
import { derivedMac } from './derived-identity.ts';
import { withDomain } from './machine.ts';

type Spec = VirtualMachineInstanceSpec;
type Devices = Spec['domain']['devices'];
type Disk = NonNullable<Devices['disks']>[number];
type SpecRule = DefaultRule<Spec>;

export const diskForEveryVolume: SpecRule = (spec) => {
  const { disks = [], filesystems = [] } = spec.domain.devices;
  const shown = new Set([...disks, ...filesystems].map(({ name }) => name));
  // A claim that only keeps memory dumps is not a disk of the guest.
  const missing = (spec.volumes ?? []).filter((volume) => !shown.has(volume.name) && volume.memoryDump === undefined);
  if (missing.length === 0) return spec;
  return withDevices(spec, { disks: [...disks, ...missing.map(({ name }) => ({ name }))] });
};

/**
 * KubeVirt says sata. Cloud kernels of Debian and Ubuntu have no AHCI driver, so a disk that names no bus is virtio here;
 * a CD-ROM cannot be virtio and is sata as upstream.
 */
export const diskBuses: SpecRule = (spec) => {
  const { disks } = spec.domain.devices;
  if (disks === undefined || disks.every((disk) => withBus(disk) === disk)) return spec;
  return withDevices(spec, { disks: disks.map(withBus) });
};

function withBus(disk: Disk): Disk {
  if (disk.cdrom !== undefined) return isEmpty(disk.cdrom.bus) ? { ...disk, cdrom: { ...disk.cdrom, bus: 'sata' } } : disk;
  if (disk.lun !== undefined) return isEmpty(disk.lun.bus) ? { ...disk, lun: { ...disk.lun, bus: 'scsi' } } : disk;
  return isEmpty(disk.disk?.bus) ? { ...disk, disk: { ...disk.disk, bus: 'virtio' } } : disk;
}

/** KubeVirt's default, whatever the guest: a machine that hangs comes up again. */
export const watchdogReset: SpecRule = (spec) => {
  const { watchdog } = spec.domain.devices;
  if (watchdog?.i6300esb === undefined || !isEmpty(watchdog.i6300esb.action)) return spec;
  return withDevices(spec, { watchdog: { ...watchdog, i6300esb: { ...watchdog.i6300esb, action: 'reset' } } });
};

/** A machine that says nothing of networks gets one card on the user network. */
export const podNetwork: SpecRule = (spec) => {
  const { autoattachPodInterface, interfaces = [] } = spec.domain.devices;
  if (autoattachPodInterface === false || interfaces.length > 0 || (spec.networks ?? []).length > 0) return spec;
  return {
    ...withDevices(spec, { interfaces: [{ name: 'default', masquerade: {} }] }),
    networks: [{ name: 'default', pod: {} }],
  };
};

/** Addresses follow from the machine's UUID, so that a guest keeps its leases; dashes and dots become colons, which is all QEMU reads. */
export const macAddresses: SpecRule = (spec) => {
  const { interfaces } = spec.domain.devices;
  if (interfaces === undefined) return spec;
  const seed = spec.domain.firmware?.uuid ?? '';
  const complete = interfaces.map((card) => {
    const macAddress = isEmpty(card.macAddress) ? derivedMac(`${seed}/${card.name}`) : normalizedMac(card.macAddress);
    return macAddress === card.macAddress ? card : { ...card, macAddress };
  });
  return complete.every((card, index) => card === interfaces[index]) ? spec : withDevices(spec, { interfaces: complete });
};

/** `DE-AD-00-00-BE-AF` and `dead.0000.beaf` become `de:ad:00:00:be:af`; what is no address is left for validation to name. */
export function normalizedMac(text: string): string {
  const digits = text.replaceAll(/[-:.]/g, '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : text;
}

export const inputDevices: SpecRule = (spec) => {
  const { inputs } = spec.domain.devices;
  if (inputs === undefined || inputs.every((input) => !isEmpty(input.bus) && !isEmpty(input.type))) return spec;
  const complete = inputs.map((input) => ({
    ...input,
    bus: isEmpty(input.bus) ? 'usb' : input.bus,
    type: isEmpty(input.type) ? 'tablet' : input.type,
  }));
  return withDevices(spec, { inputs: complete });
};

function isEmpty(text: string | undefined): text is undefined | '' {
  return text === undefined || text === '';
}

function withDevices(spec: Spec, change: Partial<Devices>): Spec {
  return withDomain(spec, { devices: { ...spec.domain.devices, ...change } });
}
