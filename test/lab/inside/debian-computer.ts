// Owns making the outer machine start as Debian does: files of its boot loader, and programs that note what they were called with.
// Must not install anything; its root is an overlay in memory.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';

export const debianFiles = {
  '/etc/default/grub': 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
  '/etc/initramfs-tools/modules': '# one a line\n',
};
/** They say what they were called with, and wait while somebody wants them to. */
const program = '#!/bin/sh\n# default/grub.d\necho "${0##*/} $*" >> /root/ran\nwhile [ -e /run/hang ]; do sleep 0.2; done\nexit 0\n';
const programs = ['/usr/sbin/update-grub', '/usr/sbin/grub-mkconfig', '/usr/sbin/update-initramfs'];
export function becomeDebian(): void {
  for (const folder of ['/etc/default/grub.d', '/etc/initramfs-tools', '/etc/modprobe.d', '/etc/modules-load.d', '/etc/udev/rules.d']) {
    mkdirSync(folder, { recursive: true });
  }
  for (const [file, text] of Object.entries(debianFiles)) writeFileSync(file, text);
  for (const file of programs) {
    writeFileSync(file, program);
    chmodSync(file, 0o755);
  }
  // What this computer did before is not the outer machine's.
  rmSync('/var/lib/virtdeck-helper', { recursive: true, force: true });
}
