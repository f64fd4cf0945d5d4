// Owns booting from the network: what the built-in server of the user network offers, and whether a card brings its own boot ROM.
// Must not look into folders; they are facts.
import { annotations } from '../../api/annotations.ts';
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { NetworkBootFact } from './network-boot-facts.ts';
import { parseNetworkBoot } from './network-boot-source.ts';

export type BootFirmware = 'bios' | 'uefi' | 'secureBoot';

export function firmwareOf({ spec }: Pick<VirtualMachineInstance, 'spec'>): BootFirmware {
  const { efi } = spec.domain.firmware?.bootloader ?? {};
  if (efi === undefined) return 'bios';
  return efi.secureBoot === false ? 'uefi' : 'secureBoot';
}

/** In order of preference, as they are called in distributions' netboot folders. */
const signedLoaders =
  'debian-installer/amd64/bootnetx64.efi bootnetx64.efi shimx64.efi.signed shimx64.efi bootx64.efi BOOTX64.EFI EFI/BOOT/BOOTX64.EFI shim.efi'.split(
    ' ',
  );
const otherLoaders = 'grubnetx64.efi.signed grubnetx64.efi grubx64.efi syslinux.efi snponly.efi ipxe.efi boot.ipxe'.split(' ');
const bootFiles: Readonly<Record<BootFirmware, readonly string[]>> = {
  bios: ['pxelinux.0', 'lpxelinux.0', 'boot.ipxe', 'undionly.kpxe', 'grub/i386-pc/core.0'],
  // The firmware refuses the rest.
  secureBoot: signedLoaders,
  uefi: [...signedLoaders, ...otherLoaders],
};

export interface BootOffer {
  /** Folder that is served by TFTP. */
  readonly folder?: string;
  /** What DHCP names as the boot file. */
  readonly file?: string;
  readonly causes: readonly Cause[];
  readonly passed: readonly string[];
}

const annotationField = `metadata.annotations['${annotations.networkBoot}']`;

/** `given` is what the manifest's DHCP options name; it wins. */
export function networkBootOf(vmi: VirtualMachineInstance, fact: NetworkBootFact | undefined, given: string | undefined): BootOffer {
  const text = vmi.metadata.annotations?.[annotations.networkBoot];
  const none: BootOffer = { ...(given === undefined ? {} : { file: given }), causes: [], passed: [] };
  if (text === undefined) return none;
  const { source, causes } = parseNetworkBoot(text, annotationField);
  if (source === undefined) return { causes, passed: [] };
  if (source.type === 'url') return { ...none, file: source.url, passed: [`The guest boots from ${source.url}.`] };
  if (fact === undefined || fact.state === 'missing') {
    const message = fact?.message ?? 'It is not known what the guest boots from.';
    return { causes: [{ reason: 'NetworkBootMissing', field: annotationField, message, fix: fixOf(source.type) }], passed: [] };
  }
  const file = given ?? source.file ?? bootFiles[firmwareOf(vmi)].find((name) => fact.files.includes(name));
  if (file === undefined) return { causes: [noBootFile(vmi, fact.folder)], passed: [] };
  const passed = fact.state === 'toFetch' ? [`The package ${fact.package} is fetched at the first start and unpacked, not installed.`] : [];
  return { folder: fact.folder, file, causes: [], passed: [...passed, `The guest boots ${file} from ${fact.folder}.`] };
}

function fixOf(type: 'folder' | 'package'): string {
  return type === 'folder' ? 'Choose a folder that this user can read.' : 'Choose a folder with the files of a network boot instead.';
}

function noBootFile(vmi: VirtualMachineInstance, folder: string): Cause {
  const wanted = bootFiles[firmwareOf(vmi)].slice(0, 3).join(', ');
  return {
    reason: 'NetworkBootMissing',
    field: annotationField,
    message: `The folder ${folder} has no boot loader for ${firmwareWords[firmwareOf(vmi)]}, such as ${wanted}.`,
    fix: 'Name the file: {"folder": "…", "file": "…"}.',
  };
}

const firmwareWords: Readonly<Record<BootFirmware, string>> = { bios: 'BIOS', uefi: 'UEFI', secureBoot: 'Secure Boot' };

export interface RomDecision {
  /** `empty`: without; `own`: iPXE, as QEMU brings it. */
  readonly rom: 'empty' | 'own';
  readonly reason?: string;
  readonly causes: readonly Cause[];
}

/**
 * OVMF has a driver and a PXE of its own for virtio, and iPXE's ROM for UEFI is in the way of a signed shim, which then fails to
 * load its GRUB ("Malformed binary"). Other models need the ROM, which nobody has signed; so do iPXE scripts and addresses.
 */
export function cardRom(
  vmi: VirtualMachineInstance,
  {
    model = 'virtio',
    bootFile,
    field,
  }: { readonly model?: string | undefined; readonly bootFile?: string | undefined; readonly field: string },
): RomDecision {
  const firmware = firmwareOf(vmi);
  if (firmware === 'bios') return { rom: 'own', causes: [] };
  const needsIpxe = bootFile !== undefined && (bootFile.endsWith('.ipxe') || bootFile.includes('://'));
  if (model === 'virtio' && !needsIpxe) {
    return { rom: 'empty', reason: "The firmware's own network boot: a signed loader cannot go on through iPXE's ROM.", causes: [] };
  }
  if (firmware === 'uefi') return { rom: 'own', causes: [] };
  return {
    rom: 'own',
    causes: [
      {
        reason: 'NetworkBootNotSigned',
        field,
        message: needsIpxe
          ? `${bootFile} needs iPXE, which is not signed: Secure Boot refuses it.`
          : `A card of model ${model} needs iPXE's boot ROM, which is not signed: Secure Boot refuses it.`,
        fix: needsIpxe ? 'Boot a signed loader from a folder, or switch Secure Boot off.' : 'Use model virtio, or switch Secure Boot off.',
      },
    ],
  };
}
