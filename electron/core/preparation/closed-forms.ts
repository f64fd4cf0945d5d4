// Owns what a line may say that is added to a file of this computer's start: the privileged program's own rules, in the same words.
// Must not decide which lines there should be. native/helper/places.c and forms.c have the same; a test compares tables and judgements.
import type { PreparationFile } from '../../api/preparation.ts';
import { isKernelArgument } from './kernel-arguments.ts';

/** What stands between a prefix and a suffix. */
export type Rest = 'NOTHING' | 'NAME' | 'WORDS' | 'ADDRESS' | 'LOCKS' | 'ARGUMENTS';

export interface Form {
  readonly prefix: string;
  readonly rest: Rest;
  readonly suffix: string;
}

const form = (prefix: string, rest: Rest = 'NOTHING', suffix = ''): Form => ({ prefix, rest, suffix });

const entry = [form('options ', 'ARGUMENTS'), form('options\t', 'ARGUMENTS')];
const moduleNames = [form('vfio-pci'), form('vfio_pci'), form('vfio'), form('vfio_iommu_type1')];

export const closedForms: Readonly<Record<PreparationFile, readonly Form[]>> = {
  'grub-default': [form('GRUB_CMDLINE_LINUX="', 'ARGUMENTS', '"'), form('GRUB_CMDLINE_LINUX=""')],
  'grub-drop-in': [form('GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX ', 'ARGUMENTS', '"')],
  'kernel-cmdline': [form('', 'ARGUMENTS')],
  'loader-entry-boot': entry,
  'loader-entry-efi': entry,
  'loader-entry-boot-efi': entry,
  'modprobe-vfio': [
    form('options vfio-pci ', 'WORDS'),
    form('options vfio_pci ', 'WORDS'),
    form('options vfio_iommu_type1 ', 'WORDS'),
    form('softdep ', 'NAME', ' pre: vfio-pci'),
    form('blacklist ', 'NAME'),
  ],
  'modules-load-vfio': moduleNames,
  'initramfs-modules': moduleNames,
  'dracut-drop-in': [form('add_drivers+=" vfio_pci vfio vfio_iommu_type1 "')],
  'mkinitcpio-drop-in': [form('MODULES+=(vfio_pci vfio vfio_iommu_type1)')],
  'udev-rule': [
    form('SUBSYSTEM=="vfio", GROUP="', 'NAME', '", MODE="0660"'),
    form('ACTION=="add", SUBSYSTEM=="pci", KERNEL=="', 'ADDRESS', '", ATTR{driver_override}="vfio-pci"'),
  ],
  'memlock-limit': [form('', 'LOCKS')],
};

/** Words of a line of the kernel's: everything but blanks and quotes. */
export function argumentWords(text: string): readonly string[] {
  return text.split(/[ \t\n"']+/).filter((word) => word !== '');
}

/** `known`: the text whose words may stand in it as well. */
export function isOfForm(file: PreparationFile, line: string, known: string): boolean {
  if (line === '' || line === '# Written by Virtdeck.') return true;
  return closedForms[file].some(({ prefix, rest, suffix }) => {
    if (!line.startsWith(prefix) || !line.endsWith(suffix) || line.length < prefix.length + suffix.length) return false;
    return isShape(rest, line.slice(prefix.length, line.length - suffix.length), known);
  });
}

function isShape(rest: Rest, text: string, known: string): boolean {
  switch (rest) {
    case 'NOTHING':
      return text === '';
    case 'NAME':
      return /^[A-Za-z0-9_.-]{1,64}$/.test(text);
    case 'WORDS':
      return /^[A-Za-z0-9_.,:= -]+$/.test(text);
    case 'ADDRESS':
      return /^[A-Za-z0-9:.]{1,16}$/.test(text);
    case 'LOCKS':
      return /^[A-Za-z0-9_.-]{1,64} - memlock [0-9]+$/.test(text);
    case 'ARGUMENTS': {
      if (text === '' || /["'\t]/.test(text)) return false;
      const there = new Set(argumentWords(known));
      return argumentWords(text).every((word) => isKernelArgument(word) || there.has(word));
    }
  }
}
