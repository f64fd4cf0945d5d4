// Owns booting a kernel of this computer directly, past the boot loader of the guest's disks.
// Must not read the files; the facts say which cannot be.
import { annotations } from '../../../api/annotations.ts';
import type { Cause } from '../../../api/errors.ts';
import { firmwareStateOf } from '../../../api/firmware-state.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { Family } from '../fragment.ts';

const field = `metadata.annotations[${annotations.kernelBoot}]`;

export interface KernelBoot {
  readonly kernel: string;
  readonly initrd?: string;
  readonly args?: string;
}

export const kernelBootFamily: Family = (vmi, { unreadableFiles }) => {
  const asked = kernelBootOf(vmi);
  if (asked === undefined) return {};
  if (asked === 'malformed') return { causes: [malformed] };
  const { kernel, initrd, args } = asked;
  const state = firmwareStateOf({ annotations: vmi.metadata.annotations, bootloader: vmi.spec.domain.firmware?.bootloader });
  return {
    args: [
      { flag: '-kernel', value: kernel, field, reason: 'Booted directly: the boot loader of the disks is not asked.' },
      ...(initrd === undefined ? [] : [{ flag: '-initrd' as const, value: initrd, field }]),
      ...(args === undefined ? [] : [{ flag: '-append' as const, value: args, field }]),
    ],
    causes: [kernel, ...(initrd === undefined ? [] : [initrd])].filter((file) => unreadableFiles.has(file)).map(unreadable),
    // Seen: OVMF with enrolled keys starts a kernel without any signature this way, and its guest says that Secure Boot is on.
    warnings: state === 'secure-boot' ? [provesNothing] : [],
  };
};

/** The files to look at before a start. */
export function kernelBootFiles(vmi: Pick<VirtualMachineInstance, 'metadata'>): readonly string[] {
  const asked = kernelBootOf(vmi);
  if (asked === undefined || asked === 'malformed') return [];
  return [asked.kernel, ...(asked.initrd === undefined ? [] : [asked.initrd])];
}

function kernelBootOf({ metadata }: Pick<VirtualMachineInstance, 'metadata'>): KernelBoot | 'malformed' | undefined {
  const text = metadata.annotations?.[annotations.kernelBoot];
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return 'malformed';
  const { kernel, initrd, args, ...rest }: Record<string, unknown> = { ...value };
  const isText = (part: unknown): part is string | undefined => part === undefined || (typeof part === 'string' && !part.includes('\0'));
  if (!isText(kernel) || !isText(initrd) || !isText(args) || Object.keys(rest).length > 0) return 'malformed';
  if (kernel === undefined || ![kernel, initrd ?? '/'].every((path) => path.startsWith('/'))) return 'malformed';
  return { kernel, ...(initrd === undefined ? {} : { initrd }), ...(args === undefined ? {} : { args }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const malformed: Cause = {
  reason: 'FieldValueInvalid',
  field,
  message: 'The kernel to boot is not written as JSON with absolute paths.',
  fix: 'Write {"kernel":"/path/vmlinuz","initrd":"/path/initrd","args":"console=ttyS0"}; initrd and args may be left out.',
};

function unreadable(file: string): Cause {
  return {
    reason: 'FileMissing',
    field,
    message: `The file ${file} is not there, or may not be read.`,
    fix: 'Correct the path, or the rights of the file.',
  };
}

const provesNothing: Cause = {
  reason: 'SecureBootNotProven',
  field,
  message: 'A kernel that is booted directly is not verified by Secure Boot, although the guest then says that Secure Boot is on.',
  fix: 'Boot from a disk to have the kernel verified.',
};
