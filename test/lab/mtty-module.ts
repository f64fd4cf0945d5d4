// Owns building mtty, the kernel's sample of a driver of mediated devices, for the lab's kernel: no Debian kernel brings it.
// Must not install anything, nor keep the kernel's source.
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findProgram, runCommand } from '../../electron/host/exec.ts';
import { unpackPackages, withDependencies } from '../guests/debian-packages.ts';
import { cachedFolder, guestCache } from '../guests/guest-cache.ts';
import { labKernel } from './lab-kernel.ts';

export interface MttyModule {
  readonly file?: string;
  /** Why there is none. */
  readonly reason?: string;
}

export async function mttyModule(): Promise<MttyModule> {
  for (const program of ['gcc', 'make', 'xz']) {
    if ((await findProgram(program)) === undefined) return { reason: `there is no ${program}` };
  }
  try {
    const { modules } = await labKernel();
    const release = (await readdir(modules)).find((name) => /^\d/.test(name)) ?? '';
    const folder = await cachedFolder(`mtty-${release}`, (draft) => build(release, draft));
    return { file: path.join(folder, 'mtty.ko') };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Of the archive's signed packages; 150 MB are fetched, and 0.4 MB kept. */
async function build(release: string, draft: string): Promise<void> {
  const version = /^\d+\.\d+/.exec(release)?.[0] ?? '';
  const work = await mkdtemp(path.join(guestCache(), 'mtty-work-'));
  try {
    const headers = (await withDependencies(`linux-headers-${release}`)).filter((name) => !name.startsWith('linux-compiler'));
    await unpackPackages([...headers, `linux-source-${version}`], work);
    const sources = path.join(work, 'root/usr/src');
    const module = path.join(work, 'module');
    await mkdir(module);
    const file = `linux-source-${version}/samples/vfio-mdev/mtty.c`;
    await run('tar', [
      '-xf',
      path.join(sources, `linux-source-${version}.tar.xz`),
      '-C',
      module,
      '--strip-components=3',
      '--occurrence=1',
      file,
    ]);
    await writeFile(path.join(module, 'Makefile'), 'obj-m := mtty.o\n');
    // Its own Makefile names the place where a set-up would have put the others.
    const common = path.join(sources, `linux-headers-${release.replace(/-[^-]+$/, '-common')}`, 'Makefile');
    const own = path.join(sources, `linux-headers-${release}`);
    await run('make', ['-C', own, '-f', common, `KBUILD_OUTPUT=${own}`, `M=${module}`, 'modules']);
    await copyFile(path.join(module, 'mtty.ko'), path.join(draft, 'mtty.ko.new'));
    await rename(path.join(draft, 'mtty.ko.new'), path.join(draft, 'mtty.ko'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCommand({ program, args, timeoutMs: 300_000 });
  if (code !== 0) throw new Error(`${program} failed: ${stderr.slice(-2000)}`);
}
