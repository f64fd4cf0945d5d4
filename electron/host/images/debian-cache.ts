// Owns the finished Debian systems that are kept for the next machine, and the folder in which one is being built.
// Must not build; debian-build.ts does.
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { createTurns } from '../disks/turns.ts';
import { errnoOf } from '../errno.ts';
import { runCommand } from '../exec.ts';
import { findPrivilege } from './debian-privilege.ts';

export interface DebianCache {
  /** The image of this recipe, of these package lists when they are known, else the newest. */
  find(recipe: string, release: string | undefined): Promise<string | undefined>;
  /** Takes a finished image; older ones of the same recipe go. */
  keep(recipe: string, release: string, file: string): Promise<string>;
  /** One build at a time: two would only slow each other down, and the second often finds the first one's result. */
  exclusive<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Runs `work` in a fresh folder, which is gone afterwards. */
  inWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** What an earlier life left, and images older than a week. Only for the one who holds the data folder. */
  removeLeftovers(): Promise<void>;
  /** Removes every image; true when that freed something. */
  clear(): Promise<boolean>;
}

const keepMs = 7 * 24 * 60 * 60 * 1000;
const workPrefix = 'work-';
const removeTimeoutMs = 120_000;

export async function createDebianCache(dataDir: string, now: () => number = Date.now): Promise<DebianCache> {
  const folder = path.join(dataDir, 'cache', 'debian');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const turns = createTurns();
  const images = async (recipe = ''): Promise<string[]> =>
    (await readdir(folder)).filter((name) => name.startsWith(recipe) && name.endsWith('.img')).map((name) => path.join(folder, name));
  return {
    async find(recipe, release) {
      const found = await images(`${recipe}-${release ?? ''}`);
      const dated = await Promise.all(found.map(async (file) => ({ file, at: (await stat(file)).mtimeMs })));
      return dated.toSorted((a, b) => b.at - a.at)[0]?.file;
    },
    async keep(recipe, release, file) {
      const target = path.join(folder, `${recipe}-${release}.img`);
      await rename(file, target);
      for (const old of await images(recipe)) if (old !== target) await rm(old, { force: true });
      return target;
    },
    exclusive: async (signal, work) => await turns.take('build', signal, work),
    async inWorkFolder(work) {
      const inside = await mkdtemp(path.join(folder, workPrefix));
      try {
        return await work(inside);
      } finally {
        await removeTree(inside);
      }
    },
    async removeLeftovers() {
      for (const name of await readdir(folder)) if (name.startsWith(workPrefix)) await removeTree(path.join(folder, name));
      for (const file of await images()) if (now() - (await stat(file)).mtimeMs > keepMs) await rm(file, { force: true });
    },
    async clear() {
      const all = await images();
      for (const file of all) await rm(file, { force: true });
      return all.length > 0;
    },
  };
}

/** Files made in a user namespace belong to users that we may only touch from inside one. */
async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM') throw error;
    const finding = await findPrivilege();
    if (!('privilege' in finding)) throw error;
    const [program = '', ...args] = finding.privilege.wrapper;
    // Nothing can be mounted there any more, but if something were, it would not be ours to delete.
    await runCommand({ program, args: [...args, '--', 'rm', '-rf', '--one-file-system', folder], timeoutMs: removeTimeoutMs });
  }
}
