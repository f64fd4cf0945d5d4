// Owns the recovery card: what brings this computer up when it does not come up as prepared.
// Must not word it; the window and the command line do.
import { type PreparationCommand, preparationCommands, type RecoveryCard } from '../../api/preparation.ts';
import { isKernelArgument } from './kernel-arguments.ts';
import type { PreparationFacts } from './preparation-facts.ts';
import { changesOf, takenArguments } from './preparation-record.ts';

export function recoveryCard(facts: PreparationFacts): RecoveryCard {
  const { hostname, system, bootLoader, initramfs, vfioPciBuiltIn, record } = facts;
  const changes = changesOf(record);
  const added = changes.flatMap((change) => {
    if ('path' in change) return addedArguments(change.before ?? '', change.after);
    return change.command.endsWith('-remove') ? [change.argument] : [];
  });
  const programs: readonly (PreparationCommand | undefined)[] = [
    initramfs === 'none' || bootLoader.type === 'rpm-ostree' ? undefined : initramfs,
    bootLoader.type === 'grub' ? bootLoader.generator : bootLoader.type === 'kernel-install' ? 'kernel-install' : undefined,
  ];
  return {
    hostname,
    system,
    bootLoader: bootLoader.type,
    remove: [...new Set(added)],
    // Then no device is vfio-pci's, whatever the files say. What is built into the kernel cannot be left out.
    add: [...takenArguments(record), ...(vfioPciBuiltIn ? [] : ['module_blacklist=vfio_pci'])],
    changes,
    rescueScript: '/var/lib/virtdeck-helper/rescue.sh',
    rebuild: [
      ...changes.flatMap((change) => ('argument' in change ? [`${preparationCommands[change.command]}${change.argument}`] : [])),
      ...programs.flatMap((program) => (program === undefined ? [] : [preparationCommands[program]])),
    ],
  };
}

function addedArguments(before: string, after: string): readonly string[] {
  const words = (text: string): readonly string[] => text.split(/[\s"']+/);
  const there = new Set(words(before));
  return words(after).filter((word) => !there.has(word) && isKernelArgument(word) && word.includes('='));
}
