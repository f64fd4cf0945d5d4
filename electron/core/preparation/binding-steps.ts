// Owns the files that give devices to vfio-pci at every start, before any other driver takes them, and let the user open them.
// Must not touch the boot loader; boot-loader-steps.ts does.
import type { PreparationStep } from '../../api/preparation.ts';
import { isOfForm } from './closed-forms.ts';
import type { PreparationFacts, PreparationWishes } from './preparation-facts.ts';
import { runStep, writeStep } from './steps.ts';

const head = '# Written by Virtdeck.';
/** vfio-pci first: dracut and mkinitcpio load in this order. */
const modules = ['vfio_pci', 'vfio', 'vfio_iommu_type1'];

export function bindingSteps(facts: PreparationFacts, wishes: PreparationWishes): readonly PreparationStep[] {
  const steps = [modprobe(facts, wishes), modulesLoad(facts, wishes), udev(facts, wishes), memlock(facts, wishes)];
  const binding = steps.filter((step) => step !== undefined);
  const early = earlyModules(facts, wishes);
  const changesEarly = early !== undefined || binding.some(({ purpose }) => purpose === 'binding');
  return [...binding, ...(early === undefined ? [] : [early]), ...(changesEarly ? rebuild(facts) : [])];
}

export function idsOf({ devices }: PreparationWishes): readonly string[] {
  return [...new Set(devices.filter(({ hasTwin }) => !hasTwin).map(({ id }) => id))].toSorted();
}

function wantsBinding({ devices, files }: PreparationWishes): boolean {
  return devices.length > 0 || files['modprobe-vfio'] !== undefined || files['modules-load-vfio'] !== undefined;
}

/** A module reads the last `ids=` alone: all of them must stand in one line, those that are there already with ours. */
function modprobe(facts: PreparationFacts, wishes: PreparationWishes): PreparationStep | undefined {
  const given = wishes.files['modprobe-vfio'];
  if (given === undefined && wishes.devices.length === 0) return undefined;
  const base = given ?? facts.files['modprobe-vfio'] ?? '';
  const ids = facts.vfioPciBuiltIn ? [] : idsOf(wishes);
  const drivers = [...new Set(wishes.devices.flatMap((device) => device.drivers))].filter((driver) => driver !== 'vfio-pci').toSorted();
  const softdeps = facts.vfioPciBuiltIn ? [] : drivers.map((driver) => `softdep ${driver} pre: vfio-pci`);
  const after = withLines(withIds(base, ids), softdeps);
  if (after === '') return undefined;
  return writeStep(facts, {
    file: 'modprobe-vfio',
    purpose: 'binding',
    why: 'vfio-pci takes these devices, before the drivers that would take them.',
    after,
  });
}

function withIds(text: string, ids: readonly string[]): string {
  if (ids.length === 0) return text;
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => /^\s*options\s+vfio[-_]pci\s.*\bids=/.test(line));
  const line = lines[at] ?? '';
  const there = /\bids=([^\s"]*)/.exec(line)?.[1]?.split(',').filter(Boolean) ?? [];
  const all = [...new Set([...there, ...ids])];
  if (all.length === there.length) return text;
  // A line that is written in a way of its own stays: a later one counts.
  if (!isOfForm('modprobe-vfio', line, '') || line === '') return withLines(text, [`options vfio-pci ids=${all.join(',')}`]);
  return lines.with(at, line.replace(/\bids=\S*/, `ids=${all.join(',')}`)).join('\n');
}

function withLines(text: string, lines: readonly string[]): string {
  const there = new Set(text.split('\n').map((line) => line.trim()));
  const missing = lines.filter((line) => !there.has(line));
  if (missing.length === 0) return text;
  const begun = text === '' ? `${head}\n` : text.endsWith('\n') ? text : `${text}\n`;
  return `${begun}${missing.join('\n')}\n`;
}

function modulesLoad(facts: PreparationFacts, wishes: PreparationWishes): PreparationStep | undefined {
  if (!wantsBinding(wishes) || facts.vfioPciBuiltIn) return undefined;
  const base = wishes.files['modules-load-vfio'] ?? facts.files['modules-load-vfio'] ?? '';
  return writeStep(facts, {
    file: 'modules-load-vfio',
    purpose: 'binding',
    why: 'vfio-pci is loaded at every start.',
    after: /^vfio[-_]pci\s*$/m.test(base) ? base : withLines(base, ['vfio-pci']),
  });
}

/** Drivers of disks and screens are loaded before the root file system is there: vfio-pci must be, too. */
function earlyModules(facts: PreparationFacts, wishes: PreparationWishes): PreparationStep | undefined {
  if (!wantsBinding(wishes) || facts.vfioPciBuiltIn || facts.bootLoader.type === 'rpm-ostree') return undefined;
  const order = { purpose: 'early' as const, why: 'vfio-pci is in the first file system of a start, where screens get their drivers.' };
  switch (facts.initramfs) {
    case 'update-initramfs':
      return writeStep(facts, { ...order, file: 'initramfs-modules', after: withLines(facts.files['initramfs-modules'] ?? '', modules) });
    case 'dracut':
      return writeStep(facts, { ...order, file: 'dracut-drop-in', after: `${head}\nadd_drivers+=" ${modules.join(' ')} "\n` });
    case 'mkinitcpio':
      return writeStep(facts, { ...order, file: 'mkinitcpio-drop-in', after: `${head}\nMODULES+=(${modules.join(' ')})\n` });
    case 'none':
      return undefined;
  }
}

function rebuild({ initramfs, bootLoader }: PreparationFacts): readonly PreparationStep[] {
  // An image of rpm-ostree has its own; kernel-install makes it with the boot entry.
  if (initramfs === 'none' || bootLoader.type === 'rpm-ostree') return [];
  return [runStep(initramfs, 'The first file system of a start is made anew.')];
}

function udev(facts: PreparationFacts, wishes: PreparationWishes): PreparationStep | undefined {
  const { user } = facts;
  const twins = wishes.devices.filter(({ hasTwin }) => hasTwin);
  if (!wantsBinding(wishes) || (user.isRoot && twins.length === 0)) return undefined;
  const access = user.isRoot ? [] : [`SUBSYSTEM=="vfio", GROUP="${user.group}", MODE="0660"`];
  const byAddress = twins.map(({ address }) => `ACTION=="add", SUBSYSTEM=="pci", KERNEL=="${address}", ATTR{driver_override}="vfio-pci"`);
  return writeStep(facts, {
    file: 'udev-rule',
    purpose: twins.length > 0 ? 'binding' : 'access',
    why:
      twins.length > 0
        ? 'Another device has the same ids: vfio-pci takes these by their address.'
        : `Members of the group ${user.group} may open devices that vfio-pci has.`,
    // What an earlier preparation wrote stays.
    after: withLines(facts.files['udev-rule'] ?? '', [...access, ...byAddress]),
  });
}

/** All memory of a machine with a passed-through device is locked; the default allows 8 MiB. */
function memlock(facts: PreparationFacts, wishes: PreparationWishes): PreparationStep | undefined {
  const { user, memoryMiB } = facts;
  if (!wantsBinding(wishes) || user.isRoot) return undefined;
  return writeStep(facts, {
    file: 'memlock-limit',
    purpose: 'access',
    why: `${user.name} may lock memory of machines, as devices need it: at most what this computer has.`,
    after: `${head}\n${user.name} - memlock ${memoryMiB * 1024}\n`,
  });
}
