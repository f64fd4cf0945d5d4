// Owns reading what the privileged program wrote down: its journal and its backups.
// Must not judge it; core/preparation does.
import { z } from 'zod';
import type { Backup, Deed, PreparationRecord } from '../../core/preparation/preparation-facts.ts';
import type { ComputerFiles } from './computer-files.ts';

const folder = '/var/lib/virtdeck-helper';

const deedSchema = z.object({
  time: z.number(),
  verb: z.string(),
  outcome: z.string(),
  undo: z.object({ backup: z.number().optional(), command: z.string().optional(), argument: z.string().optional() }).optional(),
});

const verbs = ['file-write', 'file-restore', 'bootloader-update', 'initramfs-update'];

export async function readRecord(files: ComputerFiles): Promise<PreparationRecord> {
  const [journal, names, stat] = await Promise.all([
    files.text(`${folder}/journal`),
    files.names(`${folder}/backups`),
    files.text('/proc/stat'),
  ]);
  const numbers = (Array.isArray(names) ? (names as readonly string[]) : []).filter((name) => /^\d{4}$/.test(name));
  const backups = await Promise.all(numbers.map((name) => readBackup(files, name)));
  return {
    deeds: journal.split('\n').flatMap(deedOf),
    backups: backups.filter((backup) => backup !== undefined),
    bootedAt: Number(/^btime (\d+)$/m.exec(stat)?.[1] ?? 0),
  };
}

/** The journal has lines of other verbs, and a loss of power may have cut off its last. */
function deedOf(line: string): readonly Deed[] {
  try {
    const deed = deedSchema.safeParse(JSON.parse(line)).data;
    return deed !== undefined && verbs.includes(deed.verb) ? [deed as Deed] : [];
  } catch {
    return [];
  }
}

/** With a path it counts, by whichever name: `undone` when it was taken back. */
async function readBackup(files: ComputerFiles, name: string): Promise<Backup | undefined> {
  const [standing, undone, before, after] = await Promise.all(
    ['path', 'undone', 'before', 'after'].map((file) => files.read(`${folder}/backups/${name}/${file}`)),
  );
  const path = textOf(standing) ?? textOf(undone);
  if (path === undefined) return undefined;
  const current = textOf(await files.read(path.trim()));
  return {
    number: Number(name),
    path: path.trim(),
    undone: textOf(standing) === undefined,
    ...(typeof before === 'object' ? { before: before.text } : {}),
    after: textOf(after) ?? '',
    ...(current === undefined ? {} : { current }),
  };
}

function textOf(found: Awaited<ReturnType<ComputerFiles['read']>>): string | undefined {
  return typeof found === 'object' ? found.text : undefined;
}
