// Owns a computer that starts with GRUB and was never prepared for passthrough.
// Must not be any real one.
import type { PreparationFacts } from '../../electron/core/preparation/preparation-facts.ts';

export const plainPreparation: PreparationFacts = {
  system: 'Debian GNU/Linux 12 (bookworm)',
  hostname: 'tower',
  cpuVendor: 'intel',
  cmdline: 'BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID=1 ro quiet',
  iommuInUse: false,
  bootLoader: { type: 'grub', generator: 'update-grub', dropIns: true },
  initramfs: 'update-initramfs',
  vfioPciBuiltIn: false,
  files: {
    'grub-default': 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
    'initramfs-modules': '# List of modules that you want to include in your initramfs.\n',
  },
  unreadable: [],
  otherVfioOptions: [],
  user: { name: 'ada', isRoot: false, group: 'kvm' },
  memoryMiB: 32_000,
};
