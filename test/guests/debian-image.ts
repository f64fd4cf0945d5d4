// Owns the Debian guest of the tests: built once by the product's own code, then kept.
// Must not test anything.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { createDisks } from '../../electron/host/disks/disks.ts';
import { createImageCache } from '../../electron/host/images/registry/image-cache.ts';
import { earlyFiles, efiMenu, lateFiles, packagesOf } from '../../electron/host/images/debian-recipe.ts';
import { finishScript } from '../../electron/host/images/debian-tree.ts';
import { recordingLog } from '../fakes/recording-log.ts';
import { guestCache } from './guest-cache.ts';

const sizeBytes = 8 * 2 ** 30;

/**
 * Path of a sparse raw image, read-only to its users (give QEMU `snapshot=on`, or clone it). The first call takes a minute or two;
 * later ones copy the kept system while the mirror has nothing new. Nobody can log in without a cloud-init seed.
 */
export async function debianImage(): Promise<string> {
  // One folder per process: two test runs must not be two owners of one data folder.
  const dataDir = path.join(guestCache(), `debian-${process.pid}`);
  const target = path.join(guestCache(), `debian-${await recipeHash()}.raw`);
  if (await isYoung(target)) return target;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    const disks = await createDisks({ dataDir, images: await createImageCache(dataDir), log: recordingLog() });
    const disk = disks.claimPath('default', 'debian', 'raw');
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- disks are filled here, no array
    await disks.fill({ path: disk, format: 'raw', sizeBytes }, { type: 'mmdebstrap' }, { onProgress: () => undefined }).done;
    for (const old of await readdir(guestCache())) if (/^debian-.*\.raw$/.test(old)) await rm(path.join(guestCache(), old));
    await rename(disk, target);
    return target;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Another recipe is another guest: a test must not pass on yesterday's. */
async function recipeHash(): Promise<string> {
  const recipe = [packagesOf([]), earlyFiles, lateFiles(''), efiMenu(''), await readFile(finishScript, 'utf8')];
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);
}

/** A week: tests do not need yesterday's security updates, but they should notice a release that no longer builds. */
async function isYoung(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs < 7 * 24 * 60 * 60 * 1000;
}
