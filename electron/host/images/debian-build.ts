// Owns making a bootable Debian disk from packages: as any user, without loop devices, for BIOS, UEFI and Secure Boot.
// Must not know what is in it; debian-recipe.ts does.
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import type { DiskSource, DiskTarget } from '../../engine/ports.ts';
import { draftBeside } from '../disks/draft.ts';
import type { Meter } from '../disks/meter.ts';
import { copySparse } from '../disks/sparse-copy.ts';
import { errnoOf } from '../errno.ts';
import { runCommand } from '../exec.ts';
import { sourceLine } from './apt-sources.ts';
import { stretchLastPartition, writeBootDisk } from './boot-disk.ts';
import type { DebianCache } from './debian-cache.ts';
import { requirePrivilege, type Privilege } from './debian-privilege.ts';
import { createBuildProgress } from './debian-progress.ts';
import { bootPieces, earlyFiles, efiMenu, lateFiles, packagePattern, packagesOf, recipeVersion } from './debian-recipe.ts';
import { debianRelease, releaseDate, requireKeyring, type DebianRelease } from './debian-release.ts';
import { makeEfiPartition } from './efi-partition.ts';
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

const finishScript = new URL('../../../resources/debian/finish.sh', import.meta.url).pathname;
/** Slow mirrors exist, and so do slow disks. */
const buildTimeoutMs = 2 * 60 * 60_000;
const fileSystemTimeoutMs = 10 * 60_000;
const efiBytes = 64 * 1024 * 1024;
/** Machines of users run meanwhile. */
const gently = ['nice', '-n', '10', 'ionice', '-c', '2', '-n', '7'];

/** Throws ToolFailed with what apt says, ImageRefused for a disk that is too small, BadRequest for odd names, Timeout. */
export async function buildDebianDisk(job: DebianDisk): Promise<void> {
  const packages = packagesOf(job.source.packages ?? []);
  const odd = packages.find((name) => !packagePattern.test(name));
  if (odd !== undefined) {
    const message = `${JSON.stringify(odd)} is not the name of a package.`;
    throw new AppError('BadRequest', message, {
      causes: [{ reason: 'FieldValueInvalid', field: 'spec.source.mmdebstrap.packages', message }],
    });
  }
  const release = await debianRelease(job.source.suite);
  job.meter.begin('wait', undefined, 'Waiting for another build to finish');
  await writeDisk(job, await job.debian.exclusive(job.signal, async () => await baseImage(job, release, packages)));
}

/** A finished image of the recipe: kept from an earlier time while the mirror's package lists are the same, else built. */
async function baseImage({ meter, signal, debian }: DebianDisk, release: DebianRelease, packages: readonly string[]): Promise<string> {
  const recipe = recipeKey(release, packages);
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
  return await debian.inWorkFolder(async (folder) => {
    const image = await buildImage({ release, packages, privilege, folder, meter, signal });
    return await debian.keep(recipe, date ?? 'undated', image);
  });
}

function recipeKey({ suite, sources }: DebianRelease, packages: readonly string[]): string {
  const recipe = [recipeVersion, suite, sources.map(sourceLine), packages];
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);
}

interface Build {
  readonly release: DebianRelease;
  readonly packages: readonly string[];
  readonly privilege: Privilege;
  readonly folder: string;
  readonly meter: Meter;
  readonly signal: AbortSignal;
}

async function buildImage(build: Build): Promise<string> {
  const { folder, meter, signal } = build;
  const inside = (name: string): string => path.join(folder, name);
  const rootUuid = randomUUID();
  meter.begin('build', undefined, `Building Debian ${build.release.suite}`);
  await makeTree(build, rootUuid);
  meter.percent(97, 'Making the file system');
  await makeRootFileSystem(build, rootUuid);
  meter.percent(99, 'Putting the disk together');
  const piece = (name: keyof typeof bootPieces): string => inside(path.join('pieces', path.basename(bootPieces[name])));
  await writeFile(inside('grub.cfg'), efiMenu(rootUuid));
  await makeEfiPartition(
    {
      path: inside('esp'),
      sizeBytes: efiBytes,
      label: 'ESP',
      files: {
        'EFI/BOOT/BOOTX64.EFI': piece('shim'),
        'EFI/BOOT/grubx64.efi': piece('grubEfi'),
        'EFI/BOOT/mmx64.efi': piece('mokManager'),
        // The folder is built into Debian's signed GRUB.
        'EFI/debian/grub.cfg': inside('grub.cfg'),
      },
    },
    signal,
  );
  const grub = { bootImage: piece('bootImage'), coreImage: piece('coreImage') };
  const root = { path: inside('root.ext4'), partitionUuid: randomUUID() };
  await writeBootDisk({ path: inside('disk.img'), grub, efiPartition: inside('esp'), root }, signal);
  return inside('disk.img');
}

/** mmdebstrap's own hooks move files in and out, so that no link inside the tree can lead a write of ours outside. */
async function makeTree({ release, packages, privilege, folder, meter, signal }: Build, rootUuid: string): Promise<void> {
  await writeFiles(path.join(folder, 'early'), earlyFiles);
  await writeFiles(path.join(folder, 'late'), lateFiles(rootUuid));
  await mkdir(path.join(folder, 'pieces'));
  const progress = createBuildProgress();
  const told: string[] = [];
  const [program = '', ...rest] = [
    ...gently,
    ...privilege.wrapper,
    '--',
    'mmdebstrap',
    '--verbose',
    '--mode=root',
    '--variant=minbase',
    '--format=directory',
    `--include=${packages.join(',')}`,
    '--aptopt=Acquire::Languages "none"',
    // apt's own user could not reach a folder that is ours alone.
    '--aptopt=APT::Sandbox::User "root"',
    // A build that a power cut interrupts is thrown away, so nothing needs to be synced on the way.
    '--dpkgopt=force-unsafe-io',
    '--essential-hook=sync-in early /',
    '--customize-hook=sync-in late /',
    `--customize-hook=${finishScript}`,
    `--customize-hook=copy-out ${Object.values(bootPieces).join(' ')} pieces`,
    release.suite,
    'tree',
    ...release.sources.map(sourceLine),
  ];
  const result = await runCommand({
    program,
    args: rest,
    cwd: folder,
    timeoutMs: buildTimeoutMs,
    signal,
    onStderrLine: (line) => {
      if (/^(E|W|Err|dpkg: error|error)[: ]/.test(line)) told.push(line);
      const news = progress(line);
      if (news !== undefined) meter.percent(news.percent, news.message);
    },
  });
  if (result.code !== 0) throw buildFailed(release, told, result.stderr);
}

