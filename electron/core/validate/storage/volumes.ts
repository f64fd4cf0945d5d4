// Owns the rules of volumes: one source each, unique names, a volume for every disk.
// Must not look for files or claims; the start check does.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../../api/kinds/virtual-machine-instance.ts';
import { nanoOf } from '../amounts.ts';
import { type Rule, cause, invalid, required } from '../rule.ts';
import type { SpecRule } from '../machine/spec-rule.ts';
import { cloudInit } from './cloud-init.ts';

export type Volume = NonNullable<VirtualMachineInstanceSpec['volumes']>[number];
type VolumeRule = Rule<Volume>;

const oneSource: VolumeRule = (volume, path) => {
  const sources = Object.entries(volume).filter(([key, source]) => key !== 'name' && source !== undefined);
  if (sources.length === 1) return [];
  return [invalid(path, `${path} must have exactly one source type set`, 'Name one source, such as persistentVolumeClaim or emptyDisk.')];
};

const dataVolumeName: VolumeRule = ({ dataVolume }, path) =>
  dataVolume?.name === '' ? [required(`${path}.dataVolume.name`, "DataVolume 'name' must be set", 'Name the DataVolume.')] : [];

const claimName: VolumeRule = ({ persistentVolumeClaim }, path) => {
  const field = `${path}.persistentVolumeClaim.claimName`;
  return persistentVolumeClaim?.claimName === '' ? [required(field, `${field} is a required field`, 'Name the claim.')] : [];
};

const hostDisk: VolumeRule = ({ hostDisk: disk }, path) => {
  if (disk === undefined) return [];
  const field = `${path}.hostDisk`;
  const { path: file, type } = disk;
  return [
    ...(file === ''
      ? [cause('FieldValueNotFound', `${field}.path`, { message: `${field}.path is required for hostDisk volume`, fix: 'Name the file.' })]
      : []),
    ...(file === '' || file.startsWith('/')
      ? []
      : [invalid(`${field}.path`, `${field}.path '${file}' must be an absolute path`, 'Begin the path with /.')]),
    ...(type === 'Disk' || type === 'DiskOrCreate'
      ? []
      : [
          invalid(
            `${field}.type`,
            `${field}.type has invalid value '${type}', allowed are 'Disk' or 'DiskOrCreate'`,
            'Use Disk for a file that exists.',
          ),
        ]),
    ...(type === 'Disk' && nanoOf(disk.capacity) !== 0n
      ? [
          invalid(
            `${field}.capacity`,
            `${field}.capacity is allowed to pass only with ${field}.type equal to 'DiskOrCreate'`,
            'Leave out the capacity.',
          ),
        ]
      : []),
  ];
};

const emptyDisk: VolumeRule = ({ emptyDisk: disk }, path) => {
  if (disk === undefined || nanoOf(disk.capacity) > 0n) return [];
  const field = `${path}.emptyDisk.capacity`;
  return [invalid(field, `${field} '${disk.capacity}': must be greater than 0.`, 'Set a capacity, such as 10Gi.')];
};

const containerDiskPath: VolumeRule = ({ containerDisk }, path) => {
  const file = containerDisk?.path ?? '';
  const field = `${path}.containerDisk`;
  if (file === '') return [];
  if (file === '/') return [invalid(field, `${field} must not point to root`, 'Name the file in the image.')];
  const parts = file.replace(/\/$/, '').split('/').slice(1);
  if (file.startsWith('/') && parts.every((part) => part !== '' && part !== '.' && part !== '..')) return [];
  return [invalid(field, `${field} must be an absolute path to a file without relative components`, 'Write the whole path.')];
};

const namedSources: VolumeRule = ({ configMap, secret, serviceAccount }, path) => {
  const empty = [
    ...(configMap !== undefined && (configMap.name ?? '') === '' ? [`${path}.configMap.name`] : []),
    ...(secret !== undefined && (secret.secretName ?? '') === '' ? [`${path}.secret.secretName`] : []),
    ...(serviceAccount !== undefined && (serviceAccount.serviceAccountName ?? '') === ''
      ? [`${path}.serviceAccount.serviceAccountName`]
      : []),
  ];
  return empty.map((field) => invalid(field, `${field} is a required field`, 'Fill in the name.'));
};

const reservedPaths: readonly string[] = ['/var/run/kubevirt', '/var/run/libvirt'];

const containerPath: VolumeRule = (volume, path) => {
  const folder = volume.containerPath?.path ?? '';
  const prefix = reservedPaths.find(
    (reserved) => folder === reserved || folder.startsWith(`${reserved}/`) || folder.startsWith(`${reserved}-`),
  );
  if (prefix === undefined) return [];
  const message = `ContainerPath volume '${volume.name}' uses reserved path prefix '${prefix}'`;
  return [invalid(`${path}.containerPath.path`, message, 'Choose another path.')];
};

const volumeRules: readonly VolumeRule[] = [
  oneSource,
  dataVolumeName,
  claimName,
  cloudInit,
  hostDisk,
  emptyDisk,
  containerDiskPath,
  containerPath,
  namedSources,
];

export const volumes: SpecRule = (spec, path) => {
  const all = spec.volumes ?? [];
  return all.flatMap((volume, index) => {
    const field = `${path}.volumes[${index}]`;
    const same = all.findIndex((other) => other.name === volume.name);
    const twice =
      same < index ? [invalid(`${field}.name`, `${field} and ${path}.volumes[${same}] must not have the same Name.`, 'Rename one.')] : [];
    return [...twice, ...volumeRules.flatMap((rule) => rule(volume, field))];
  });
};

/** Kinds of which a machine has one at most. */
const atMostOne = { serviceAccount: 'serviceAccount', downwardMetrics: 'downwardMetric', memoryDump: 'memory dump' } as const;

export const singleVolumes: SpecRule = (spec, path) =>
  (['serviceAccount', 'downwardMetrics', 'memoryDump'] as const)
    .filter((kind) => (spec.volumes ?? []).filter((volume) => volume[kind] !== undefined).length > 1)
    .map((kind) => invalid(`${path}.volumes`, `${path}.volumes must have max one ${atMostOne[kind]} volume set`, 'Keep one of them.'));

/** Every disk shows a volume; an empty CD-ROM drive may be left open. */
export const volumeForEveryDisk: SpecRule = (spec, path) => {
  const named = new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]));
  return (spec.domain.devices.disks ?? []).flatMap((disk, index): Cause[] => {
    const field = `${path}.domain.devices.disks[${index}]`;
    const volume = named.get(disk.name);
    if (volume === undefined) {
      if (disk.cdrom !== undefined) return [];
      return [invalid(`${field}.name`, `${field}.Name '${disk.name}' not found.`, `Add a volume named ${disk.name}, or remove the disk.`)];
    }
    if (disk.lun !== undefined && volume.persistentVolumeClaim === undefined && volume.dataVolume === undefined) {
      return [
        invalid(`${field}.lun`, `${field}.lun can only be mapped to a DataVolume or PersistentVolumeClaim volume.`, 'Make it a disk.'),
      ];
    }
    return [];
  });
};
