// Owns what was done to this computer's start, by the privileged program's own record: what can be taken back, and what was left in the middle.
// Must not read the record; host does.
import { type PreparationChange, type PreparationCommand, type PreparationFile, preparationFiles } from '../../api/preparation.ts';
import type { Deed, PreparationFacts, PreparationRecord } from './preparation-facts.ts';

/** Newest first. */
export function changesOf({ backups, deeds }: PreparationRecord): readonly PreparationChange[] {
  const files = backups
    .filter(({ undone }) => !undone)
    .map((backup): PreparationChange & { readonly atMs: number } => {
      const { number, path, before, after, current } = backup;
      const isNewest = !backups.some((other) => !other.undone && other.path === path && other.number > number);
      return {
        id: String(number),
        path,
        ...(before === undefined ? {} : { before }),
        after,
        // Under a newer one of ours it is the newer one's text that is there.
        state: !isNewest ? 'covered' : current === after || current === before ? 'standing' : 'changedSince',
        atMs: (deeds.find(({ undo }) => undo?.backup === number)?.time ?? 0) * 1000,
      };
    });
  const { given, taken } = argumentsOf(deeds);
  const changed = [...given, ...taken].map(({ argument, time, undoing }): PreparationChange & { readonly atMs: number } => ({
    id: argument,
    argument,
    command: undoing,
    // It would be written over what took its place.
    state: undoing.endsWith('-add') && given.some((other) => nameOf(other.argument) === nameOf(argument)) ? 'covered' : 'standing',
    atMs: time * 1000,
  }));
  return [...files, ...changed]
    .toSorted((a, b) => b.atMs - a.atMs || numberOf(b.id) - numberOf(a.id))
    .map(({ atMs, ...change }) => ({ ...change, ...(atMs === 0 ? {} : { atSeconds: atMs / 1000 }) }));
}

function nameOf(argument: string): string {
  return argument.split('=')[0] ?? '';
}

/** Arguments have none: they stay in their order. */
function numberOf(id: string): number {
  return /^\d+$/.test(id) ? Number(id) : 0;
}

interface ChangedArgument {
  readonly argument: string;
  readonly time: number;
  readonly undoing: PreparationCommand;
}

interface ChangedArguments {
  readonly given: readonly ChangedArgument[];
  /** Somebody else had given them. */
  readonly taken: readonly ChangedArgument[];
}

/** By grubby or rpm-ostree, and not undone since; newest first. What was begun may have been done. */
function argumentsOf(deeds: readonly Deed[]): ChangedArguments {
  const given = new Map<string, ChangedArgument>();
  const taken = new Map<string, ChangedArgument>();
  for (const { undo, outcome, time } of deeds) {
    const { argument, command } = undo ?? {};
    if (argument === undefined || command === undefined) continue;
    const [mine, others] = command.endsWith('-remove') ? [given, taken] : [taken, given];
    // Back to what it was before us.
    if (others.has(argument)) {
      if (outcome === 'done') others.delete(argument);
    } else if (outcome === 'begun' || outcome === 'done') mine.set(argument, { argument, time, undoing: command });
  }
  return { given: [...given.values()].toReversed(), taken: [...taken.values()].toReversed() };
}

export function takenArguments({ deeds }: PreparationRecord): readonly string[] {
  return argumentsOf(deeds).taken.map(({ argument }) => argument);
}

/** Whether the kernel has, or will have, this argument: what a program did since the start counts more than the running kernel's line. */
export function hasArgument({ cmdline, record }: Pick<PreparationFacts, 'cmdline' | 'record'>, argument: string): boolean {
  const last = record.deeds.findLast(({ undo, outcome }) => outcome === 'done' && undo?.argument === argument);
  if (last !== undefined && last.time >= record.bootedAt) return last.undo?.command?.endsWith('-remove') === true;
  return cmdline.split(/\s+/).includes(argument);
}

const earlyFiles: readonly PreparationFile[] = ['modprobe-vfio', 'initramfs-modules', 'dracut-drop-in', 'mkinitcpio-drop-in'];
const grubFiles: readonly PreparationFile[] = ['grub-default', 'grub-drop-in'];

/** What reads a file of ours that was written or taken back, and has not run to its end since. */
export function pendingPrograms(facts: PreparationFacts): readonly PreparationCommand[] {
  const { bootLoader, initramfs, record } = facts;
  const waits = (files: readonly PreparationFile[], verb: Deed['verb']): boolean => {
    const paths: readonly string[] = files.map((file) => preparationFiles[file]);
    const lastRun = record.deeds.findLastIndex((deed) => deed.verb === verb && deed.outcome === 'done');
    return record.deeds.some(({ verb: done, undo }, index) => {
      const path = record.backups.find(({ number }) => number === undo?.backup)?.path;
      return index > lastRun && (done === 'file-write' || done === 'file-restore') && path !== undefined && paths.includes(path);
    });
  };
  return [
    ...(initramfs !== 'none' && bootLoader.type !== 'rpm-ostree' && waits(earlyFiles, 'initramfs-update') ? [initramfs] : []),
    ...(bootLoader.type === 'grub' && waits(grubFiles, 'bootloader-update') ? [bootLoader.generator] : []),
    ...(bootLoader.type === 'kernel-install' && waits(['kernel-cmdline'], 'bootloader-update') ? (['kernel-install'] as const) : []),
  ];
}
