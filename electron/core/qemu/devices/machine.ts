// Owns the board: machine type, ACPI, System Management Mode, and what happens on reset.
// Must not write what other families add to `-machine`; launch.ts joins them.
import type { Cause } from '../../../api/errors.ts';
import type { MachineType, QemuCapabilities } from '../../facts.ts';
import { keyedOption } from '../args.ts';
import type { Family, Fragment } from '../fragment.ts';

export const defaultMachine = 'q35';

/** The row of QEMU's own list; its `name` is versioned, such as `pc-q35-7.2`. */
export function machineTypeOf(asked: string, qemu: QemuCapabilities | undefined): MachineType | undefined {
  return qemu?.machines.find(({ name, alias }) => name === asked || alias === asked);
}

/**
 * System Management Mode. SeaBIOS goes through it for each piece that it reads from a disk, which costs an emulated boot 3 %; but without it QEMU 10
 * shows a screen of text as black, which 7.2 does not. Where nobody asks it is off up to 7, and later what QEMU chooses by itself.
 */
function managementMode(
  asked: { readonly enabled?: boolean } | undefined,
  qemu: QemuCapabilities | undefined,
): NonNullable<Fragment['machine']> {
  const field = 'spec.domain.features.smm';
  if (asked !== undefined) return { smm: { value: asked.enabled ?? true, field } };
  return qemu === undefined || qemu.version.major < 8 ? { smm: { value: false, field } } : {};
}

export const machineFamily: Family = (vmi, { host }) => {
  const { machine, features, rebootPolicy } = vmi.spec.domain;
  const type = machine?.type ?? defaultMachine;
  const field = 'spec.domain.machine.type';
  const acpi = features?.acpi?.enabled ?? true;
  return {
    machine: {
      type: { value: type, field },
      acpi: { value: acpi, field: 'spec.domain.features.acpi' },
      ...managementMode(features?.smm, host.qemu),
      // VMware's backdoor port: no guest of ours asks for it, and it answers to user space in the guest.
      vmport: { value: false },
      // A crash of QEMU must not write the guest's memory, keys included, to the host's disk.
      'dump-guest-core': { value: false },
    },
    args: [
      // Guests that suspend to RAM look hung, and OVMF keeps part of the lock box in guest memory when S3 is on.
      ...(['disable_s3', 'disable_s4'] as const).map((property) =>
        keyedOption(
          '-global',
          { pairs: { driver: 'ICH9-LPC', property, value: 1 } },
          { reason: 'A guest that suspended itself would look hung.' },
        ),
      ),
      ...(rebootPolicy === 'Terminate'
        ? [
            keyedOption(
              '-action',
              { pairs: { reboot: 'shutdown' } },
              { field: 'spec.domain.rebootPolicy', reason: 'A reboot ends this run.' },
            ),
          ]
        : []),
    ],
    // Another architecture has other machine types: one cause is enough.
    causes:
      vmi.spec.architecture === undefined || vmi.spec.architecture === 'amd64'
        ? typeCauses(type, host.qemu)
        : [otherArchitecture(vmi.spec.architecture)],
  };
};

function otherArchitecture(architecture: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: 'spec.architecture',
    message: `Machines of architecture ${architecture} cannot run here; only amd64 can.`,
    fix: 'Set spec.architecture to amd64, or leave it out.',
  };
}

function typeCauses(type: string, qemu: QemuCapabilities | undefined): readonly Cause[] {
  if (qemu === undefined) return [];
  const field = 'spec.domain.machine.type';
  const known = machineTypeOf(type, qemu);
  const name = known?.name ?? type;
  if (!name.startsWith('pc-q35-') && !type.startsWith('q35')) {
    return [
      {
        reason: 'FieldValueNotSupported',
        field,
        message: `${field} is not supported: ${type} (allowed values: [q35* pc-q35*])`,
        fix: 'Use q35.',
      },
    ];
  }
  if (known !== undefined) return [];
  const { major, minor } = qemu.version;
  return [
    {
      reason: 'FieldValueNotSupported',
      field,
      message: `QEMU ${major}.${minor} has no machine type ${type}.`,
      fix: 'Use q35, the newest that it has.',
    },
  ];
}
