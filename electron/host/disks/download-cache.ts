// Owns the folder of downloads: parts to go on with, and whole images kept for the next machine.
// Must not download.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { versionFile } from '../images/download.ts';
import { createTurns, type Turns } from './turns.ts';

export interface DownloadCache {
  /** Where the download of this address is, or will be. The same address with another checksum is another file. */
  fileFor(url: string, checksum: string | undefined): string;
  /** Marks a file as used now, so that it is kept longest. */
  touch(file: string): Promise<void>;
  /** Removes what nobody has used for a week. */
  removeOld(): Promise<void>;
  /** Two downloads of one address must not write into one file: the second waits, and then often finds it whole. */
  readonly exclusive: Turns['take'];
  /** Removes everything that nobody is using; true when that freed something. */
  removeUnused(): Promise<boolean>;
}

const keepMs = 7 * 24 * 60 * 60 * 1000;

export async function createDownloadCache(dataDir: string, now: () => number = Date.now): Promise<DownloadCache> {
  const folder = path.join(dataDir, 'cache', 'downloads');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const turns = createTurns();
  const images = async (): Promise<string[]> =>
    (await readdir(folder)).filter((name) => !name.endsWith('.json')).map((name) => path.join(folder, name));
  const forget = async (file: string): Promise<void> => {
    await rm(file, { force: true });
    await rm(versionFile(file), { force: true });
  };
  return {
    fileFor(url, checksum) {
      return path.join(
        folder,
        createHash('sha256')
          .update(`${url}\n${checksum ?? ''}`)
          .digest('hex'),
      );
    },
    async touch(file) {
      await utimes(file, now() / 1000, now() / 1000);
    },
    async removeOld() {
      for (const file of await images()) if (now() - (await stat(file)).mtimeMs > keepMs) await forget(file);
    },
    exclusive: turns.take,
    async removeUnused() {
      const old = (await images()).filter((file) => !turns.isTaken(file));
      for (const file of old) await forget(file);
      return old.length > 0;
    },
  };
}