async function makeRootFileSystem({ privilege, folder, signal }: Build, rootUuid: string): Promise<void> {
  const inTree = async (args: readonly string[]): Promise<string> => {
    const [program = '', ...rest] = [...gently, ...privilege.wrapper, '--', ...args];
    const result = await runCommand({ program, args: rest, cwd: folder, timeoutMs: fileSystemTimeoutMs, signal });
    if (result.code === 0) return result.stdout;
    if (/No space left on device/.test(result.stderr)) throw Object.assign(new Error(result.stderr.trim()), { code: 'ENOSPC' });
    throw new AppError('ToolFailed', `The file system of the guest could not be made: ${args[0]} said: ${result.stderr.trim()}`);
  };
  const usedKiB = Number.parseInt(await inTree(['du', '--summarize', '--block-size=1K', 'tree']), 10);
  // Inodes, journal and room for the first boot; the guest grows it to its partition, which is as large as the disk.
  const sizeKiB = Math.ceil((usedKiB * 1.2 + 192 * 1024) / 4096) * 4096;
  // GRUB 2.06 cannot read a file system with metadata_csum_seed.
  const features = ['-O', '^metadata_csum_seed', '-E', 'lazy_itable_init=1,lazy_journal_init=1'];
  await inTree([
    'mke2fs',
    '-q',
    '-t',
    'ext4',
    '-d',
    'tree',
    '-L',
    'root',
    '-U',
    rootUuid,
    '-m',
    '1',
    ...features,
    'root.ext4',
    `${sizeKiB}k`,
  ]);
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true, mode: 0o755 });
    await writeFile(path.join(folder, name), text, { mode: 0o644 });
  }
}

/** The image, made as large as the disk, in the disk's format. */
async function writeDisk({ target, draft, meter, signal }: DebianDisk, base: string): Promise<void> {
  const { size } = await stat(base);
  if (size > target.sizeBytes) {
    const message = `The Debian system needs ${sizeText(size)}, the disk has only ${sizeText(target.sizeBytes)}.`;
    throw new AppError('ImageRefused', message, {
      causes: [
        {
          reason: 'TooSmall',
          field: 'spec.storage.resources.requests.storage',
          message,
          fix: `Ask for a disk of at least ${sizeText(size)}.`,
        },
      ],
    });
  }
  const raw = target.format === 'raw' ? draft : draftBeside(draft);
  try {
    await copyWhole(base, raw, signal);
    await truncate(raw, target.sizeBytes);
    await stretchLastPartition(raw);
    if (raw === draft) return;
    await qemuImgConvert({
      from: { path: raw, format: 'raw' },
      to: { path: draft, format: target.format },
      onPercent: (percent) => meter.percent(percent),
      signal,
    });
  } finally {
    if (raw !== draft) await rm(raw, { force: true });
  }
}

async function copyWhole(from: string, to: string, signal: AbortSignal): Promise<void> {
  try {
    return await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
  } catch (error) {
    await rm(to, { force: true });
    // What a file system without shared blocks answers, and a copy to another one.
    if (!['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'ENOSYS', 'EINVAL', 'ENOTTY'].includes(errnoOf(error) ?? '')) throw error;
  }
  const file = await open(to, 'wx', 0o600);
  try {
    await file.truncate((await stat(from)).size);
    await copySparse(from, file, { signal });
  } finally {
    await file.close();
  }
}

function buildFailed({ suite, sources }: DebianRelease, told: readonly string[], tail: string): Error {
  const words = [...told, ...tail.trim().split('\n').slice(-3)].join('\n');
  if (/No space left on device/.test(words)) return Object.assign(new Error('No space left on device'), { code: 'ENOSPC' });
  const mirror = sources[0]?.uri ?? '';
  const first = (told.find((line) => /^(E|Err)/.test(line)) ?? tail.trim().split('\n').at(-1) ?? '').replace(/^E: /, '');
  const unknown = /Unable to locate package (\S+)/.exec(words)?.[1];
  const [message, fix] =
    unknown !== undefined
      ? [`Debian ${suite} has no package ${unknown}.`, 'Correct the name, or leave the package out.']
      : /Temporary failure resolving|Could not resolve|Could not connect|Network is unreachable|Connection (refused|timed out)|Failed to fetch/.test(
            words,
          )
        ? [`The package mirror ${mirror} cannot be reached: ${first}`, 'Check the network connection, and the mirror in /etc/apt.']
        : /does not have a Release file|404 +Not Found/.test(words)
          ? [`The mirror ${mirror} has no release ${suite}: ${first}`, 'Choose another release, such as stable.']
          : [`Building Debian ${suite} failed: ${first}`, 'Try again; if it fails again, the words above are what to search for.'];
  return new AppError('ToolFailed', message, { causes: [{ reason: 'BuildFailed', field: 'spec.source.mmdebstrap', message, fix }] });
}
