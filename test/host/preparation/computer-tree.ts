// Owns computers of several distributions as folders: the files by which one finds how they start.
// Must not hold more of them than that.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type ComputerTree = Readonly<Record<string, string>>;

const intel: ComputerTree = {
  'proc/cpuinfo': 'processor\t: 0\nvendor_id\t: GenuineIntel\n',
  'proc/meminfo': 'MemTotal:       32768000 kB\n',
  'proc/sys/kernel/hostname': 'tower\n',
  'proc/sys/kernel/osrelease': '6.1.0-1-amd64\n',
  'etc/group': 'root:x:0:\nkvm:x:106:ada,bob\nada:x:1000:\n',
};

/** systemd-boot's LoaderInfo: four bytes of attributes, then UTF-16. */
const loaderInfo = 'sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';
function loaderNamed(name: string): string {
  return `\u0006\0\0\0${name.replaceAll(/./g, '$&\0')}`;
}

const grubScript = '#!/bin/sh\nif test -f ${sysconfdir}/default/grub ; then\n  . ${sysconfdir}/default/grub\nfi\n';
const debianGrubScript = `${grubScript}for x in \${sysconfdir}/default/grub.d/*.cfg ; do\n  . "$x"\ndone\n`;

const debian: ComputerTree = {
  ...intel,
  'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
  'proc/cmdline': 'BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID=1 ro quiet\n',
  'etc/default/grub': 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
  'usr/sbin/update-grub': '#!/bin/sh\nexec grub-mkconfig -o /boot/grub/grub.cfg "$@"\n',
  'usr/sbin/grub-mkconfig': debianGrubScript,
  'usr/sbin/update-initramfs': '#!/bin/sh\n',
  'etc/initramfs-tools/modules': '# one a line\n',
};

const archEntry = 'title Arch Linux\nlinux /vmlinuz-linux\noptions root=PARTUUID=2 rw\n';

export const computerTrees = {
  debian,
  'debian, prepared': {
    ...debian,
    'proc/cmdline': 'BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID=1 ro quiet intel_iommu=on\n',
    'sys/kernel/iommu_groups/0/type': 'DMA\n',
    'etc/modprobe.d/vfio.conf': 'options vfio-pci ids=10de:1eb8\n',
    'etc/modprobe.d/mine.conf': '# options vfio-pci\noptions vfio-pci ids=1002:73ff\n',
    'lib/modules/6.1.0-1-amd64/modules.builtin': 'kernel/drivers/vfio/pci/vfio-pci.ko\n',
  },
  fedora: {
    ...intel,
    'etc/os-release': 'PRETTY_NAME="Fedora Linux 41 (Workstation Edition)"\n',
    'proc/cmdline': 'BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.11 root=UUID=1 ro rhgb quiet\n',
    'etc/default/grub': 'GRUB_ENABLE_BLSCFG=true\n',
    'usr/sbin/grub2-mkconfig': grubScript,
    'usr/sbin/grubby': '#!/bin/sh\n',
    'usr/bin/dracut': '#!/bin/sh\n',
    'usr/bin/kernel-install': '#!/bin/sh\n',
    'boot/loader/entries/abc-6.11.conf': 'linux /vmlinuz\n',
  },
  silverblue: {
    ...intel,
    'etc/os-release': 'PRETTY_NAME="Fedora Linux 41 (Silverblue)"\n',
    'proc/cmdline': 'BOOT_IMAGE=/ostree/x root=UUID=1\n',
    'run/ostree-booted': '',
    'usr/bin/rpm-ostree': '',
    'usr/bin/dracut': '',
    'etc/default/grub': '',
    'usr/sbin/grubby': '',
  },
  opensuse: {
    ...intel,
    'etc/os-release': 'PRETTY_NAME="openSUSE Tumbleweed"\n',
    'proc/cmdline': 'BOOT_IMAGE=/boot/vmlinuz root=UUID=1\n',
    'etc/default/grub': 'GRUB_CMDLINE_LINUX=""\n',
    'usr/sbin/grub2-mkconfig': grubScript,
    'usr/bin/dracut': '',
  },
  arch: {
    ...intel,
    'etc/os-release': 'PRETTY_NAME="Arch Linux"\n',
    'proc/cmdline': 'initrd=\\initramfs-linux.img root=PARTUUID=2 rw\n',
    'etc/machine-id': '0123456789abcdef\n',
    'usr/bin/kernel-install': '#!/bin/sh\n',
    'usr/bin/mkinitcpio': '',
    'etc/mkinitcpio.conf': '',
    [loaderInfo]: loaderNamed('systemd-boot 256.8-1-arch'),
    'boot/loader/entries/arch.conf': archEntry,
    'boot/loader/entries/readme.txt': 'not an entry\n',
    // Left over from GRUB: the one that started this computer counts.
    'etc/default/grub': 'GRUB_CMDLINE_LINUX=""\n',
    'usr/bin/grub-mkconfig': grubScript,
  },
  'debian, systemd-boot': {
    ...intel,
    'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n',
    'proc/cmdline': 'root=UUID=1 ro quiet\n',
    'etc/kernel/cmdline': 'root=UUID=1 ro quiet\n',
    'usr/bin/kernel-install': '',
    'usr/sbin/update-initramfs': '',
    'etc/initramfs-tools/modules': '',
    [loaderInfo]: loaderNamed('systemd-boot 257.5-2'),
  },
  proxmox: {
    ...debian,
    'etc/kernel/proxmox-boot-uuids': 'ABCD-1234\n',
    'etc/kernel/cmdline': 'root=ZFS=rpool/ROOT/pve-1 boot=zfs\n',
  },
  bare: { ...intel, 'proc/cmdline': 'console=ttyS0\n' },
} as const satisfies Readonly<Record<string, ComputerTree>>;

export function writeComputer(root: string, tree: ComputerTree): void {
  for (const [file, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}
