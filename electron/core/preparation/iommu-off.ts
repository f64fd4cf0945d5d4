// Owns finding what keeps the IOMMU off at the next start, whatever is added to the kernel's line beside it.
// Must not take it away: a stranger put it there for a reason.
import type { Cause } from '../../api/errors.ts';
import { pathOf, preparationFiles } from '../../api/preparation.ts';
import { argumentWords } from './closed-forms.ts';
import { configuredLines } from './configured-lines.ts';
import type { PreparationFacts } from './preparation-facts.ts';

export function offCauses(facts: PreparationFacts): readonly Cause[] {
  const words = [...new Set(configuredLines(facts).flatMap((line) => offArgument(facts, line) ?? []))];
  return words.map((word) => ({
    reason: 'IommuOff',
    field: 'bootLoader',
    message: `The kernel is told ${word} at every start, and what others wrote is not taken away.`,
    fix: fixText(facts, word),
  }));
}

/** It is in force, and in none of the files that are read: another file has it, or it was taken out since the start. */
export function offRemarks(facts: PreparationFacts): readonly string[] {
  const word = offArgument(facts, facts.cmdline);
  if (word === undefined || offCauses(facts).length > 0) return [];
  return [`The running kernel was told ${word}: see to it that the next start is not.`];
}

/** Of `intel_iommu=` the last counts; `iommu=off` is not undone by anything. */
function offArgument({ cpuVendor }: PreparationFacts, line: string): string | undefined {
  const words = argumentWords(line);
  if (words.includes('iommu=off')) return 'iommu=off';
  if (cpuVendor === 'amd') return words.find((word) => word === 'amd_iommu=off');
  const last = words.findLast((word) => word.startsWith('intel_iommu='));
  return cpuVendor === 'intel' && last === 'intel_iommu=off' ? last : undefined;
}

function fixText({ bootLoader }: PreparationFacts, word: string): string {
  switch (bootLoader.type) {
    case 'grub':
      return takeOut(word, preparationFiles['grub-default']);
    case 'kernel-install':
      return takeOut(word, preparationFiles['kernel-cmdline']);
    case 'systemd-boot':
      return takeOut(word, pathOf({ file: bootLoader.folder }));
    case 'grubby':
      return `Run: sudo grubby --update-kernel=ALL --remove-args=${word}`;
    case 'rpm-ostree':
      return `Run: sudo rpm-ostree kargs --delete=${word}`;
    case 'unknown':
      return `Take ${word} off the kernel command line.`;
  }
}

function takeOut(word: string, file: string): string {
  return `Take ${word} out of ${file} yourself.`;
}
