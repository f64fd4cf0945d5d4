// Owns the rules of disk devices: one target each, buses, caches, serials, block sizes.
// Must not look at volumes; volumes.ts matches the two.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../../api/kinds/virtual-machine-instance.ts';
import { labelNameErrors } from '../names.ts';
import { type Rule, invalid, notSupported } from '../rule.ts';
import type { SpecRule } from '../machine/spec-rule.ts';
import { isPciAddress } from '../network/addresses.ts';

type Disk = NonNullable<VirtualMachineInstanceSpec['domain']['devices']['disks']>[number];
type DiskRule = Rule<Disk>;

const buses: readonly string[] = ['virtio', 'scsi', 'sata', 'usb'];
const maxSerialLength = 256;

const oneTarget: DiskRule = (disk, path) =>
  targetsOf(disk).length > 1
    ? [invalid(path, `${path} can only have a single target type defined`, 'Keep one of disk, cdrom and lun.')]
    : [];

const supportedBus: DiskRule = (disk, path) => {
  const target = targetsOf(disk)[0];
  const bus = target === undefined ? '' : (disk[target]?.bus ?? '');
  if (target === undefined || bus === '') return [];
  const field = `${path}.${target}.bus`;
  if (bus === 'ide') return [invalid(field, 'IDE bus is not supported', 'Use sata.')];
  if (!buses.includes(bus)) {
    return [
      invalid(
        field,
        `${path} is set with an unrecognized bus ${bus}, must be one of: [${buses.join(' ')}]`,
        `Use one of ${buses.join(', ')}.`,
      ),
    ];
  }
  if (bus === 'virtio' && target === 'cdrom')
    return [invalid(field, 'Bus type virtio is invalid for CD-ROM device', 'Use sata, scsi or usb.')];
  if (bus === 'sata' && disk.disk?.readonly === true) {
    return [invalid(field, 'sata hard-disks do not support read-only.', 'Use virtio or scsi, or make it a cdrom.')];
  }
  return [];
};

/** An absent bus is judged after defaulting. */
const ioThreadNeedsVirtio: DiskRule = (disk, path) => {
  const target = targetsOf(disk)[0];
  const bus = target === undefined ? '' : (disk[target]?.bus ?? '');
  if (disk.dedicatedIOThread !== true || bus === '' || bus === 'virtio') return [];
  return [notSupported(path, `IOThreads are not supported for disks on a ${bus} bus`, 'Use virtio.')];
};

const pciAddress: DiskRule = (disk, path) => {
  const address = disk.disk?.pciAddress ?? '';
  if (address === '') return [];
  const field = `${path}.disk.pciAddress`;
  return [
    ...(disk.disk?.bus === 'virtio'
      ? []
      : [invalid(field, `disk ${path}.name - setting a PCI address is only possible with bus type virtio.`, 'Use virtio.')]),
    ...(isPciAddress(address)
      ? []
      : [invalid(field, `disk ${path}.name has malformed PCI address (${address}).`, 'Write it as 0000:81:01.0.')]),
  ];
};

const serial: DiskRule = ({ serial: text = '' }, path) => [
  ...(/^[A-Za-z0-9_.+-]*$/.test(text)
    ? []
    : [
        invalid(
          `${path}.serial`,
          `${path} must be made up of the following characters [A-Za-z0-9_.+-], if specified`,
          'Use these characters only.',
        ),
      ]),
  ...(text.length > maxSerialLength
    ? [
        invalid(
          `${path}.serial`,
          `${path} must be less than or equal to ${maxSerialLength} in length, if specified`,
          'Shorten the serial number.',
        ),
      ]
    : []),
];

const cache: DiskRule = ({ cache: mode = '' }, path) =>
  ['', 'none', 'writethrough', 'writeback'].includes(mode)
    ? []
    : [invalid(`${path}.cache`, `${path}.cache has invalid value ${mode}`, 'Use none, writethrough or writeback.')];

