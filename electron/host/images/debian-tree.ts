// Owns running mmdebstrap: a folder with a whole Debian system in it, and the boot loaders' parts beside it.
// Must not make disks; debian-image.ts does.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../exec.ts';
import { sourceLine } from './apt-sources.ts';
import type { Privilege } from './debian-privilege.ts';
import { buildFailure } from './debian-failure.ts';
import { createBuildProgress, type BuildProgress } from './debian-progress.ts';
import { bootPieces, earlyFiles, lateFiles } from './debian-recipe.ts';
import type { DebianRelease } from './debian-release.ts';

export interface TreeBuild {
  readonly release: DebianRelease;
  readonly packages: readonly string[];
  readonly privilege: Privilege;
  /** Empty; the system comes into `tree`, the boot loaders into `pieces`. */
  readonly folder: string;
  /** UUID of the file system that the tree will become. */
  readonly rootUuid: string;
  readonly onProgress: (progress: BuildProgress) => void;
  readonly signal: AbortSignal;
}

/** Machines of users run meanwhile. */
export const gently = ['nice', '-n', '10', 'ionice', '-c', '2', '-n', '7'];

/** Run inside the build when every package is there. */
export const finishScript = path.join(import.meta.dirname, '../../../resources/debian/finish.sh');
/** Slow mirrors exist, and so do slow disks. */
const buildTimeoutMs = 2 * 60 * 60_000;

/** mmdebstrap's own hooks move files in and out, so that no link inside the tree can lead a write of ours outside. */
export async function makeTree(build: TreeBuild): Promise<void> {
  const { release, folder, privilege, signal } = build;
  await writeFiles(path.join(folder, 'early'), earlyFiles);
  await writeFiles(path.join(folder, 'late'), lateFiles(build.rootUuid));
  await mkdir(path.join(folder, 'pieces'));
  const progress = createBuildProgress();
  const told: string[] = [];
  const [program = '', ...args] = [...gently, ...privilege.wrapper, '--', 'mmdebstrap', ...mmdebstrapArgs(build)];
  const result = await runCommand({
    program,
    args,
    cwd: folder,
    // The kernel's own hook would make an initramfs, and dpkg's trigger another one at the end; finish.sh makes the only one.
    env: { INITRD: 'No' },
    timeoutMs: buildTimeoutMs,
    signal,
    onStderrLine: (line) => {
      if (/^(E|W|Err|dpkg: error|error)[: ]/.test(line)) told.push(line);
      const news = progress(line);
      if (news !== undefined) build.onProgress(news);
    },
  });
  if (result.code !== 0) throw buildFailure(release, told, result.stderr);
}

function mmdebstrapArgs({ release, packages }: TreeBuild): string[] {
  return [
    '--verbose',
    // Whatever made us root has done so before mmdebstrap starts.
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
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true, mode: 0o755 });
    await writeFile(path.join(folder, name), text, { mode: 0o644 });
  }
}
