// Owns what runs before the guest: SeaBIOS, or UEFI in flash with variables (NVRAM) of the machine's own.
// Must not choose the UEFI build; firmware-choice.ts does.
import { annotations } from '../../../api/annotations.ts';
import { discardsChanges } from '../../../api/discard-changes.ts';
import type { Cause } from '../../../api/errors.ts';
import { type FirmwareState, firmwareStateOf, secureBootKeys } from '../../../api/firmware-state.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { FirmwareDescriptor, LaunchFacts } from '../../facts.ts';
import { jsonOption, keyedOption } from '../args.ts';
import { firmwareFor } from '../firmware-choice.ts';
import type { Family, Fragment } from '../fragment.ts';
import { nvramPrefix } from '../runtime-paths.ts';
import { defaultMachine, machineTypeOf } from './machine.ts';

const field = 'spec.domain.firmware.bootloader';
const keysField = `metadata.annotations[${annotations.secureBootKeys}]`;

export const firmwareFamily: Family = (vmi, facts) => {
  const { bootloader = {} } = vmi.spec.domain.firmware ?? {};
  if (bootloader.bios !== undefined && bootloader.efi !== undefined) return { causes: [both] };
  const state = firmwareStateOf({ annotations: vmi.metadata.annotations, bootloader });
  const keys = keysRemarks(vmi, state);
  if (state === 'bios') return { ...bios(bootloader.bios?.useSerial === true), ...keys };
  const { smm } = vmi.spec.domain.features ?? {};
  if (state !== 'uefi' && (smm === undefined || smm.enabled === false)) return { causes: [smmMissing] };
  if (keys.causes !== undefined) return keys;
  const asked = vmi.spec.domain.machine?.type ?? defaultMachine;
  const machine = machineTypeOf(asked, facts.host.qemu)?.name ?? asked;
  const descriptor = firmwareFor({ machine, state }, facts.host.firmware);
  if (descriptor === undefined) return { causes: [noFirmware(machine, state)] };
  // KubeVirt forgets the variables unless it is told otherwise; a machine of a workstation that forgot its boot entries would be odd.
  const folder = bootloader.efi?.persistent === false ? facts.runDir : facts.stateDir;
  const copyIn = folder === facts.stateDir && discardsChanges(vmi) ? facts.runDir : undefined;
  return { ...flash(descriptor, state, { folder, copyIn }), ...keys };
};

function bios(useSerial: boolean): Fragment {
  // SeaBIOS writes to the serial port when the machine is said to have no graphics.
  return useSerial ? { machine: { graphics: { value: false, field: `${field}.bios.useSerial` } } } : {};
}

interface Variables {
  readonly folder: LaunchFacts['stateDir'];
  /** Of a run whose changes are thrown away: where it has them. */
  readonly copyIn: LaunchFacts['runDir'] | undefined;
}

function flash({ executable, nvramTemplate, features }: FirmwareDescriptor, state: FirmwareState, { folder, copyIn }: Variables): Fragment {
  const template = nvramTemplate.path.split('/').at(-1) ?? 'vars';
  // Each state has variables of its own: those made under other keys, or by another layout of the flash, are neither carried over
  // nor lost. Who goes back finds them as they were. Always qcow2, whatever the template is: a snapshot of the machine while it
  // runs needs every writable image to be able to hold one, and raw cannot.
  const name = `${nvramPrefix}${state}-${template}.qcow2`;
  const kept = `${folder}/${name}`;
  const nvram = `${copyIn ?? folder}/${name}`;
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
        { field: `${field}.efi`, reason: 'The UEFI variables of this machine.' },
      ),
      jsonOption('-blockdev', { driver: 'qcow2', 'node-name': 'nvram', file: 'nvram-file', 'read-only': false, backing: null }),
      // Otherwise the guest could rewrite the keys that Secure Boot trusts; it would boot all the same, and nobody would notice.
      ...(requiresSmm
        ? [
            keyedOption(
              '-global',
              { pairs: { driver: 'cfi.pflash01', property: 'secure', value: true } },
              { field: `${field}.efi.secureBoot`, reason: 'Only the firmware may write its variables, in System Management Mode.' },
            ),
          ]
        : []),
    ],
    files: [
      { type: 'convertOnce', from: nvramTemplate.path, fromFormat: nvramTemplate.format, to: kept },
      ...(copyIn === undefined ? [] : [{ type: 'copy', from: kept, to: nvram } as const]),
    ],
    locks: [nvram],
    passed: [`UEFI firmware ${executable.path}${said[state]}.`],
  };
}

const said: Readonly<Record<FirmwareState, string>> = {
  bios: '',
  uefi: '',
  'secure-boot': ' with Secure Boot',
  'setup-mode': ' with Secure Boot in setup mode: nothing is verified until keys are enrolled',
};

function keysRemarks(vmi: VirtualMachineInstance, state: FirmwareState): Pick<Fragment, 'causes' | 'warnings'> {
  const keys = vmi.metadata.annotations?.[annotations.secureBootKeys];
  if (keys === undefined) return {};
  if (!secureBootKeys.some((known) => known === keys)) return { causes: [keysUnknown(keys)] };
  return state === 'bios' || state === 'uefi' ? { warnings: [keysWithoutSecureBoot] } : {};
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

function keysUnknown(keys: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: keysField,
    message: `Secure Boot knows no keys called ${keys}.`,
    fix: `Use ${secureBootKeys.join(' or ')}.`,
  };
}

const keysWithoutSecureBoot: Cause = {
  reason: 'NoEffect',
  field: keysField,
  message: 'Secure Boot is off, so it trusts no keys.',
  fix: `Set ${field}.efi.secureBoot to true, or remove the annotation.`,
};

const wanted: Readonly<Record<FirmwareState, string>> = {
  bios: '',
  uefi: '',
  'secure-boot': ' with Secure Boot and enrolled keys',
  'setup-mode': ' with Secure Boot and without keys',
};

function noFirmware(machine: string, state: FirmwareState): Cause {
  return {
    reason: 'FirmwareMissing',
    field: `${field}.efi`,
    message: `No UEFI firmware${wanted[state]} for ${machine} was found on this computer.`,
    fix: 'Install OVMF (Debian and Ubuntu: apt install ovmf; Fedora: dnf install edk2-ovmf).',
  };
}
