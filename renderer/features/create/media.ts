// Owns the disks of a new machine: for each, the device, the volume and, when it must be made, the DataVolume template.
// Must not know cloud-init's content; it only places the seed.
import { annotations } from '../../../electron/api/annotations.ts';
import type { LocalSources } from '../../../electron/api/kinds/data-volume.ts';
import type { VirtualMachineSpec } from '../../../electron/api/kinds/virtual-machine.ts';
import { elsewhereSource } from '../../ui/image-address.ts';
import type { CreateForm } from './form.ts';
import { systemTraits } from './traits.ts';
import { driverDiscUrl } from './windows.ts';
import { packageList } from './user-data.ts';

type DomainSpec = NonNullable<VirtualMachineSpec['template']['spec']>;
export type Disk = NonNullable<DomainSpec['domain']['devices']['disks']>[number];
export type Volume = NonNullable<DomainSpec['volumes']>[number];
export type DataVolumeTemplate = NonNullable<VirtualMachineSpec['dataVolumeTemplates']>[number];
type Source = NonNullable<DataVolumeTemplate['spec']['source']> & LocalSources;

export interface Medium {
  readonly disk: Disk;
  readonly volume: Volume;
  readonly template?: DataVolumeTemplate;
}

const mib = 1024 ** 2;

/** In the order of the guest's controllers. The network may claim boot order 1: then the root disk comes second. */
export function mediaOf(form: CreateForm, secret: string | undefined): readonly Medium[] {
  const installer = installerOf(form);
  return [
    rootOf(form),
    ...(installer === undefined ? [] : [installer]),
    ...driversOf(form),
    ...form.disk.extra.map((extra, index) => {
      const claim = `${form.name}-data-${index + 1}`;
      return {
        disk: { name: `data-${index + 1}`, disk: { bus: extra.bus } },
        volume: { name: `data-${index + 1}`, dataVolume: { name: claim } },
        template: template(claim, { source: { blank: {} }, storage: `${extra.sizeGiB ?? 0}Gi` }),
      };
    }),
    ...(secret === undefined ? [] : [seedOf(secret)]),
  ];
}

/** The claims that the machine's disks are filled into, the root disk first. */
export function diskName(form: CreateForm): string {
  return `${form.name}-disk`;
}

export function installerName(form: CreateForm): string {
  return `${form.name}-installer`;
}

function rootOf(form: CreateForm): Medium {
  const { bus, cache, format, sizeGiB } = form.disk;
  const disk: Disk = {
    name: 'root',
    disk: { bus },
    bootOrder: form.system.source === 'network' ? 2 : 1,
    ...(cache === 'default' ? {} : { cache }),
  };
  if (form.system.source === 'claim') return { disk, volume: { name: 'root', persistentVolumeClaim: { claimName: form.system.claim } } };
  const source = systemTraits(form.system).medium === 'installer' ? { blank: {} } : imageSource(form);
  return {
    disk,
    volume: { name: 'root', dataVolume: { name: diskName(form) } },
    template: template(diskName(form), { source, storage: `${sizeGiB ?? 0}Gi`, format, checksum: checksumOf(form) }),
  };
}

/** Behind the disk in the boot order: the empty disk falls through to the CD once, and is booted from then on. */
function installerOf(form: CreateForm): Medium | undefined {
  const { medium, installerBytes } = systemTraits(form.system);
  if (medium !== 'installer') return undefined;
  const storage = installerBytes === undefined ? undefined : `${Math.max(1, Math.ceil(installerBytes / mib))}Mi`;
  return {
    disk: { name: 'installer', cdrom: { bus: 'sata' }, bootOrder: form.system.source === 'network' ? 3 : 2 },
    volume: { name: 'installer', dataVolume: { name: installerName(form) } },
    template: template(installerName(form), { source: imageSource(form), storage, format: 'raw', checksum: checksumOf(form) }),
  };
}

/** A second drive: Windows' setup asks for the disk's driver while its own disc is in the first. */
function driversOf({ name, system: { source, drivers } }: CreateForm): readonly Medium[] {
  if (source !== 'windows' || drivers.from === 'none') return [];
  const claim = `${name}-drivers`;
  const from = drivers.from === 'download' ? { http: { url: driverDiscUrl } } : { file: { path: drivers.path } };
  const bytes = drivers.from === 'file' ? drivers.inspection?.virtualSizeBytes : undefined;
  const storage = bytes === undefined ? undefined : `${Math.max(1, Math.ceil(bytes / mib))}Mi`;
  return [
    {
      disk: { name: 'drivers', cdrom: { bus: 'sata' } },
      volume: { name: 'drivers', dataVolume: { name: claim } },
      template: template(claim, { source: from, storage, format: 'raw' }),
    },
  ];
}

/** virtio: Debian's cloud kernel has no AHCI driver and would never see a seed on a SATA CD. */
function seedOf(secret: string): Medium {
  return {
    disk: { name: 'cloudinit', disk: { bus: 'virtio' } },
    volume: { name: 'cloudinit', cloudInitNoCloud: { secretRef: { name: secret } } },
  };
}

function imageSource({ system, account }: CreateForm): Source {
  switch (system.source) {
    case 'debian': {
      const packages = account.mode === 'form' ? packageList(account.packages) : [];
      return { mmdebstrap: packages.length > 0 ? { packages } : {} };
    }
    case 'catalog':
      return { http: { url: system.image?.url ?? '' } };
    case 'file':
    case 'windows':
      return { file: { path: system.path } };
    case 'upload':
      return { upload: {} };
    case 'address':
      return elsewhereSource(system.elsewhere.address, system.elsewhere.secret);
    case 'claim':
    case 'network':
    case 'empty':
      return { blank: {} };
  }
}

function checksumOf({ system }: CreateForm): string | undefined {
  if (system.source !== 'catalog' || system.image === undefined) return undefined;
  return `${system.image.checksum.algorithm}:${system.image.checksum.value}`;
}

interface TemplateParts {
  readonly source: Source;
  /** Absent: as much as the source has. */
  readonly storage: string | undefined;
  readonly format?: CreateForm['disk']['format'];
  readonly checksum?: string | undefined;
}

/** qcow2 is what the core makes when nothing is said. */
function template(name: string, { source, storage, format = 'qcow2', checksum }: TemplateParts): DataVolumeTemplate {
  const notes = {
    ...(format === 'qcow2' ? {} : { [annotations.diskFormat]: format }),
    ...(checksum === undefined || source.http === undefined ? {} : { [annotations.checksum]: checksum }),
  };
  return {
    metadata: { name, ...(Object.keys(notes).length > 0 ? { annotations: notes } : {}) },
    spec: { source, storage: storage === undefined ? {} : { resources: { requests: { storage } } } },
  };
}
