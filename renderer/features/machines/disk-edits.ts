// Owns what adding a disk to a machine, and taking one out, changes in its definition.
// Must not create or delete the disk itself.
import type { JsonPatchOperation } from '../../../electron/api/json-patch.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { Json, JsonObject } from '../../../electron/api/object.ts';
import type { PluggedDisk } from '../../client/client.ts';
import type { Patch } from './machine-edits.ts';

export const diskBuses = ['virtio', 'scsi', 'sata', 'usb'] as const;
export type DiskBus = (typeof diskBuses)[number];

export interface NewDisk {
  /** Name of a claim or DataVolume in the machine's project. */
  readonly source: string;
  readonly isDataVolume: boolean;
  readonly device: 'disk' | 'cdrom';
  readonly bus: DiskBus;
}

const template = '/spec/template/spec';

/** The device is named after its disk, or with a number behind it when that name is taken. */
export function addDiskPatch(vm: VirtualMachine, disk: NewDisk): Patch {
  const { domain, volumes } = vm.spec.template.spec ?? { domain: { devices: {} } };
  const { disks } = domain.devices;
  const taken = new Set([...(disks ?? []), ...(volumes ?? [])].map(({ name }) => name));
  const name = freeName(disk.source, taken);
  const device: Json = { name, [disk.device]: { bus: disk.bus } };
  const volume: Json = disk.isDataVolume
    ? { name, dataVolume: { name: disk.source } }
    : { name, persistentVolumeClaim: { claimName: disk.source } };
  return [...appended(`${template}/domain/devices/disks`, disks, device), ...appended(`${template}/volumes`, volumes, volume)];
}

/** What can come and go while the machine runs. */
export const pluggableBuses: readonly DiskBus[] = ['virtio', 'scsi'];

/** The same disk as a request to plug it in at once. */
export function pluggedDisk(vm: VirtualMachine, disk: NewDisk): PluggedDisk {
  const { domain, volumes } = vm.spec.template.spec ?? { domain: { devices: {} } };
  const taken = new Set([...(domain.devices.disks ?? []), ...(volumes ?? [])].map(({ name }) => name));
  const source: JsonObject = disk.isDataVolume
    ? { dataVolume: { name: disk.source } }
    : { persistentVolumeClaim: { claimName: disk.source } };
  return { name: freeName(disk.source, taken), bus: disk.bus, source };
}

/** Takes device and volume out; the disk itself is kept. */
export function removeDiskPatch(vm: VirtualMachine, name: string): Patch {
  const { domain, volumes } = vm.spec.template.spec ?? { domain: { devices: {} } };
  return [...removed(`${template}/domain/devices/disks`, domain.devices.disks, name), ...removed(`${template}/volumes`, volumes, name)];
}

type Named = readonly { readonly name: string }[] | undefined;

function appended(path: string, list: Named, value: Json): Patch {
  return list === undefined ? [{ op: 'add', path, value: [value] }] : [{ op: 'add', path: `${path}/-`, value }];
}

function removed(path: string, list: Named, name: string): Patch {
  const index = (list ?? []).findIndex((item) => item.name === name);
  if (index < 0) return [];
  // The place is only an address: the name proves that it is still the same one.
  const same: JsonPatchOperation = { op: 'test', path: `${path}/${index}/name`, value: name };
  return [same, { op: 'remove', path: `${path}/${index}` }];
}

/** Device names are DNS labels: a disk's dots become dashes. */
function freeName(source: string, taken: ReadonlySet<string>): string {
  const wanted = source.replaceAll('.', '-').slice(0, 55);
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}-${number}`)) number++;
  return `${wanted}-${number}`;
}
