// Owns what each volume puts into a drive: a file that exists, one that is made for this start, or the reason why neither.
// Must not look at the file system; facts say what was found.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { annotations } from '../../api/annotations.ts';
import { discardsChanges } from '../../api/discard-changes.ts';
import { bytesOf } from '../../api/quantity.ts';
import type { LaunchFacts, VolumeFact } from '../facts.ts';
import type { Medium } from './block-nodes.ts';
import { cloudInitSeed } from './cloud-init.ts';
import { contentIso, showsContent } from './content-iso.ts';
import type { PlannedFile } from './launch-plan.ts';
import type { Disk, Volume } from './manifest.ts';
import { ofOneRun } from './runtime-paths.ts';

export interface Media {
  /** Absent when a cause says why. */
  readonly medium?: Medium;
  readonly files: readonly PlannedFile[];
  readonly locks: readonly string[];
  readonly causes: readonly Cause[];
  readonly passed: readonly string[];
}

export interface VolumeContext {
  readonly vmi: VirtualMachineInstance;
  readonly facts: LaunchFacts;
  readonly disk: Disk;
  readonly volume: Volume;
  /** `spec.volumes[2]` */
  readonly field: string;
}

const nothing: Media = { files: [], locks: [], causes: [], passed: [] };

export function mediaOf(context: VolumeContext): Media {
  const media = keptMediaOf(context);
  return discardsChanges(context.vmi) ? discarded(context, media) : media;
}

/** Of a run whose changes are thrown away, what it would write to lies below a file of this run. */
function discarded({ facts, disk, volume, field }: VolumeContext, media: Media): Media {
  const { medium } = media;
  // What the guest only reads, and what is made for one run anyway.
  if (medium === undefined || medium.readOnly || medium.base !== undefined || volume.emptyDisk !== undefined) return media;
  if (medium.shared) return { ...media, causes: [...media.causes, sharedWrites(disk.name, field)] };
  const fact = facts.volumes[volume.name];
  const sizeBytes = fact?.state === 'ready' ? fact.virtualSizeBytes : (bytesOf(volume.hostDisk?.capacity ?? '') ?? 0);
  const changes = `${facts.stateDir}/${ofOneRun.discarded}${disk.name}.qcow2`;
  return {
    ...media,
    medium: { path: changes, format: 'qcow2', readOnly: false, shared: false, base: { path: medium.path, format: medium.format } },
    files: [...media.files, { type: 'emptyDisk', path: changes, format: 'qcow2', sizeBytes, keep: false }],
    // Nobody else may write to what lies below.
    locks: [...media.locks, changes],
    passed: [...media.passed, `What is written to disk ${disk.name} is thrown away when the machine is off.`],
  };
}

function sharedWrites(name: string, field: string): Cause {
  return {
    reason: 'DiscardImpossible',
    field,
    message: `The disk ${name} is shared with other machines: what they write cannot be kept from it, nor what it writes from them.`,
    fix: 'Start the machine as usual, or take the disk out.',
  };
}

function keptMediaOf(context: VolumeContext): Media {
  const { volume, vmi, facts, field } = context;
  if (volume.cloudInitNoCloud !== undefined || volume.cloudInitConfigDrive !== undefined) {
    const seed = cloudInitSeed({ vmi, facts, volume, field });
    const medium = { path: seed.file.path, format: 'raw', readOnly: true, shared: false } as const;
    return { ...nothing, medium, files: [seed.file], causes: seed.causes };
  }
  if (showsContent(volume)) {
    const { file, causes } = contentIso({ facts, volume, field });
    return { ...nothing, medium: { path: file.path, format: 'raw', readOnly: true, shared: false }, files: [file], causes };
  }
  if (volume.emptyDisk !== undefined) return emptyDisk(context, volume.emptyDisk.capacity);
  if (volume.hostDisk !== undefined) return hostDisk(context, volume.hostDisk);
  if (volume.persistentVolumeClaim !== undefined) {
    return foundFile(context, { type: 'persistentVolumeClaim', readOnly: volume.persistentVolumeClaim.readOnly === true });
  }
  if (volume.dataVolume !== undefined) return foundFile(context, { type: 'dataVolume', readOnly: false });
  if (volume.containerDisk !== undefined) return overlay(context, 'containerDisk');
  if (volume.ephemeral !== undefined) return overlay(context, 'ephemeral');
  return { ...nothing, causes: [notSupported(volume, field)] };
}

interface FileVolume {
  readonly type: 'persistentVolumeClaim' | 'dataVolume' | 'hostDisk' | 'containerDisk' | 'ephemeral';
  readonly readOnly: boolean;
  readonly shared?: boolean;
}

function foundFile(context: VolumeContext, { type, readOnly, shared = false }: FileVolume): Media {
  const { facts, disk, volume, field } = context;
  const fact: VolumeFact = facts.volumes[volume.name] ?? { state: 'missing', message: `The disk of volume ${volume.name} was not found.` };
  const at = `${field}.${type}`;
  if (fact.state !== 'ready') return { ...nothing, causes: [notReady(fact, at)] };
  const reads = readOnly || disk.disk?.readonly === true || disk.lun?.readonly === true || disk.cdrom !== undefined;
  const several = shared || disk.shareable === true;
  const causes: Cause[] = [];
  if (!reads && !fact.writable) causes.push(notWritable(fact.path, at));
  if (fact.lockedBy !== undefined && !reads && !several) causes.push(locked(fact.path, fact.lockedBy, at));
  return {
    ...nothing,
    medium: { path: fact.path, format: fact.format, readOnly: reads, shared: several },
    locks: reads || several ? [] : [fact.path],
    causes,
    passed: causes.length === 0 ? [`Disk ${disk.name}: ${fact.path} is there.`] : [],
  };
}

