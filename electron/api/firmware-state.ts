// Owns the four kinds of firmware that a machine can have, in plain words, and how a manifest says each.
// Must not know any firmware file; descriptors are the host's.
import { annotations } from './annotations.ts';

/**
 * `secure-boot` trusts Microsoft's keys, which sign the boot loaders of Windows and of the distributions. `setup-mode` is the same
 * firmware without keys: it checks nothing until its owner has put his own into it.
 */
export const firmwareStates = ['bios', 'uefi', 'secure-boot', 'setup-mode'] as const;
export type FirmwareState = (typeof firmwareStates)[number];

/** Values of the annotation `virtdeck.io/secure-boot-keys`. */
export const secureBootKeys = ['microsoft', 'own'] as const;

/** The parts of a machine that say it. */
export interface FirmwareManifest {
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly bootloader: { readonly bios?: unknown; readonly efi?: { readonly secureBoot?: boolean } } | undefined;
}

/** KubeVirt's default: `efi: {}` means Secure Boot. */
export function firmwareStateOf({ annotations: notes, bootloader }: FirmwareManifest): FirmwareState {
  if (bootloader?.efi === undefined) return 'bios';
  if (bootloader.efi.secureBoot === false) return 'uefi';
  return notes?.[annotations.secureBootKeys] === 'own' ? 'setup-mode' : 'secure-boot';
}
