// Owns booting a kernel directly, past the boot loader of the guest's disks: of this computer, or of a container image.
// Must not read the files; the facts say which cannot be.
import { annotations } from '../../../api/annotations.ts';
import type { Cause } from '../../../api/errors.ts';
import { firmwareStateOf } from '../../../api/firmware-state.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts } from '../../facts.ts';
import { kernelNames, wantedImages } from '../../images/wanted-images.ts';
import type { Family, Fragment } from '../fragment.ts';
import { notReady } from '../media.ts';

const noteField = `metadata.annotations[${annotations.kernelBoot}]`;
const imageField = 'spec.domain.firmware.kernelBoot';

export interface KernelBoot {
  readonly kernel: string;
  readonly initrd?: string;
  readonly args?: string;
}

export const kernelBootFamily: Family = (vmi, facts) => {
  const asked = kernelBootOf(vmi);
  const inImage = vmi.spec.domain.firmware?.kernelBoot?.container;
  if (asked === 'malformed') return { causes: [malformed] };
  if (inImage !== undefined) return asked === undefined ? ofImage(vmi, facts) : { causes: [twoKernels] };
  if (asked === undefined) return {};
  const { kernel, initrd } = asked;
  return {
    ...booted(vmi, asked, noteField),
    causes: [kernel, ...(initrd === undefined ? [] : [initrd])].filter((file) => facts.unreadableFiles.has(file)).map(unreadable),
  };
};

function booted(vmi: VirtualMachineInstance, { kernel, initrd, args }: KernelBoot, field: string): Fragment {
  const state = firmwareStateOf({ annotations: vmi.metadata.annotations, bootloader: vmi.spec.domain.firmware?.bootloader });
  return {
    args: [
      { flag: '-kernel', value: kernel, field, reason: 'Booted directly: the boot loader of the disks is not asked.' },
      ...(initrd === undefined ? [] : [{ flag: '-initrd' as const, value: initrd, field }]),
      ...(args === undefined ? [] : [{ flag: '-append' as const, value: args, field }]),
    ],
    // Seen: OVMF with enrolled keys starts a kernel without any signature this way, and its guest says that Secure Boot is on.
    warnings: state === 'secure-boot' ? [provesNothing(field)] : [],
  };
}

function ofImage(vmi: VirtualMachineInstance, { volumes }: LaunchFacts): Fragment {
  const wanted = wantedImages(vmi).filter(({ as }) => as === 'file');
  const hasKernel = wanted.some(({ name }) => name === kernelNames.kernel);
  const fileOf = (name: string): string | undefined => {
    const fact = volumes[name];
    return fact?.state === 'ready' ? fact.path : undefined;
  };
  const causes = wanted.flatMap(({ name, image }) => {
    const fact = volumes[name] ?? { state: 'missing', message: `The image ${image} was not found.` };
    return fact.state === 'ready' ? [] : [notReady(fact, `${imageField}.container`)];
  });
  if (!hasKernel) return { causes: [noKernel] };
  const [kernel, initrd] = [fileOf(kernelNames.kernel), fileOf(kernelNames.initrd)];
  const args = vmi.spec.domain.firmware?.kernelBoot?.kernelArgs;
  if (kernel === undefined || causes.length > 0) return { causes };
  return booted(
    vmi,
    { kernel, ...(initrd === undefined ? {} : { initrd }), ...(args === undefined || args === '' ? {} : { args }) },
    imageField,
  );
}

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
  field: noteField,
  message: 'The kernel to boot is not written as JSON with absolute paths.',
  fix: 'Write {"kernel":"/path/vmlinuz","initrd":"/path/initrd","args":"console=ttyS0"}; initrd and args may be left out.',
};

function unreadable(file: string): Cause {
  return {
    reason: 'FileMissing',
    field: noteField,
    message: `The file ${file} is not there, or may not be read.`,
    fix: 'Correct the path, or the rights of the file.',
  };
}

const twoKernels: Cause = {
  reason: 'FieldValueInvalid',
  field: noteField,
  message: 'Two kernels are to be booted: one of this computer and one of a container image.',
  fix: `Remove the annotation ${annotations.kernelBoot}, or ${imageField}.`,
};

/** KubeVirt takes an initramfs alone; QEMU does not. */
const noKernel: Cause = {
  reason: 'FieldValueRequired',
  field: `${imageField}.container.kernelPath`,
  message: 'An initramfs cannot be booted without a kernel.',
  fix: 'Give the path of the kernel in the image.',
};

function provesNothing(field: string): Cause {
  return {
    reason: 'SecureBootNotProven',
    field,
    message: 'A kernel that is booted directly is not verified by Secure Boot, although the guest then says that Secure Boot is on.',
    fix: 'Boot from a disk to have the kernel verified.',
  };
}