/** What the guest writes goes into a file of this run, on top of one that stays as it is. Its contents end with the run. */
function overlay(context: VolumeContext, type: 'containerDisk' | 'ephemeral'): Media {
  const { facts, disk, volume, field } = context;
  const found = foundFile(context, { type, readOnly: true });
  const fact = facts.volumes[volume.name];
  if (found.medium === undefined || fact?.state !== 'ready') return found;
  const causes = fact.lockedBy === undefined ? [] : [locked(fact.path, fact.lockedBy, `${field}.${type}`)];
  const { path, format } = found.medium;
  if (disk.cdrom !== undefined || disk.disk?.readonly === true) return { ...found, causes };
  const changes = `${facts.stateDir}/${ofOneRun.overlay}${disk.name}.qcow2`;
  return {
    ...found,
    medium: { path: changes, format: 'qcow2', readOnly: false, shared: false, base: { path, format } },
    // Named in no header: the block layer is told by us what lies below, so an empty image of the same size will do.
    files: [{ type: 'emptyDisk', path: changes, format: 'qcow2', sizeBytes: fact.virtualSizeBytes, keep: false }],
    locks: [changes],
    causes,
  };
}

function emptyDisk({ vmi, facts, disk, field }: VolumeContext, capacity: string): Media {
  const sizeBytes = bytesOf(capacity);
  if (sizeBytes === undefined || sizeBytes <= 0) {
    return {
      ...nothing,
      causes: [
        {
          reason: 'FieldValueInvalid',
          field: `${field}.emptyDisk.capacity`,
          message: `'${capacity}' is not a size.`,
          fix: 'Write it like 2Gi.',
        },
      ],
    };
  }
  // Not in the run directory: that is often memory. As in KubeVirt its contents end with the run.
  const path = `${facts.stateDir}/${ofOneRun.empty}${disk.name}.qcow2`;
  return {
    ...nothing,
    medium: { path, format: 'qcow2', readOnly: false, shared: false },
    // A guest that goes on from a saved state finds it as it was.
    files: [
      { type: 'emptyDisk', path, format: 'qcow2', sizeBytes, keep: vmi.metadata.annotations?.[annotations.savedState] !== undefined },
    ],
    locks: [path],
  };
}

function hostDisk(context: VolumeContext, { path, type, capacity, shared }: NonNullable<Volume['hostDisk']>): Media {
  const { facts, volume, disk, field } = context;
  const found = foundFile(context, { type: 'hostDisk', readOnly: false, ...(shared === undefined ? {} : { shared }) });
  const sizeBytes = bytesOf(capacity) ?? 0;
  if (type !== 'DiskOrCreate' || facts.volumes[volume.name]?.state !== 'missing') return found;
  if (sizeBytes <= 0) {
    return {
      ...nothing,
      causes: [
        {
          reason: 'FieldValueRequired',
          field: `${field}.hostDisk.capacity`,
          message: `${path} does not exist, and its size is not given.`,
          fix: 'Set the capacity, for example to 10Gi.',
        },
      ],
    };
  }
  return {
    ...nothing,
    medium: { path, format: 'raw', readOnly: false, shared: shared === true || disk.shareable === true },
    files: [{ type: 'emptyDisk', path, format: 'raw', sizeBytes, keep: true }],
    locks: [path],
    passed: [`Disk ${disk.name}: ${path} is made with ${capacity}.`],
  };
}

export function notReady(fact: Exclude<VolumeFact, { state: 'ready' }>, field: string): Cause {
  switch (fact.state) {
    case 'missing':
      return { reason: fact.reason ?? 'VolumeMissing', field, message: fact.message, fix: 'Create the disk, or choose another one.' };
    case 'importing':
      if (fact.reason === 'ExceededQuota') {
        const fix = 'Raise the quota, or delete disks of the project: it is tried again by itself.';
        return { reason: fact.reason, field, message: fact.message, fix, actions: fact.raise ?? [] };
      }
      if (fact.reason !== undefined) {
        return { reason: fact.reason, field, message: fact.message, fix: 'Free that much space there: it is tried again by itself.' };
      }
      return { reason: 'VolumeImporting', field, message: fact.message, fix: 'Wait until it is finished: the machine then starts.' };
    case 'failed':
      if (fact.reason !== undefined) return { reason: fact.reason, field, message: fact.message, fix: 'It is tried again by itself.' };
      return { reason: 'VolumeFailed', field, message: fact.message, fix: 'Import it again, or choose another disk.' };
  }
}

function notWritable(path: string, field: string): Cause {
  return {
    reason: 'VolumeNotWritable',
    field,
    message: `${path} may not be written by you.`,
    fix: `Change its owner or mode, or make the disk read-only.`,
  };
}

function locked(path: string, owner: string, field: string): Cause {
  return {
    reason: 'VolumeLocked',
    field,
    message: `${path} is in use by ${owner}; two machines writing one disk destroy it.`,
    fix: 'Stop the other one, or use a copy of the disk.',
  };
}

function notSupported(volume: Volume, field: string): Cause {
  const type = Object.keys(volume).find((key) => key !== 'name');
  return {
    reason: 'FieldValueNotSupported',
    field: type === undefined ? field : `${field}.${type}`,
    message: type === undefined ? `The volume ${volume.name} names no source.` : `Volumes of type ${type} are not available here.`,
    fix: 'Use dataVolume, persistentVolumeClaim, containerDisk, hostDisk, emptyDisk, configMap, secret, cloudInitNoCloud or cloudInitConfigDrive.',
  };
}
