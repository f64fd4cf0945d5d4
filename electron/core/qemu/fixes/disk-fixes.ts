// Owns what is offered for reasons in the disks: held by another, not writable, not there, not filled, on a bus without room.
// Must not delete a disk by itself, or offer one that anything names.
import type { FixAction } from '../../../api/fix-actions.ts';
import { targetOf } from '../devices/disk-devices.ts';
import { type Asked, type FixRow, added, change, removed, stillNamed } from './fix-row.ts';

const volumes = /^spec\.volumes\[\d+\]/;

export const diskFixes: readonly FixRow[] = [
  { reason: 'VolumeLocked', field: volumes, offer: (asked) => [...stopHolder(asked), ...readOnly(asked)] },
  { reason: 'VolumeNotWritable', field: volumes, offer: readOnly },
  { reason: ['VolumeMissing', 'FailedPvcNotFound'], field: volumes, offer: takeOut },
  { reason: 'VolumeFailed', field: volumes, offer: (asked) => [...importAgain(asked), ...takeOut(asked)] },
  { reason: 'DiskFull', field: volumes, offer: (asked) => [...deleteUnused(asked), ...importAgain(asked), ...takeOut(asked)] },
  // While bytes flow there is nothing to begin again.
  { reason: 'VolumeImporting', field: volumes, offer: importAgain },
  { reason: ['ErrImagePull', 'ImagePullBackOff'], field: volumes, offer: takeOut },
  { reason: 'DiscardImpossible', field: volumes, offer: takeOut },
  { reason: 'FieldValueInvalid', field: /^spec\.domain\.devices\.disks\[\d+\]\.io$/, offer: withoutCache },
  { reason: 'FieldValueInvalid', field: /^spec\.domain\.devices\.disks\[\d+\]\.name$/, offer: withoutVolume },
  {
    reason: 'FieldValueNotSupported',
    field: /^spec\.domain\.devices\.disks\[\d+\]\.(disk|cdrom|lun)\.bus$/,
    offer: otherBus,
  },
  { reason: 'FieldValueInvalid', field: /^spec\.domain\.devices\.disks$/, offer: fromSata },
];

function stopHolder({ vmi, facts, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const fact = facts.volumes[vmi.spec.volumes?.[index]?.name ?? ''];
  if (fact?.state !== 'ready' || fact.holder === undefined) return [];
  return [{ type: 'StopMachine', ...fact.holder }];
}

/** Of the device in which the volume is, when it is a disk. */
function readOnly({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.volumes?.[index]?.name;
  const at = (vmi.spec.domain.devices.disks ?? []).findIndex((disk) => disk.name === name && disk.disk !== undefined);
  if (name === undefined || at < 0) return [];
  const path = `/spec/domain/devices/disks/${at}`;
  return [change(`Make the disk ${name} read-only`, stillNamed(path, name), added(`${path}/disk/readonly`, true))];
}

function takeOut({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.volumes?.[index]?.name;
  const at = (vmi.spec.domain.devices.disks ?? []).findIndex((disk) => disk.name === name);
  if (name === undefined || at < 0) return [];
  const [disk, volume] = [`/spec/domain/devices/disks/${at}`, `/spec/volumes/${index}`];
  return [change(`Take the disk ${name} out`, stillNamed(disk, name), stillNamed(volume, name), removed(disk), removed(volume))];
}

/** So many are offered; the page of disks has them all. */
const offeredDisks = 5;

function deleteUnused({ vmi, facts, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const fact = facts.volumes[vmi.spec.volumes?.[index]?.name ?? ''];
  const unused = fact?.state === 'importing' ? (fact.unused ?? []) : [];
  return unused.slice(0, offeredDisks).map((disk) => ({ type: 'DeleteDisk', ...disk }));
}

function importAgain({ vmi, facts, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const fact = facts.volumes[vmi.spec.volumes?.[index]?.name ?? ''];
  const name = fact?.state === 'failed' || fact?.state === 'importing' ? fact.dataVolume : undefined;
  return name === undefined ? [] : [{ type: 'ImportAgain', namespace: vmi.metadata.namespace ?? 'default', name }];
}

function withoutCache({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.domain.devices.disks?.[index]?.name ?? '';
  const path = `/spec/domain/devices/disks/${index}`;
  return [
    change(`Let the disk ${name} go past the cache of this computer`, stillNamed(path, name), added(`${path}/cache`, 'none')),
    change(`Use threads for the disk ${name}`, stillNamed(path, name), added(`${path}/io`, 'threads')),
  ];
}

function withoutVolume({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.domain.devices.disks?.[index]?.name ?? '';
  const path = `/spec/domain/devices/disks/${index}`;
  return [change(`Take the disk ${name} out`, stillNamed(path, name), removed(path))];
}

/** What each kind of device can always be on. */
const buses = { disk: 'virtio', cdrom: 'sata', lun: 'scsi' } as const;

function otherBus({ vmi, cause, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const kind = /\.(disk|cdrom|lun)\.bus$/.exec(cause.field)?.[1] as keyof typeof buses | undefined;
  const name = vmi.spec.domain.devices.disks?.[index]?.name;
  if (kind === undefined || name === undefined) return [];
  const path = `/spec/domain/devices/disks/${index}`;
  return [change(`Use bus ${buses[kind]} for the disk ${name}`, stillNamed(path, name), added(`${path}/${kind}/bus`, buses[kind]))];
}

/** The last disk on SATA; a guest that boots from it may need another driver, so the first one is left where it is. */
function fromSata({ vmi }: Asked): readonly FixAction[] {
  const disks = vmi.spec.domain.devices.disks ?? [];
  const at = disks.findLastIndex((disk) => disk.disk !== undefined && targetOf(disk, '').target.bus === 'sata');
  const name = disks[at]?.name;
  if (name === undefined) return [];
  const path = `/spec/domain/devices/disks/${at}`;
  return [change(`Use bus virtio for the disk ${name}`, stillNamed(path, name), added(`${path}/disk/bus`, 'virtio'))];
}
