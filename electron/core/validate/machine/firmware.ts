// Owns the rules of firmware, machine type and the features that firmware needs.
// Must not look for firmware files; the start check does.
import { invalid } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

/** KubeVirt's emulated machines of each architecture, as shell patterns. */
const pcPatterns: readonly string[] = ['q35*', 'pc-q35*'];
const machinePatterns: ReadonlyMap<string, readonly string[]> = new Map([
  ['amd64', pcPatterns],
  ['arm64', ['virt*']],
]);

const machineType: SpecRule = (spec, path) => {
  const type = spec.domain.machine?.type ?? '';
  const patterns = machinePatterns.get(spec.architecture ?? 'amd64') ?? pcPatterns;
  if (type === '' || patterns.some((pattern) => type.startsWith(pattern.slice(0, -1)))) return [];
  const field = `${path}.domain.machine.type`;
  return [
    invalid(
      field,
      `${field} is not supported: ${type} (allowed values: [${patterns.join(' ')}])`,
      'Leave it out to get the newest machine type.',
    ),
  ];
};

const oneBootloader: SpecRule = (spec, path) => {
  const { efi, bios } = spec.domain.firmware?.bootloader ?? {};
  if (efi === undefined || bios === undefined) return [];
  const field = `${path}.domain.firmware.bootloader`;
  return [invalid(field, `${field} has both EFI and BIOS configured, but they are mutually exclusive.`, 'Keep one of them.')];
};

/** `efi: {}` asks for Secure Boot: KubeVirt's default. */
const secureBootNeedsSmm: SpecRule = (spec, path) => {
  const { firmware, features } = spec.domain;
  const efi = firmware?.bootloader?.efi;
  if (efi === undefined || efi.secureBoot === false) return [];
  if (features?.smm !== undefined && features.smm.enabled !== false) return [];
  const field = `${path}.domain`;
  const message = `${field} has EFI SecureBoot enabled. SecureBoot requires SMM, which is currently disabled.`;
  return [invalid(field, message, 'Enable features.smm, or set firmware.bootloader.efi.secureBoot to false.')];
};

// SMBIOS strings of libvirt.
const maxSerialLength = 256;

const serial: SpecRule = (spec, path) => {
  const text = spec.domain.firmware?.serial ?? '';
  const field = `${path}.domain.firmware.serial`;
  return [
    ...(text.length > maxSerialLength
      ? [invalid(field, `${field} must be less than or equal to ${maxSerialLength} in length, if specified`, 'Shorten the serial number.')]
      : []),
    ...(/^[A-Za-z0-9_.+-]*$/.test(text)
      ? []
      : [
          invalid(
            field,
            `${field} must be made up of the following characters [A-Za-z0-9_.+-], if specified`,
            'Use these characters only.',
          ),
        ]),
  ];
};

/** Ours: libvirt would refuse it at the start. */
const uuid: SpecRule = (spec, path) => {
  const text = spec.domain.firmware?.uuid ?? '';
  if (text === '' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return [];
  const field = `${path}.domain.firmware.uuid`;
  return [invalid(field, `${field} '${text}' is not a UUID`, 'Write it as 8-4-4-4-12 hexadecimal digits, or leave it out.')];
};

const kernelBoot: SpecRule = (spec, path) => {
  const boot = spec.domain.firmware?.kernelBoot;
  if (boot === undefined) return [];
  const field = `${path}.domain.firmware.kernelBoot`;
  if (boot.container === undefined) {
    const args = boot.kernelArgs ?? '';
    return args === ''
      ? []
      : [invalid(field, 'kernel arguments cannot be provided without an external kernel', 'Name the container that holds the kernel.')];
  }
  const { image, kernelPath = '', initrdPath = '' } = boot.container;
  return [
    ...(image === '' ? [invalid(`${field}.container`, 'image must not be empty', 'Name the container image that holds the kernel.')] : []),
    ...(kernelPath === '' && initrdPath === ''
      ? [
          invalid(
            `${field}.container`,
            'At least one of the following must be defined: kernelPath, initrdPath',
            'Give the path of the kernel in the image.',
          ),
        ]
      : []),
  ];
};

export const firmwareRules: readonly SpecRule[] = [machineType, oneBootloader, secureBootNeedsSmm, serial, uuid, kernelBoot];
