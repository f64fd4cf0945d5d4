// Owns fetching a package of Debian's installer: downloaded by apt, with its signature checked, and unpacked, never installed.
// Must not serve it; QEMU does.
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import { runCommand } from '../exec.ts';
import { isThere } from '../is-there.ts';

const fetchTimeoutMs = 15 * 60_000;

/** The folder in the unpacked package that is served. */
export function debianPackageFolder(dataDir: string, name: string): string {
  const release = /^debian-installer-(\d+)-netboot-amd64$/.exec(name)?.[1] ?? '';
  return path.join(dataDir, 'network-boot', name, `usr/lib/debian-installer/images/${release}/amd64/text`);
}

/** Does nothing when it is there. Throws ToolFailed with apt's reason. */
export async function fetchDebianPackage(name: string, folder: string): Promise<void> {
  if (await isThere(folder)) return;
  const target = folder.slice(0, folder.indexOf(`/${name}/`) + name.length + 1);
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(path.join(path.dirname(target), '.fetch-'));
  try {
    await run(name, { program: 'apt-get', args: ['-q', 'download', name], cwd: draft });
    const archive = (await readdir(draft)).find((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new AppError('ToolFailed', `apt-get download brought no archive of ${name}.`);
    await run(name, { program: 'dpkg-deb', args: ['-x', archive, 'root'], cwd: draft });
    await rm(target, { recursive: true, force: true });
    await rename(path.join(draft, 'root'), target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (!(await isThere(folder))) throw new AppError('ToolFailed', `The package ${name} has no folder for a network boot.`);
}

async function run(
  name: string,
  command: { readonly program: string; readonly args: readonly string[]; readonly cwd: string },
): Promise<void> {
  const result = await runCommand({ ...command, timeoutMs: fetchTimeoutMs });
  if (result.code === 0) return;
  const why = result.stderr.trim().split('\n').at(-1) ?? '';
  throw new AppError(
    'ToolFailed',
    `The package ${name} could not be fetched: ${why} Run "sudo apt-get update", or choose a folder with the files of a network boot.`,
  );
}