const io: DiskRule = ({ io: mode = '' }, path) =>
  ['', 'native', 'threads'].includes(mode)
    ? []
    : [
        notSupported(
          `${path}.io`,
          `Disk IO mode for ${path} is not supported. Supported modes are: native, threads.`,
          'Use native or threads.',
        ),
      ];

const errorPolicies: readonly string[] = ['stop', 'ignore', 'report', 'enospace'];

const errorPolicy: DiskRule = ({ errorPolicy: policy }, path) =>
  policy === undefined || errorPolicies.includes(policy)
    ? []
    : [invalid(`${path}.errorPolicy`, `${path}.errorPolicy has invalid value "${policy}"`, `Use one of ${errorPolicies.join(', ')}.`)];

/** On a cluster a disk's name can become a container's. */
const name: DiskRule = (disk, path) =>
  labelNameErrors(disk.name).map((error) => invalid(`${path}.name`, error, "Use lower case letters, digits and '-'."));

const minBlockSize = 512;
const maxBlockSize = 2 * 1024 * 1024;

const blockSize: DiskRule = (disk, path) => {
  const { custom, matchVolume } = disk.blockSize ?? {};
  if (custom === undefined) return [];
  const field = `${path}.blockSize`;
  if (matchVolume !== undefined && matchVolume.enabled !== false) {
    return [invalid(field, "Block size matching can't be enabled together with a custom value", 'Keep one of them.')];
  }
  const { logical = 0, physical = 0 } = custom;
  if (logical > physical) {
    const message = `Logical size ${logical} must be the same or less than the physical size of ${physical}`;
    return [invalid(`${field}.custom.logical`, message, 'Lower the logical size.')];
  }
  const sata = disk.disk?.bus === 'sata' && logical !== minBlockSize;
  return [
    ...blockSizeCauses(logical, `${field}.custom.logical`),
    ...blockSizeCauses(physical, `${field}.custom.physical`),
    ...(sata
      ? [invalid(`${field}.custom.logical`, `Logical size ${logical} must be 512 for SATA devices`, 'Use 512, or another bus.')]
      : []),
    ...discardCauses(custom, `${field}.custom`),
  ];
};

function blockSizeCauses(size: number, field: string): Cause[] {
  const fix = 'Use 512 or 4096.';
  if (size < minBlockSize)
    return [invalid(field, `Provided size of ${size} is less than the supported minimum size of ${minBlockSize}`, fix)];
  if (size > maxBlockSize)
    return [invalid(field, `Provided size of ${size} is greater than the supported maximum size of ${maxBlockSize}`, fix)];
  return Number.isInteger(Math.log2(size)) ? [] : [invalid(field, `Provided size of ${size} is not a power of 2`, fix)];
}

/** Newer than the published types. */
function discardCauses(custom: { readonly logical?: number; readonly discardGranularity?: number }, path: string): Cause[] {
  const { logical = 0, discardGranularity: granularity } = custom;
  if (granularity === undefined || logical === 0 || granularity % logical === 0) return [];
  const message = `Discard granularity ${granularity} must be multiples of logical size ${logical}`;
  return [invalid(`${path}.discardGranularity`, message, `Use a multiple of ${logical}.`)];
}

type Target = 'disk' | 'cdrom' | 'lun';

function targetsOf(disk: Disk): Target[] {
  return (['disk', 'lun', 'cdrom'] as const).filter((target) => disk[target] !== undefined);
}

const diskRules: readonly DiskRule[] = [
  oneTarget,
  pciAddress,
  supportedBus,
  ioThreadNeedsVirtio,
  serial,
  cache,
  io,
  errorPolicy,
  name,
  blockSize,
];

export const disks: SpecRule = (spec, path) => {
  const all = spec.domain.devices.disks ?? [];
  return all.flatMap((disk, index) => {
    const field = `${path}.domain.devices.disks[${index}]`;
    const same = all.findIndex((other) => other.name === disk.name);
    const twice =
      same < index
        ? [invalid(`${field}.name`, `${field} and ${path}.domain.devices.disks[${same}] must not have the same Name.`, 'Rename one.')]
        : [];
    return [...twice, ...diskRules.flatMap((rule) => rule(disk, field))];
  });
};
