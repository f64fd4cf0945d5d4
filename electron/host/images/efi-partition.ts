// Owns making the FAT file system of an EFI system partition as a file: mtools, so neither root nor a loop device is needed.
// Must not know what the files mean.
import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import { runCommand } from '../exec.ts';

export interface EfiPartition {
  readonly path: string;
  readonly sizeBytes: number;
  /** At most 11 characters. */
  readonly label: string;
  /** Path inside (`EFI/BOOT/BOOTX64.EFI`) → file to copy. */
  readonly files: Readonly<Record<string, string>>;
}

const toolTimeoutMs = 60_000;

/** Throws ToolFailed with what mtools says, DiskFull does not occur before the file is read back. */
export async function makeEfiPartition(partition: EfiPartition, signal?: AbortSignal): Promise<void> {
  const run = async (program: string, args: readonly string[]): Promise<void> => {
    const result = await runCommand({
      program,
      args,
      timeoutMs: toolTimeoutMs,
      // The image has no partition table of its own, and mtools must not read the user's ~/.mtoolsrc.
      env: { MTOOLS_SKIP_CHECK: '1', MTOOLSRC: '/dev/null' },
      ...(signal === undefined ? {} : { signal }),
    });
    if (result.code !== 0)
      throw new AppError('ToolFailed', `The EFI partition could not be made: ${program} said: ${result.stderr.trim()}`);
  };
  await writeFile(partition.path, '');
  await truncate(partition.path, partition.sizeBytes);
  await run('mformat', [
    '-i',
    partition.path,
    '-v',
    partition.label,
    '-T',
    String(partition.sizeBytes / 512),
    '-h',
    '64',
    '-s',
    '32',
    '::',
  ]);
  const folders = foldersOf(Object.keys(partition.files));
  if (folders.length > 0) await run('mmd', ['-i', partition.path, ...folders.map((folder) => `::/${folder}`)]);
  for (const [inside, file] of Object.entries(partition.files)) await run('mcopy', ['-i', partition.path, file, `::/${inside}`]);
}

/** Every folder on the way, parents first. */
function foldersOf(files: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of files) {
    const parts = path.posix.dirname(file).split('/');
    for (let depth = 1; depth <= parts.length; depth += 1) folders.add(parts.slice(0, depth).join('/'));
  }
  folders.delete('.');
  return [...folders].toSorted((a, b) => a.split('/').length - b.split('/').length);
}
