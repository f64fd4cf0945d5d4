// Owns the kernel, its modules and the initramfs of the lab: Debian's packages, unpacked and never installed.
// Must not know what runs in the lab.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCommand } from '../../electron/host/exec.ts';
import { cpioArchive, type CpioEntry } from '../guests/cpio.ts';
import { packagesUnreachable, unpackedPackages } from '../guests/debian-packages.ts';
import { cachedFolder } from '../guests/guest-cache.ts';
import { modulesInOrder } from '../guests/kernel-modules.ts';

export interface LabKernel {
  readonly kernel: string;
  readonly initramfs: string;
  /** Holds a folder named after the kernel's release; for `modprobe`. */
  readonly modules: string;
}

/** `backports` is Linux 6.12, which has a driver for virtio-iommu. */
export type LabKernelChoice = 'backports';

/** As little as reaches the root file system and the result channel. The IOMMU first: all that is behind it waits for its driver. */
const bootModules = ['virtio_iommu', 'virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_console', 'virtio-rng'];
const newerKernel = ['linux-image-amd64'];
const initScript = new URL('lab.init.sh', import.meta.url).pathname;

/** Why there is no newer kernel here; undefined when it can be had. */
export async function newerKernelUnreachable(): Promise<string | undefined> {
  return await packagesUnreachable(newerKernel, 'bookworm-backports');
}

export async function labKernel(choice?: LabKernelChoice): Promise<LabKernel> {
  const own = await unpackedPackages(['linux-image-amd64', 'busybox-static']);
  const root = choice === undefined ? own : await unpackedPackages(newerKernel, 'bookworm-backports');
  const modules = path.join(root, 'lib/modules');
  const [release = ''] = await readdir(modules);
  await indexModules(root, release);
  const key = createHash('sha256')
    .update(root)
    .update(bootModules.join(' '))
    .update(await readFile(initScript));
  const folder = await cachedFolder(`lab-${key.digest('hex').slice(0, 16)}`, async (draft) => {
    await writeFile(path.join(draft, 'initramfs'), await initramfs(root, await busyboxIn(own)));
  });
  return { kernel: path.join(root, `boot/vmlinuz-${release}`), initramfs: path.join(folder, 'initramfs'), modules };
}

/** The package has no modules.dep: its postinst would make it. Two at once write the same. */
async function indexModules(root: string, release: string): Promise<void> {
  if ((await stat(path.join(root, 'lib/modules', release, 'modules.dep.bin')).catch(() => undefined)) !== undefined) return;
  const made = await runCommand({ program: 'depmod', args: ['-b', root, release], timeoutMs: 60_000 });
  if (made.code !== 0) throw new Error(`depmod failed: ${made.stderr}`);
}

async function busyboxIn(root: string): Promise<string> {
  const found = await stat(path.join(root, 'bin/busybox')).catch(() => undefined);
  return path.join(root, found === undefined ? 'usr/bin/busybox' : 'bin/busybox');
}

async function initramfs(root: string, busybox: string): Promise<Uint8Array> {
  const modules = await modulesInOrder(root, bootModules);
  const entries: CpioEntry[] = [
    ...['bin', 'dev', 'modules', 'proc', 'sys'].map((name): CpioEntry => ({ path: name, type: 'directory' })),
    // The kernel opens it for init before devtmpfs is mounted.
    { path: 'dev/console', type: 'character', major: 5, minor: 1 },
    { path: 'bin/busybox', type: 'file', bytes: await readFile(busybox), executable: true },
    { path: 'init', type: 'file', bytes: await readFile(initScript), executable: true },
    ...modules.map(({ name, bytes }): CpioEntry => ({ path: `modules/${name}`, type: 'file', bytes })),
    { path: 'modules/order', type: 'file', bytes: Buffer.from(modules.map(({ name }) => `${name}\n`).join('')) },
  ];
  return gzipSync(cpioArchive(entries), { level: 1 });
}
