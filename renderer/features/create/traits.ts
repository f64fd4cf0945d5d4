// Owns what the chosen system means for the later steps: what is made, what it needs, whether cloud-init will read a seed.
// Must not validate.
import type { FirmwareState } from '../../../electron/api/firmware-state.ts';
import { isWebAddress } from '../../ui/image-address.ts';
import type { TpmChoice } from '../../ui/tpm-choice.ts';
import type { CreateForm } from './form.ts';

/**
 * disk: the root disk is filled from a source · installer: an empty root disk and a CD beside it · claim: a disk that is there ·
 * blank: an empty root disk alone.
 */
export type Medium = 'disk' | 'installer' | 'claim' | 'blank';

export interface SystemTraits {
  readonly medium: Medium;
  /** maybe: a disk image of unknown content; a seed does no harm. */
  readonly cloudInit: 'yes' | 'maybe' | 'no';
  /** Id in the catalogue of guest systems, for the icon. */
  readonly guestOs?: string;
  /** Beginning of a suggested name. */
  readonly baseName: string;
  readonly minMemoryMiB: number;
  /** What the filled disk needs at least. */
  readonly minDiskGiB: number;
  readonly suggestedDiskGiB: number;
  readonly firmware: FirmwareState;
  readonly tpm: TpmChoice;
  /** Size of the medium beside the root disk, for its claim; absent when only its source knows. */
  readonly installerBytes?: number;
}

const gib = 1024 ** 3;
const blank: SystemTraits = {
  medium: 'blank',
  cloudInit: 'no',
  baseName: 'machine',
  minMemoryMiB: 128,
  minDiskGiB: 1,
  suggestedDiskGiB: 20,
  firmware: 'bios',
  tpm: 'none',
};

export function systemTraits(system: CreateForm['system']): SystemTraits {
  switch (system.source) {
    case 'debian':
      return { ...blank, medium: 'disk', cloudInit: 'yes', guestOs: 'debian', baseName: 'debian', minMemoryMiB: 256, minDiskGiB: 2 };
    case 'windows':
      // What Windows 11 asks for before it installs itself.
      return {
        ...blank,
        medium: 'installer',
        guestOs: 'windows11',
        baseName: 'windows',
        minMemoryMiB: 4096,
        minDiskGiB: 64,
        suggestedDiskGiB: 64,
        firmware: 'secure-boot',
        tpm: 'kept',
        ...bytesOf(system.inspection?.virtualSizeBytes),
      };
    case 'catalog':
      return catalogTraits(system);
    case 'file':
      return imageTraits(system.path, system.inspection?.format === 'iso', system.inspection?.virtualSizeBytes);
    case 'upload':
      // The bytes are inspected when they arrive; until then the name must do.
      return imageTraits(system.upload?.name ?? '', isIsoName(system.upload?.name ?? ''), system.upload?.size);
    case 'address':
      return elsewhereTraits(system.elsewhere.address);
    case 'claim':
      return { ...blank, medium: 'claim', baseName: labelOf(system.claim, 'machine') };
    case 'network':
      return { ...blank, baseName: 'netboot' };
    case 'empty':
      return blank;
  }
}

function bytesOf(bytes: number | undefined): Pick<SystemTraits, 'installerBytes'> {
  return bytes === undefined ? {} : { installerBytes: bytes };
}

function catalogTraits({ image }: CreateForm['system']): SystemTraits {
  if (image === undefined) return { ...blank, medium: 'disk' };
  const installer = image.type === 'installer';
  return {
    ...blank,
    medium: installer ? 'installer' : 'disk',
    cloudInit: image.cloudInit ? 'yes' : 'no',
    guestOs: image.os,
    baseName: labelOf(image.os, 'machine'),
    minMemoryMiB: image.minMemoryMiB,
    minDiskGiB: image.minDiskGiB,
    suggestedDiskGiB: Math.max(20, image.minDiskGiB),
    ...(installer && image.sizeBytes !== undefined ? { installerBytes: image.sizeBytes } : {}),
  };
}

function imageTraits(path: string, iso: boolean, bytes: number | undefined): SystemTraits {
  const baseName = labelOf(fileName(path).replace(/\.[^.]*$/, ''), 'machine');
  if (iso) return { ...blank, medium: 'installer', baseName, ...(bytes === undefined ? {} : { installerBytes: bytes }) };
  const minDiskGiB = Math.max(1, Math.ceil((bytes ?? 0) / gib));
  return { ...blank, medium: 'disk', cloudInit: 'maybe', baseName, minDiskGiB, suggestedDiskGiB: Math.max(20, minDiskGiB) };
}

/** Of an address without its query; of an image without registry, tag and digest. */
function elsewhereTraits(address: string): SystemTraits {
  const path = isWebAddress(address) ? address.replace(/[?#].*$/, '') : address.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  return imageTraits(path, isWebAddress(address) && isIsoName(path), undefined);
}

export function isIsoName(name: string): boolean {
  return /\.iso$/i.test(name);
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Makes an RFC 1123 label of any text, or answers `fallback` when nothing is left. Short: numbers and `-installer` are appended. */
export function labelOf(text: string, fallback: string): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return label === '' ? fallback : label;
}
