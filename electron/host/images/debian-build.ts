// Owns filling a disk with a Debian system: the kept one where it is still fresh, else one built now.
// Must not know how one is built; debian-image.ts does.
import { createHash } from 'node:crypto';
import { readFile, rm, stat, truncate } from 'node:fs/promises';
import { AppError } from '../../api/errors.ts';
import type { DiskSource, DiskTarget } from '../../engine/ports.ts';
import { draftBeside } from '../disks/draft.ts';
import type { Meter } from '../disks/meter.ts';
import { reflink } from '../disks/reflink.ts';
import { sourceLine } from './apt-sources.ts';
import { stretchLastPartition } from './boot-disk.ts';
import type { DebianCache } from './debian-cache.ts';
import { buildDebianImage } from './debian-image.ts';
import { requirePrivilege } from './debian-privilege.ts';
import { earlyFiles, efiMenu, lateFiles, packagePattern, packagesOf } from './debian-recipe.ts';
import { debianRelease, releaseDate, requireKeyring, type DebianRelease } from './debian-release.ts';
import { finishScript } from './debian-tree.ts';
import { qemuImgConvert } from './qemu-img.ts';
import { sizeText } from './size-text.ts';

export interface DebianDisk {
  readonly source: Extract<DiskSource, { type: 'mmdebstrap' }>;
  readonly target: DiskTarget;
  readonly draft: string;
  readonly meter: Meter;
  readonly signal: AbortSignal;
  readonly debian: DebianCache;
}

/** Throws ToolFailed with what apt says, ImageRefused for a disk that is too small, BadRequest for odd names, Timeout. */
export async function buildDebianDisk(job: DebianDisk): Promise<void> {
  const packages = packagesOf(job.source.packages ?? []);
  const odd = packages.find((name) => !packagePattern.test(name));
  if (odd !== undefined) throw oddName(odd);
  const release = await debianRelease(job.source.suite);
  job.meter.begin('wait', undefined, 'Waiting for another build to finish');
  await writeDisk(job, await job.debian.exclusive(job.signal, async () => await baseImage(job, release, packages)));
}

/** A finished image of the recipe: kept from an earlier time while the mirror's package lists are the same, else built. */
async function baseImage({ meter, signal, debian }: DebianDisk, release: DebianRelease, packages: readonly string[]): Promise<string> {
  const recipe = await recipeKey(release, packages);
  meter.begin('build', undefined, `Looking for news on ${release.sources[0]?.uri ?? 'the mirror'}`);
  const date = await releaseDate(release.sources, signal);
  const kept = await debian.find(recipe, date);
  if (kept !== undefined) {
    const builtAt = (await stat(kept)).mtime.toISOString().slice(0, 10);
    const why = date === undefined ? 'the mirror does not answer' : 'nothing has changed since';
    meter.begin('copy', undefined, `Using the Debian ${release.suite} that was built here on ${builtAt}: ${why}`);
    return kept;
  }
  await requireKeyring();
  const privilege = await requirePrivilege();
  meter.begin('build', undefined, `Building Debian ${release.suite}`);
  return await debian.inWorkFolder(async (folder) => {
    const onProgress = ({ percent, message }: { percent: number; message: string }): void => meter.percent(percent, message);
    const image = await buildDebianImage({ release, packages, privilege, folder, onProgress, signal });
    return await debian.keep(recipe, date ?? 'undated', image);
  });
}

/** Everything that a built system depends on beside the packages' versions; another recipe never gets this one's result. */
async function recipeKey({ suite, sources }: DebianRelease, packages: readonly string[]): Promise<string> {
  const recipe = [suite, sources.map(sourceLine), packages, earlyFiles, lateFiles(''), efiMenu(''), await readFile(finishScript, 'utf8')];
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);
}

/** The image, made as large as the disk, in the disk's format. */
async function writeDisk({ target, draft, meter, signal }: DebianDisk, base: string): Promise<void> {
  const { size } = await stat(base);
  if (size > target.sizeBytes) throw tooSmall(size, target.sizeBytes);
  const raw = target.format === 'raw' ? draft : draftBeside(draft);
  const convert = async (from: string, to: string, format: 'qcow2' | 'raw'): Promise<void> => {
    meter.begin('copy');
    const onPercent = (percent: number): void => meter.percent(percent);
    await qemuImgConvert({ from: { path: from, format: 'raw' }, to: { path: to, format }, onPercent, signal });
  };
  try {
    if (!(await reflink(base, raw))) await convert(base, raw, 'raw');
    await truncate(raw, target.sizeBytes);
    await stretchLastPartition(raw);
    if (raw !== draft) await convert(raw, draft, target.format);
  } finally {
    if (raw !== draft) await rm(raw, { force: true });
  }
}

function tooSmall(needed: number, asked: number): AppError {
  const message = `The Debian system needs ${sizeText(needed)}, the disk has only ${sizeText(asked)}.`;
  const fix = `Ask for a disk of at least ${sizeText(needed)}.`;
  const field = 'spec.storage.resources.requests.storage';
  return new AppError('ImageRefused', message, { causes: [{ reason: 'TooSmall', field, message, fix }] });
}

function oddName(name: string): AppError {
  const message = `${JSON.stringify(name)} is not the name of a package.`;
  return new AppError('BadRequest', message, {
    causes: [{ reason: 'FieldValueInvalid', field: 'spec.source.mmdebstrap.packages', message }],
  });
}
