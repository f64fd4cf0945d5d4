// Owns putting a built Debian system onto a disk image that BIOS, UEFI and Secure Boot boot: no root, no loop device.
// Must not know which packages are in it.
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import { runCommand } from '../exec.ts';
import { writeBootDisk } from './boot-disk.ts';
import { bootPieces, efiMenu } from './debian-recipe.ts';
import { gently, makeTree, type TreeBuild } from './debian-tree.ts';
import { makeEfiPartition } from './efi-partition.ts';

const efiBytes = 64 * 1024 * 1024;
const fileSystemTimeoutMs = 10 * 60_000;

/** Path of a raw image inside `folder`, as small as its content allows. */
export async function buildDebianImage(job: Omit<TreeBuild, 'rootUuid'>): Promise<string> {
  const build: TreeBuild = { ...job, rootUuid: randomUUID() };
  const inside = (name: string): string => path.join(build.folder, name);
  await makeTree(build);
  build.onProgress({ percent: 97, message: 'Making the file system' });
  const rootKiB = await fileSystemKiB(build);
  await makeEfi(build, inside('esp'));
  const { rootOffsetBytes } = await writeBootDisk(
    {
      path: inside('disk.img'),
      grub: { bootImage: pieceOf(build, 'bootImage'), coreImage: pieceOf(build, 'coreImage') },
      efiPartition: inside('esp'),
      root: { partitionUuid: randomUUID(), sizeBytes: rootKiB * 1024 },
    },
    build.signal,
  );
  const { rootUuid } = build;
  // Straight into its partition. GRUB 2.06 cannot read a file system with metadata_csum_seed.
  const options = ['-E', `offset=${rootOffsetBytes},lazy_itable_init=1,lazy_journal_init=1`, '-O', '^metadata_csum_seed', '-m', '1'];
  await inTree(build, ['mke2fs', '-q', '-t', 'ext4', '-d', 'tree', '-L', 'root', '-U', rootUuid, ...options, 'disk.img', `${rootKiB}k`]);
  return inside('disk.img');
}

function pieceOf({ folder }: TreeBuild, name: keyof typeof bootPieces): string {
  return path.join(folder, 'pieces', path.basename(bootPieces[name]));
}

async function makeEfi(build: TreeBuild, file: string): Promise<void> {
  const menu = path.join(build.folder, 'grub.cfg');
  await writeFile(menu, efiMenu(build.rootUuid));
  const files = {
    'EFI/BOOT/BOOTX64.EFI': pieceOf(build, 'shim'),
    'EFI/BOOT/grubx64.efi': pieceOf(build, 'grubEfi'),
    'EFI/BOOT/mmx64.efi': pieceOf(build, 'mokManager'),
    // The folder is built into Debian's signed GRUB.
    'EFI/debian/grub.cfg': menu,
  };
  await makeEfiPartition({ path: file, sizeBytes: efiBytes, label: 'ESP', files }, build.signal);
}

async function fileSystemKiB(build: TreeBuild): Promise<number> {
  const usedKiB = Number.parseInt(await inTree(build, ['du', '--summarize', '--block-size=1K', 'tree']), 10);
  // Inodes, journal and room for the first boot; the guest grows it to its partition, which is as large as the disk.
  return Math.ceil((usedKiB * 1.2 + 192 * 1024) / 4096) * 4096;
}

/** Runs a program that sees the tree with all of its owners. */
async function inTree({ privilege, folder, signal }: TreeBuild, args: readonly string[]): Promise<string> {
  const [program = '', ...rest] = [...gently, ...privilege.wrapper, '--', ...args];
  const result = await runCommand({ program, args: rest, cwd: folder, timeoutMs: fileSystemTimeoutMs, signal });
  if (result.code === 0) return result.stdout;
  if (/No space left on device/.test(result.stderr)) throw Object.assign(new Error(result.stderr.trim()), { code: 'ENOSPC' });
  throw new AppError('ToolFailed', `The file system of the guest could not be made: ${args[0] ?? ''} said: ${result.stderr.trim()}`);
}
