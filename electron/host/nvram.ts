// Owns the kept UEFI variables of a machine that does not run.
// Must not make them; place-file.ts does, at the next start.
import { readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { nvramPrefix } from '../core/qemu/runtime-paths.ts';
import { errnoOf } from './errno.ts';

const backupSuffix = '.before-reset';

/**
 * Takes them away, so that the next start makes them anew. Each is kept beside, until the next reset, under a name that no machine
 * uses. Answers the paths of what was kept.
 */
export async function setNvramAside(stateDir: string): Promise<readonly string[]> {
  const names = (await namesIn(stateDir)).filter((name) => name.startsWith(nvramPrefix) && name.endsWith('.qcow2'));
  return await Promise.all(
    names.map(async (name) => {
      const backup = path.join(stateDir, `${name}${backupSuffix}`);
      await rename(path.join(stateDir, name), backup);
      return backup;
    }),
  );
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    // A machine that never ran has none.
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
