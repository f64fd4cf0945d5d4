// Owns the one `vfio-pci.ids=` that counts on a kernel's line: the driver reads the last, which must name what earlier ones name.
// Must not take one away: the privileged program adds words only.
import { argumentWords } from './closed-forms.ts';
import type { PreparationFacts } from './preparation-facts.ts';
import { hasArgument } from './preparation-record.ts';

export interface WantedIds {
  /** Kernel arguments that MachineConfigs bring. */
  readonly given: readonly string[];
  /** Of devices that are told to the driver on this line. */
  readonly ids: readonly string[];
}

/** The driver takes its name with either sign. */
export function isIdsArgument(argument: string): boolean {
  return /^vfio[-_]pci\.ids=/.test(argument);
}

/** Undefined when nobody wants any. When those that are there name all, it is the one that is there. */
export function idsArgument(facts: PreparationFacts, { given, ids }: WantedIds): string | undefined {
  const wanted = [...given.filter(isIdsArgument).flatMap(idsIn), ...ids];
  if (wanted.length === 0) return undefined;
  const lines = configuredLines(facts).map((line) => argumentWords(line).findLast(isIdsArgument));
  const there = lines.flatMap((word) => (word === undefined ? [] : idsIn(word)));
  const all = [...new Set([...there, ...wanted])];
  const same = lines.find((word) => word !== undefined && all.every((id) => idsIn(word).includes(id)));
  return same ?? `vfio-pci.ids=${all.join(',')}`;
}

function idsIn(argument: string): readonly string[] {
  return argument
    .slice(argument.indexOf('=') + 1)
    .split(',')
    .filter(Boolean);
}

/** What the next start's line is made from, one for each entry of the boot menu that has its own. */
function configuredLines({ bootLoader, files, cmdline, record }: PreparationFacts): readonly string[] {
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
