// Owns what a Debian guest is made of: packages, settings, and the text of every file that we put into it. Pure data.
// Must not build it; debian-tree.ts does.

/** Debian's kernel for everything, so that watchdogs, SATA, sound and passed-through cards find their drivers. */
const kernel = 'linux-image-amd64';

const packages = [
  'initramfs-tools',
  'zstd',
  'systemd-sysv',
  'udev',
  'dbus',
  'libpam-systemd',
  'systemd-resolved',
  'systemd-timesyncd',
  'cloud-init',
  'cloud-guest-utils',
  'fdisk',
  'netplan.io',
  'openssh-server',
  'qemu-guest-agent',
  'sudo',
  'ca-certificates',
  'iproute2',
  'iputils-ping',
  'procps',
  'less',
  'nano',
  // Keeps GRUB for BIOS and for UEFI up to date together, as Debian's own cloud images do.
  'grub-cloud-amd64',
  'shim-signed',
];

/** A kernel that the user names replaces ours. */
export function packagesOf(wanted: readonly string[]): string[] {
  const kernels = wanted.some((name) => name.startsWith('linux-image-')) ? [] : [kernel];
  return [...new Set([...kernels, ...packages, ...wanted])].toSorted();
}

/** Debian's rule for package names (policy §5.6.7), with an optional architecture: a name becomes an argument of apt. */
export const packagePattern = /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9]+)?$/;
/** `bookworm`, `bookworm-backports`; it becomes an argument and part of a URL. */
export const suitePattern = /^[a-z][a-z0-9-]*$/;

/** There before the packages are installed. */
export const earlyFiles: Readonly<Record<string, string>> = {
  // A small initramfs with every disk that QEMU has. "most" would be 30 MB of drivers for real hardware, "dep" looks at the builder.
  'etc/initramfs-tools/conf.d/virtdeck': 'MODULES=list\nCOMPRESS=zstd\n',
  'usr/share/initramfs-tools/modules.d/virtdeck':
    'virtio_pci virtio_blk virtio_scsi virtio_console sd_mod sr_mod ahci ata_piix nvme xhci_pci usb_storage uas ext4 vfat button'
      .split(' ')
      .map((name) => `${name}\n`)
      .join(''),
};

const consoles = 'console=tty0 console=ttyS0,115200';

/** There when the packages are installed. `rootUuid` is the file system's. */
export function lateFiles(rootUuid: string): Readonly<Record<string, string>> {
  return {
    'etc/fstab': [
      `UUID=${rootUuid} / ext4 defaults,discard,errors=remount-ro 0 1`,
      // Mounted when somebody looks: a boot needs it only when GRUB is updated.
      'PARTLABEL=ESP /boot/efi vfat umask=0077,noauto,x-systemd.automount 0 0',
      '',
    ].join('\n'),
    // The builder's own would be there otherwise.
    'etc/hostname': 'debian\n',
    'etc/hosts': '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n',
    // Empty: the first boot makes one. Two machines with the same id would get the same address by DHCP.
    'etc/machine-id': '',
    'etc/cloud/cloud.cfg.d/90_virtdeck.cfg': [
      // The seeds that this program makes. Asking for the metadata servers of clouds would cost minutes.
      'datasource_list: [ NoCloud, ConfigDrive, None ]',
      // The mirror that the guest was built from.
      'apt: { preserve_sources_list: true }',
      // Nothing to generate: every Debian has it.
      'locale: C.UTF-8',
      // An RSA key takes half a minute to find where there is no hardware acceleration, and nobody needs one any more.
      'ssh_genkeytypes: [ ed25519, ecdsa ]',
      'ssh: { emit_keys_to_console: false }',
      // grub-cloud-amd64 knows better which disk the boot loader is on.
      'grub_dpkg: { enabled: false }',
      '',
    ].join('\n'),
    'etc/default/locale': 'LANG=C.UTF-8\n',
    'etc/default/grub.d/20_virtdeck.cfg': [
      'GRUB_TIMEOUT=1',
      'GRUB_CMDLINE_LINUX_DEFAULT="quiet"',
      `GRUB_CMDLINE_LINUX="${consoles}"`,
      'GRUB_TERMINAL="console serial"',
      'GRUB_SERIAL_COMMAND="serial --speed=115200"',
      'GRUB_DISABLE_OS_PROBER=true',
      '',
    ].join('\n'),
    'boot/grub/grub.cfg': bootMenu(rootUuid),
  };
}

/** The menu of the first boots; update-grub replaces it when the next kernel comes. */
function bootMenu(rootUuid: string): string {
  return [
    'serial --speed=115200',
    'terminal_input console serial',
    'terminal_output console serial',
    'set timeout=1',
    `search --no-floppy --fs-uuid --set=root ${rootUuid}`,
    "menuentry 'Debian GNU/Linux' {",
    // The links that Debian keeps to the newest kernel.
    `  linux /vmlinuz root=UUID=${rootUuid} ro ${consoles} quiet`,
    '  initrd /initrd.img',
    '}',
    '',
  ].join('\n');
}

/** What GRUB on the EFI partition reads: it finds the root and goes on there. */
export function efiMenu(rootUuid: string): string {
  return [`search.fs_uuid ${rootUuid} root`, "set prefix=($root)'/boot/grub'", 'configfile $prefix/grub.cfg', ''].join('\n');
}

/** What the disk is put together from, copied out of the guest's tree. */
export const bootPieces = {
  bootImage: '/usr/lib/grub/i386-pc/boot.img',
  coreImage: '/boot/grub/i386-pc/core.img',
  shim: '/usr/lib/shim/shimx64.efi.signed',
  mokManager: '/usr/lib/shim/mmx64.efi.signed',
  grubEfi: '/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed',
} as const;
