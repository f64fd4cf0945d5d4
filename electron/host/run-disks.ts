// Owns taking away the disks that were made for one run of a machine: overlays and empty disks.
// Must not be asked while the run goes on.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ofOneRun } from '../core/qemu/runtime-paths.ts';
import { errnoOf } from './errno.ts';

export async function removeRunDisks(stateDir: string): Promise<void> {
  const names = await readdir(stateDir).catch((error: unknown) => {
    // A machine that never ran has none.
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const prefixes = Object.values(ofOneRun);
  const gone = names.filter((name) => name.endsWith('.qcow2') && prefixes.some((prefix) => name.startsWith(prefix)));
  await Promise.all(gone.map((name) => rm(path.join(stateDir, name), { force: true })));
}
