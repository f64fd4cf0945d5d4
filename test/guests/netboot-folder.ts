// Owns a folder that BIOS, UEFI and Secure Boot can all boot from over TFTP: pxelinux, Debian's signed shim and GRUB, the tiny guest.
// Must not serve it.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unpackedPackages } from './debian-packages.ts';
import { cachedFolder } from './guest-cache.ts';
import { tinyLinuxKernel, type TinyLinuxOptions } from './tiny-linux.ts';

const packages = ['pxelinux', 'syslinux-common', 'shim-signed', 'grub-efi-amd64-signed'];

export async function netbootFolder(options: TinyLinuxOptions): Promise<string> {
  const root = await unpackedPackages(packages);
  const { kernel, initrd, append } = await tinyLinuxKernel(options);
  const key = createHash('sha256')
    .update(root)
    .update(kernel)
    .update(append)
    .update(await readFile(import.meta.filename));
  return await cachedFolder(`netboot-${key.digest('hex').slice(0, 16)}`, async (folder) => {
    const copies = {
      'pxelinux.0': path.join(root, 'usr/lib/PXELINUX/pxelinux.0'),
      'ldlinux.c32': path.join(root, 'usr/lib/syslinux/modules/bios/ldlinux.c32'),
      'bootnetx64.efi': path.join(root, 'usr/lib/shim/shimx64.efi.signed'),
      'grubx64.efi': path.join(root, 'usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed'),
      vmlinuz: kernel,
      initrd,
    };
    for (const [name, from] of Object.entries(copies)) await copyFile(from, path.join(folder, name));
    await place(folder, 'pxelinux.cfg/default', `default tiny\nlabel tiny\n  kernel vmlinuz\n  append initrd=initrd ${append}\n`);
    await place(folder, 'grub/grub.cfg', `set timeout=0\nlinux /vmlinuz ${append}\ninitrd /initrd\nboot\n`);
    await place(folder, 'boot.ipxe', `#!ipxe\nkernel vmlinuz initrd=initrd ${append}\ninitrd initrd\nboot\n`);
  });
}

async function place(folder: string, name: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
  await writeFile(path.join(folder, name), text);
}
