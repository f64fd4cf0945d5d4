// Owns a computer that starts with GRUB and was never prepared for passthrough, and a privileged program that changes it.
// Must not be any real one.
import { AppError } from '../../electron/api/errors.ts';
import { type PreparationCommand, type PreparationFile, preparationFiles } from '../../electron/api/preparation.ts';
import {
  type Backup,
  type Deed,
  noRecord,
  type PreparationFacts,
  type PreparationRecord,
} from '../../electron/core/preparation/preparation-facts.ts';
import type { PreparationPort } from '../../electron/engine/ports.ts';
import type { Gate } from './fake-machines.ts';
import type { FakeWorld } from './fake-world.ts';

export const plainPreparation: PreparationFacts = {
  system: 'Debian GNU/Linux 12 (bookworm)',
  hostname: 'tower',
  cpuVendor: 'intel',
  cmdline: 'BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID=1 ro quiet',
  iommuInUse: false,
  bootLoader: { type: 'grub', generator: 'update-grub', dropIns: true },
  initramfs: 'update-initramfs',
  vfioPciBuiltIn: false,
  files: {
    'grub-default': 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
    'initramfs-modules': '# List of modules that you want to include in your initramfs.\n',
  },
  unreadable: [],
  untouchable: {},
  otherVfioOptions: [],
  user: { name: 'ada', isRoot: false, group: 'kvm' },
  memoryMiB: 32_000,
  record: noRecord,
};

/** The privileged program, in memory: files change, backups and deeds are kept. */
export function fakePreparation(world: FakeWorld, gate: Gate): PreparationPort {
  const note = (deed: Omit<Deed, 'time' | 'outcome'>, backups: readonly Backup[]): void => {
    const { record } = world.preparation;
    const time = Math.floor(world.clock.now() / 1000);
    world.preparation = {
      ...world.preparation,
      record: { ...record, backups, deeds: [...record.deeds, { ...deed, time, outcome: 'done' }] },
    };
  };
  const setFile = (path: string, text: string | undefined): void => {
    const name = (Object.keys(preparationFiles) as PreparationFile[]).find((file) => preparationFiles[file] === path);
    const { bootLoader, files } = world.preparation;
    if (name !== undefined) {
      const { [name]: _old, ...others } = files;
      world.preparation = { ...world.preparation, files: text === undefined ? others : { ...others, [name]: text } };
    } else if (bootLoader.type === 'systemd-boot' && text !== undefined) {
      const entries = bootLoader.entries.map((entry) => (path.endsWith(`/${entry.name}`) ? { ...entry, text } : entry));
      world.preparation = { ...world.preparation, bootLoader: { ...bootLoader, entries } };
    }
    world.preparation = { ...world.preparation, record: withCurrent(world.preparation.record, path, text) };
  };
  return {
    facts: () => gate(() => world.preparation),
    apply: ({ action }) =>
      gate(() => {
        const { backups } = world.preparation.record;
        if (action.type === 'run') {
          const { command, argument } = action;
          const isEarly = ['update-initramfs', 'dracut', 'mkinitcpio'].includes(command);
          const undone = command.replace(/-(add|remove)$/, (_all, word) => (word === 'add' ? '-remove' : '-add')) as PreparationCommand;
          note(
            {
              verb: isEarly ? 'initramfs-update' : 'bootloader-update',
              undo: { command: undone, ...(argument === undefined ? {} : { argument }) },
            },
            backups,
          );
          return;
        }
        const { path, before, after } = action;
        const number = backups.length + 1;
        setFile(path, after);
        note({ verb: 'file-write', undo: { backup: number } }, [
          ...world.preparation.record.backups,
          { number, path, undone: false, ...(before === undefined ? {} : { before }), after, current: after },
        ]);
      }),
    restore: (number) =>
      gate(() => {
        const backup = world.preparation.record.backups.find((one) => one.number === number);
        if (backup === undefined) throw new AppError('ToolFailed', `There is no backup ${number}.`);
        setFile(backup.path, backup.before);
        const { backups } = world.preparation.record;
        note(
          { verb: 'file-restore', undo: { backup: number } },
          backups.map((one) => (one.number === number ? { ...one, undone: true } : one)),
        );
      }),
  };
}

function withCurrent(record: PreparationRecord, path: string, text: string | undefined): PreparationRecord {
  const backups = record.backups.map((backup) => {
    if (backup.path !== path) return backup;
    const { current: _old, ...rest } = backup;
    return text === undefined ? rest : { ...rest, current: text };
  });
  return { ...record, backups };
}
