// Owns the fast guest of the tests: Debian's signed kernel, busybox, and a disk that BIOS, UEFI and Secure Boot all boot.
// Must not test anything.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { runCommand } from '../../electron/host/exec.ts';
import { writeBootDisk } from '../../electron/host/images/boot-disk.ts';
import { makeEfiPartition } from '../../electron/host/images/efi-partition.ts';
import { cpioArchive, type CpioEntry } from './cpio.ts';
import { unpackedPackages } from './debian-packages.ts';
import { agentCommands, agentFiles, agentPackages } from './guest-agent-files.ts';
import { cachedFolder, guestCache } from './guest-cache.ts';
import { modulesInOrder } from './kernel-modules.ts';

export interface TinyLinuxOptions {
  /** Shell lines run after the modules are loaded and before the shells start, e.g. `udhcpc -i eth0`. */
  readonly commands?: readonly string[];
  /** Added to the kernel's command line. */
  readonly kernelArguments?: string;
  /** Modules beside the usual ones. */
  readonly modules?: readonly string[];
  /** QEMU's guest agent runs. */
  readonly agent?: boolean;
  /** The part of the UEFI boot whose signature is taken off. */
  readonly unsigned?: 'loader' | 'grub' | 'kernel';
}

/** What the guest prints on ttyS0 and on its first screen when it is up, followed by `firmware=bios|uefi secureboot=yes|no`. */
export const tinyLinuxMarker = 'TINY-LINUX-UP';
/** Printed after the commands, when a shell reads from ttyS0 and from the screen's keyboard. */
export const tinyLinuxReady = 'TINY-LINUX-READY';

const packages = [
  'linux-image-amd64',
  'busybox-static',
  'grub-common',
  'grub-pc-bin',
  'grub-efi-amd64-signed',
  'shim-signed',
  // grub-mkimage is linked with it, and a small machine has none.
  'libdevmapper1.02.1',
];

const usualModules = [
  'virtio_pci virtio_blk virtio_scsi virtio_net virtio_console virtio_balloon virtio-rng virtio_input',
  'sd_mod sr_mod ahci nvme isofs vfat nls_cp437 nls_ascii ext4 efivarfs',
  'button evdev xhci-pci usbhid hid-generic usb-storage e1000 e1000e af_packet i6300esb iTCO_wdt pvpanic-pci pvpanic-mmio',
].flatMap((line) => line.split(' '));

/** Core modules of GRUB's BIOS image: enough to read grub.cfg and the kernel from a FAT partition. */
const grubModules = ['biosdisk', 'part_gpt', 'fat', 'normal', 'linux', 'configfile', 'echo', 'test'];
const efiBytes = 40 * 1024 * 1024;

/**
 * Path of a raw disk image, read-only to its users (give QEMU `snapshot=on` or clone it). Made in two seconds once the
 * packages are there, and kept. At login: a root shell on ttyS0 and on the screen; the power button ends the guest.
 */
