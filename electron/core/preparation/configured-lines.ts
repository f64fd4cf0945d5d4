// Owns what the kernel's line of the next start is made from, as far as it is written down.
// Must not change it; boot-loader-steps.ts does.
import { argumentWords } from './closed-forms.ts';
import type { PreparationFacts } from './preparation-facts.ts';
import { hasArgument } from './preparation-record.ts';

/** What the next start's line is made from, one for each entry of the boot menu that has its own. */
export function configuredLines({ bootLoader, files, cmdline, record }: PreparationFacts): readonly string[] {
  switch (bootLoader.type) {
    case 'grub':
      return [grubWords(files)];
    case 'kernel-install':
      return [files['kernel-cmdline'] ?? cmdline];
    case 'systemd-boot':
      return bootLoader.entries.map(({ text }) => text);
    // Their own store is not read: the running line, and what was done to it since.
    case 'grubby':
    case 'rpm-ostree':
    case 'unknown': {
      const done = record.deeds.flatMap(({ undo }) => undo?.argument ?? []);
      return [[...argumentWords(cmdline), ...done].filter((argument) => hasArgument({ cmdline, record }, argument)).join(' ')];
    }
  }
}

/** In the order in which GRUB puts them together. */
function grubWords(files: PreparationFacts['files']): string {
  const lines = [files['grub-default'], files['grub-drop-in']].flatMap((text) => (text ?? '').split('\n'));
  const of = (name: string): readonly string[] =>
    lines.filter((line) => new RegExp(`^\\s*${name}=`).test(line)).map((line) => line.slice(line.indexOf('=') + 1));
  return [...of('GRUB_CMDLINE_LINUX'), ...of('GRUB_CMDLINE_LINUX_DEFAULT')].join('\n');
}
