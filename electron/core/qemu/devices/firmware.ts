// Owns what runs before the guest: SeaBIOS, or UEFI from the firmware descriptors with an NVRAM file of the machine's own.
// Must not read the descriptors; they are facts.
import type { Cause } from '../../../api/errors.ts';
import { jsonOption, keyedOption } from '../args.ts';
import type { FirmwareDescriptor } from '../../facts.ts';
import type { Family, Fragment } from '../fragment.ts';
import { defaultMachine, machineTypeOf } from './machine.ts';

const field = 'spec.domain.firmware.bootloader';

export const firmwareFamily: Family = (vmi, facts) => {
  const { bootloader = {} } = vmi.spec.domain.firmware ?? {};
  if (bootloader.bios !== undefined && bootloader.efi !== undefined) return { causes: [both] };
  if (bootloader.efi === undefined) return bios(bootloader.bios?.useSerial === true);
  // KubeVirt's default: `efi: {}` means Secure Boot.
  const secureBoot = bootloader.efi.secureBoot ?? true;
  const { smm } = vmi.spec.domain.features ?? {};
  if (secureBoot && (smm === undefined || smm.enabled === false)) return { causes: [smmMissing] };
  const asked = vmi.spec.domain.machine?.type ?? defaultMachine;
  const machine = machineTypeOf(asked, facts.host.qemu)?.name ?? asked;
  const descriptor = firmwareFor({ machine, secureBoot }, facts.host.firmware);
  if (descriptor === undefined) return { causes: [noFirmware(machine, secureBoot)] };
  return flash(descriptor, { secureBoot, stateDir: facts.stateDir });
};

function bios(useSerial: boolean): Fragment {
  // SeaBIOS writes to the serial port when the machine is said to have no graphics.
  return useSerial ? { machine: { graphics: { value: false, field: `${field}.bios.useSerial` } } } : {};
}

interface Wanted {
  /** Versioned, such as `pc-q35-7.2`: the globs of the descriptors know no alias. */
  readonly machine: string;
  readonly secureBoot: boolean;
}

/** The first descriptor that fits, in the host's order of preference. */
export function firmwareFor({ machine, secureBoot }: Wanted, descriptors: readonly FirmwareDescriptor[]): FirmwareDescriptor | undefined {
  const fitting = descriptors.filter(
    ({ interfaceTypes, targets }) =>
      interfaceTypes.includes('uefi') &&
      targets.some(({ architecture, machines }) => architecture === 'x86_64' && machines.some((glob) => globMatches(glob, machine))),
  );
  const has = (feature: string) => (row: FirmwareDescriptor) => row.features.includes(feature);
  // Without enrolled keys Secure Boot is in setup mode: it verifies nothing.
  if (secureBoot) return fitting.filter(has('secure-boot')).find(has('enrolled-keys'));
  const open = fitting.filter((row) => !has('enrolled-keys')(row));
  // A build that demands SMM does without keys too, but is slower and stricter than it need be.
  return open.find((row) => !has('requires-smm')(row)) ?? open[0];
}

function globMatches(glob: string, name: string): boolean {
  const pattern = glob.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${pattern.join('.*')}$`).test(name);
}

function flash(
  descriptor: FirmwareDescriptor,
  { secureBoot, stateDir }: { readonly secureBoot: boolean; readonly stateDir: string },
): Fragment {
  const { executable, nvramTemplate, features } = descriptor;
  // Named after its template: variables made under other keys, or by another layout of the flash, are not carried over.
  const nvram = `${stateDir}/nvram-${nvramTemplate.path.split('/').at(-1) ?? 'vars'}`;
  const requiresSmm = features.includes('requires-smm');
  return {
    machine: {
      pflash0: { value: 'firmware', field: `${field}.efi` },
      pflash1: { value: 'nvram', field: `${field}.efi` },
      // With smm=off such a build hangs before its first output.
      ...(requiresSmm
        ? { smm: { value: true, field: `${field}.efi`, reason: 'This firmware hangs without System Management Mode.' } }
        : {}),
    },
    args: [
      jsonOption(
        '-blockdev',
        { driver: 'file', 'node-name': 'firmware-file', filename: executable.path, 'read-only': true, 'auto-read-only': false },
        { field: `${field}.efi` },
      ),
      jsonOption('-blockdev', { driver: executable.format, 'node-name': 'firmware', file: 'firmware-file', 'read-only': true }),
      jsonOption(
        '-blockdev',
        { driver: 'file', 'node-name': 'nvram-file', filename: nvram, 'read-only': false, 'auto-read-only': false, locking: 'on' },
        { field: `${field}.efi`, reason: 'The UEFI variables of this machine: kept over restarts.' },
      ),
      jsonOption('-blockdev', { driver: nvramTemplate.format, 'node-name': 'nvram', file: 'nvram-file', 'read-only': false }),
      // Otherwise the guest could rewrite the keys that Secure Boot trusts; it would boot all the same, and nobody would notice.
      ...(secureBoot
        ? [
            keyedOption(
              '-global',
              { pairs: { driver: 'cfi.pflash01', property: 'secure', value: true } },
              { field: `${field}.efi.secureBoot` },
            ),
          ]
        : []),
    ],
    files: [{ type: 'copyOnce', from: nvramTemplate.path, to: nvram }],
    locks: [nvram],
    passed: [`UEFI firmware ${executable.path}${secureBoot ? ' with Secure Boot' : ''}.`],
  };
}

const both: Cause = {
  reason: 'FieldValueInvalid',
  field,
  message: `${field} has both EFI and BIOS configured, but they are mutually exclusive.`,
  fix: `Remove ${field}.bios or ${field}.efi.`,
};

const smmMissing: Cause = {
  reason: 'FieldValueInvalid',
  field: `${field}.efi.secureBoot`,
  message: 'spec.domain has EFI SecureBoot enabled. SecureBoot requires SMM, which is currently disabled.',
  fix: `Set spec.domain.features.smm.enabled to true, or ${field}.efi.secureBoot to false.`,
};

function noFirmware(machine: string, secureBoot: boolean): Cause {
  return {
    reason: 'FirmwareMissing',
    field: `${field}.efi`,
    message: `No UEFI firmware${secureBoot ? ' with Secure Boot and enrolled keys' : ''} for ${machine} was found on this computer.`,
    fix: 'Install OVMF (Debian and Ubuntu: apt install ovmf; Fedora: dnf install edk2-ovmf).',
  };
}