export async function tinyLinuxDisk(options: TinyLinuxOptions = {}): Promise<string> {
  const root = await unpackedPackages(packagesFor(options));
  const recipe = [root, JSON.stringify(options), await readFile(import.meta.filename), await readFile(initScript)];
  const hash = createHash('sha256');
  for (const part of recipe) hash.update(part);
  const target = path.join(guestCache(), `tiny-linux-${hash.digest('hex').slice(0, 16)}.img`);
  if ((await stat(target).catch(() => undefined)) !== undefined) return target;
  await removeOldDisks();
  const work = await mkdtemp(path.join(guestCache(), 'tiny-'));
  try {
    await buildDisk(root, work, options);
    await rename(path.join(work, 'disk.img'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return target;
}

/** Every change of the recipe makes a new disk; those of yesterday are rubbish. */
async function removeOldDisks(): Promise<void> {
  for (const name of await readdir(guestCache())) {
    const file = path.join(guestCache(), name);
    if (!/^tiny-linux-.*\.img$/.test(name)) continue;
    if (Date.now() - (await stat(file)).mtimeMs > 24 * 60 * 60 * 1000) await rm(file, { force: true });
  }
}

/** Kernel and initramfs for `-kernel` and `-initrd`, and the command line that goes with them. */
export async function tinyLinuxKernel(options: TinyLinuxOptions = {}): Promise<{ kernel: string; initrd: string; append: string }> {
  const root = await unpackedPackages(packagesFor(options));
  const key = createHash('sha256')
    .update(JSON.stringify(options))
    .update(root)
    .update(await readFile(initScript));
  const folder = await cachedFolder(`tiny-kernel-${key.digest('hex').slice(0, 16)}`, async (draft) => {
    await copyFile(await kernelOf(root), path.join(draft, 'vmlinuz'));
    await writeFile(path.join(draft, 'initrd'), await initramfs(root, options));
  });
  return { kernel: path.join(folder, 'vmlinuz'), initrd: path.join(folder, 'initrd'), append: commandLine(options) };
}

function packagesFor({ agent = false }: TinyLinuxOptions): readonly string[] {
  return agent ? [...packages, ...agentPackages] : packages;
}

const initScript = new URL('tiny-linux.init.sh', import.meta.url).pathname;

function commandLine(options: TinyLinuxOptions): string {
  // panic=-1: a guest that cannot boot ends its test instead of waiting it out. net.ifnames=0 makes the first card eth0.
  return `console=tty0 console=ttyS0 quiet panic=-1 net.ifnames=0 ${options.kernelArguments ?? ''}`.trim();
}

async function buildDisk(root: string, work: string, options: TinyLinuxOptions): Promise<void> {
  const inWork = (name: string): string => path.join(work, name);
  await writeFile(inWork('initrd'), await initramfs(root, options));
  await writeFile(inWork('grub.cfg'), `set timeout=0\nlinux /vmlinuz ${commandLine(options)}\ninitrd /initrd\nboot\n`);
  const grub = path.join(root, 'usr/lib/grub');
  const part = async (name: NonNullable<TinyLinuxOptions['unsigned']>, file: string): Promise<string> =>
    options.unsigned === name ? await withoutSignature(file, inWork(name)) : file;
  await makeEfiPartition({
    path: inWork('esp'),
    sizeBytes: efiBytes,
    label: 'TINY',
    files: {
      'EFI/BOOT/BOOTX64.EFI': await part('loader', path.join(root, 'usr/lib/shim/shimx64.efi.signed')),
      'EFI/BOOT/grubx64.efi': await part('grub', path.join(grub, 'x86_64-efi-signed/grubx64.efi.signed')),
      // The folder is built into the signed GRUB; the BIOS image is told the same one.
      'EFI/debian/grub.cfg': inWork('grub.cfg'),
      vmlinuz: await part('kernel', await kernelOf(root)),
      initrd: inWork('initrd'),
    },
  });
  const made = await runCommand({
    program: path.join(root, 'usr/bin/grub-mkimage'),
    args: ['-d', path.join(grub, 'i386-pc'), '-O', 'i386-pc', '-p', '(,gpt2)/EFI/debian', '-o', inWork('core.img'), ...grubModules],
    timeoutMs: 60_000,
    env: { LD_LIBRARY_PATH: `${root}/lib/x86_64-linux-gnu:${root}/usr/lib/x86_64-linux-gnu` },
  });
  if (made.code !== 0) throw new Error(`grub-mkimage failed: ${made.stderr}`);
  await writeBootDisk({
    path: inWork('disk.img'),
    grub: { bootImage: path.join(grub, 'i386-pc/boot.img'), coreImage: inWork('core.img') },
    efiPartition: inWork('esp'),
  });
}

/** Whoever signed it: shim has two signatures, and sbattach takes off one at a time. */
async function withoutSignature(file: string, target: string): Promise<string> {
  await copyFile(file, target);
  for (;;) {
    const { stdout, stderr } = await runCommand({ program: 'sbverify', args: ['--list', target], timeoutMs: 60_000 });
    if (`${stdout}${stderr}`.includes('No signature table present')) return target;
    const removed = await runCommand({ program: 'sbattach', args: ['--remove', target], timeoutMs: 60_000 });
    if (removed.code !== 0) throw new Error(`sbattach failed: ${removed.stderr}`);
  }
}

async function kernelOf(root: string): Promise<string> {
  const boot = path.join(root, 'boot');
  const name = (await readdir(boot)).find((file) => file.startsWith('vmlinuz-'));
  if (name === undefined) throw new Error(`${boot} has no kernel`);
  return path.join(boot, name);
}

async function initramfs(root: string, options: TinyLinuxOptions): Promise<Uint8Array> {
  const modules = await modulesInOrder(root, [...usualModules, ...(options.modules ?? [])]);
  const busybox = (await stat(path.join(root, 'bin/busybox')).catch(() => undefined)) ? 'bin/busybox' : 'usr/bin/busybox';
  const commands = [...(options.agent === true ? agentCommands : []), ...(options.commands ?? [])];
  const entries: CpioEntry[] = [
    ...['bin', 'dev', 'etc', 'mnt', 'modules', 'proc', 'sys', 'tmp'].map((name): CpioEntry => ({ path: name, type: 'directory' })),
    // The kernel opens it for init before devtmpfs is mounted.
    { path: 'dev/console', type: 'character', major: 5, minor: 1 },
    { path: 'bin/busybox', type: 'file', bytes: await readFile(path.join(root, busybox)), executable: true },
    { path: 'init', type: 'file', bytes: await readFile(initScript), executable: true },
    ...(commands.length === 0 ? [] : [{ path: 'commands', type: 'file', bytes: Buffer.from(`${commands.join('\n')}\n`) } as const]),
    ...(options.agent === true ? await agentFiles(root) : []),
    ...modules.map(({ name, bytes }): CpioEntry => ({ path: `modules/${name}`, type: 'file', bytes })),
    { path: 'modules/order', type: 'file', bytes: Buffer.from(modules.map(({ name }) => `${name}\n`).join('')) },
  ];
  return zstdCompressSync(cpioArchive(entries));
}

/** A private copy that the guest may write to. */
export async function tinyLinuxCopy(folder: string, options: TinyLinuxOptions = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  const copy = path.join(folder, 'tiny-linux.img');
  await copyFile(await tinyLinuxDisk(options), copy);
  return copy;
}
