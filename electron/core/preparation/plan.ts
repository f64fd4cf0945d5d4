// Owns the preparation plan: from how this computer starts and what is wanted to the steps that bring it there.
// Must not do any of them.
import type { Cause } from '../../api/errors.ts';
import type { PreparationPlan, PreparationStep } from '../../api/preparation.ts';
import { bindingSteps, idsOf } from './binding-steps.ts';
import { bootLoaderSteps } from './boot-loader-steps.ts';
import { offCauses, offRemarks } from './iommu-off.ts';
import { missingArguments } from './kernel-arguments.ts';
import type { PreparationFacts, PreparationWishes } from './preparation-facts.ts';
import { refusedSteps } from './judged-change.ts';
import { pendingPrograms } from './preparation-record.ts';
import { runStep } from './steps.ts';
import { idsArgument, isIdsArgument } from './vfio-ids.ts';

/** Empty when nothing is left to do. */
export function preparationPlan(facts: PreparationFacts, wishes: PreparationWishes): PreparationPlan {
  const binding = bindingSteps(facts, wishes);
  const wanted = wantedArguments(facts, wishes);
  const loader = bootLoaderSteps(facts, wanted);
  const left = pendingPrograms(facts).map((command) => runStep(command, 'A change of before has not reached it yet.'));
  const steps = ordered([...loader.steps, ...binding, ...left]);
  const isWritten = loader.causes.length === 0 && loader.steps.length === 0;
  return {
    system: systemText(facts),
    steps,
    causes: [
      ...loader.causes,
      ...(wishes.wantsIommu ? offCauses(facts) : []),
      ...(isAsked(wishes) ? unreadable(facts) : []),
      ...refusedSteps(steps, facts),
    ],
    remarks: remarks(facts, wishes),
    devices: wishes.devices.map(({ address }) => address),
    needsReboot: steps.some(({ purpose }) => purpose !== 'access'),
    digest: digestOf(JSON.stringify(steps)),
    untilRestart: isWritten ? missingArguments(facts.cmdline, wanted) : [],
  };
}

/** FNV-1a: tells one plan from another, and keeps no secret. */
function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function isAsked({ wantsIommu, devices }: PreparationWishes): boolean {
  return wantsIommu || devices.length > 0;
}

function unreadable({ unreadable: closed }: PreparationFacts): readonly Cause[] {
  return closed.map((file) => ({
    reason: 'FileUnreadable',
    field: file,
    message: `Only root may read ${file}, so what is in it is not known.`,
    fix: `Let everybody read it: sudo chmod a+r ${file}`,
  }));
}

/** Intel's IOMMU waits for a word in most kernels; AMD's does not. */
function wantedArguments(facts: PreparationFacts, wishes: PreparationWishes): readonly string[] {
  const ids = idsOf(wishes);
  const byCommandLine = ids.length > 0 && (facts.vfioPciBuiltIn || facts.bootLoader.type === 'rpm-ostree');
  const isOn = facts.iommuInUse && !facts.cmdline.includes('intel_iommu');
  const given = wishes.kernelArguments.filter((argument) => !isNeedless(facts, argument));
  const byArgument = idsArgument(facts, { given, ids: byCommandLine ? ids : [] });
  const all = [
    ...(wishes.wantsIommu && facts.cpuVendor === 'intel' && !isOn ? ['intel_iommu=on'] : []),
    ...given.filter((argument) => !isIdsArgument(argument)),
    ...(byArgument === undefined ? [] : [byArgument]),
    // dracut's own word for "before the others"; an image of rpm-ostree has no file of ours in it.
    ...(byCommandLine && facts.bootLoader.type === 'rpm-ostree' && !facts.vfioPciBuiltIn ? ['rd.driver.pre=vfio-pci'] : []),
  ];
  return [...new Set(all)];
}

/** The kernel calls `amd_iommu=on` an unknown option: it is on. And the other vendor's word says nothing. */
function isNeedless({ cpuVendor }: PreparationFacts, argument: string): boolean {
  return argument === 'amd_iommu=on' || (argument === 'intel_iommu=on' && cpuVendor === 'amd');
}

/** Files first, then what is made from them, each command once. */
function ordered(steps: readonly PreparationStep[]): readonly PreparationStep[] {
  const isRebuild = ({ purpose }: PreparationStep): boolean => purpose === 'rebuild';
  // Of two with one id the first: it says why.
  const unique = [...new Map(steps.toReversed().map((step) => [step.id, step])).values()].toReversed();
  const rebuilds = unique.filter(isRebuild);
  // The first file system before the menu that names it.
  const rank = ({ id }: PreparationStep): number => (['update-initramfs', 'dracut', 'mkinitcpio'].includes(id) ? 0 : 1);
  return [...unique.filter((step) => !isRebuild(step)), ...rebuilds.toSorted((a, b) => rank(a) - rank(b))];
}

function remarks(facts: PreparationFacts, wishes: PreparationWishes): readonly string[] {
  const needless = wishes.kernelArguments.filter((argument) => isNeedless(facts, argument));
  return [
    ...(wishes.wantsIommu ? offRemarks(facts) : []),
    ...needless.map((argument) => `${argument} is left out: this processor's IOMMU needs no argument.`),
    ...(facts.vfioPciBuiltIn && wishes.devices.length > 0
      ? ['vfio-pci is built into this kernel: it is told of the devices on the command line.']
      : []),
    ...facts.otherVfioOptions.map((file) => `${file} has options for vfio-pci, too: the last one that is read counts.`),
    ...(wishes.devices.some(({ hasTwin }) => hasTwin)
      ? ['Devices with the same ids are told apart by their address; it changes when cards are put into other slots.']
      : []),
  ];
}

const loaderWords: Readonly<Record<PreparationFacts['bootLoader']['type'], string>> = {
  grub: 'GRUB',
  grubby: 'grubby',
  'rpm-ostree': 'rpm-ostree',
  'kernel-install': 'kernel-install',
  'systemd-boot': 'systemd-boot',
  unknown: 'no boot loader found',
};

function systemText({ system, bootLoader, initramfs }: PreparationFacts): string {
  const loader =
    bootLoader.type === 'grub' ? `GRUB (${bootLoader.dropIns ? 'drop-in files' : '/etc/default/grub'})` : loaderWords[bootLoader.type];
  return [system, loader, ...(initramfs === 'none' ? [] : [initramfs])].join(', ');
}
