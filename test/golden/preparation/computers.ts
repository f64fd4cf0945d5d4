// Owns computers of several distributions, as far as their preparation is concerned, and what is wanted of each.
// Must not hold what comes of it; plans/ does.
import { noRecord, type PreparationFacts, type PreparationWishes } from '../../../electron/core/preparation/preparation-facts.ts';

export interface PreparationCase {
  readonly facts: PreparationFacts;
  readonly wishes: PreparationWishes;
}

const user = { name: 'ada', isRoot: false, group: 'kvm' } as const;

const computer: PreparationFacts = {
  system: 'Debian GNU/Linux 12 (bookworm)',
  hostname: 'tower',
  cpuVendor: 'intel',
  cmdline: 'BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID=1 ro quiet',
  iommuInUse: false,
  bootLoader: { type: 'grub', generator: 'update-grub', dropIns: true },
  initramfs: 'update-initramfs',
  vfioPciBuiltIn: false,
  files: {},
  unreadable: [],
  untouchable: {},
  otherVfioOptions: [],
  user,
  memoryMiB: 32_000,
  record: noRecord,
};

const card: PreparationWishes = {
  devices: [
    { address: '0000:01:00.0', id: '10de:1eb8', drivers: ['nouveau'], hasTwin: false },
    { address: '0000:01:00.1', id: '10de:10f8', drivers: ['snd_hda_intel'], hasTwin: false },
  ],
  kernelArguments: [],
  files: {},
  wantsIommu: true,
};

const grubDefault = [
  'GRUB_DEFAULT=0',
  'GRUB_TIMEOUT=5',
  'GRUB_CMDLINE_LINUX_DEFAULT="quiet"',
  '# GRUB_CMDLINE_LINUX="intel_iommu=on"',
  'GRUB_CMDLINE_LINUX=""',
  '',
].join('\n');

const initramfsModules = '# List of modules that you want to include in your initramfs.\n';

const archEntry = 'title Arch Linux\nlinux /vmlinuz-linux\ninitrd /initramfs-linux.img\noptions root=PARTUUID=2 rw\n';

export const preparationCases: Readonly<Record<string, PreparationCase>> = {
  debian: { facts: { ...computer, files: { 'grub-default': grubDefault, 'initramfs-modules': initramfsModules } }, wishes: card },
  // Ubuntu builds vfio-pci into its kernel.
  ubuntu: {
    facts: {
      ...computer,
      system: 'Ubuntu 24.04.1 LTS',
      vfioPciBuiltIn: true,
      files: { 'grub-default': grubDefault, 'initramfs-modules': initramfsModules },
    },
    wishes: card,
  },
  fedora: {
    facts: { ...computer, system: 'Fedora Linux 41 (Workstation Edition)', bootLoader: { type: 'grubby' }, initramfs: 'dracut' },
    wishes: card,
  },
  'arch-systemd-boot': {
    facts: {
      ...computer,
      system: 'Arch Linux',
      cmdline: 'initrd=\\initramfs-linux.img root=PARTUUID=2 rw',
      bootLoader: {
        type: 'systemd-boot',
        folder: 'loader-entry-boot',
        entries: [
          { name: 'arch.conf', text: archEntry },
          { name: 'memtest.conf', text: 'title Memtest86+\nefi /EFI/memtest86/memtest.efi\n' },
        ],
      },
      initramfs: 'mkinitcpio',
    },
    wishes: card,
  },
  silverblue: {
    facts: { ...computer, system: 'Fedora Linux 41 (Silverblue)', bootLoader: { type: 'rpm-ostree' }, initramfs: 'dracut' },
    wishes: card,
  },
  'debian-kernel-install': {
    facts: { ...computer, bootLoader: { type: 'kernel-install' }, files: { 'initramfs-modules': initramfsModules } },
    wishes: card,
  },
  'grub-without-drop-ins': {
    facts: {
      ...computer,
      system: 'openSUSE Tumbleweed',
      bootLoader: { type: 'grub', generator: 'grub2-mkconfig', dropIns: false },
      initramfs: 'dracut',
      files: { 'grub-default': grubDefault },
    },
    wishes: card,
  },
  // Nothing but the binding: AMD's IOMMU is on, root needs no access, and what is in vfio.conf already stays.
  'amd-root-with-a-twin': {
    facts: {
      ...computer,
      cpuVendor: 'amd',
      iommuInUse: true,
      user: { name: 'root', isRoot: true, group: 'root' },
      files: { 'initramfs-modules': initramfsModules, 'modprobe-vfio': '# mine\noptions vfio-pci ids=8086:1572 disable_vga=1\n' },
      otherVfioOptions: ['/etc/modprobe.d/gpu.conf'],
    },
    wishes: {
      ...card,
      devices: [
        { address: '0000:0a:00.0', id: '1002:73ff', drivers: ['amdgpu'], hasTwin: true },
        { address: '0000:0a:00.1', id: '1002:ab28', drivers: ['snd_hda_intel'], hasTwin: false },
      ],
    },
  },
  // 8.14.11.1 as printed: two MachineConfigs, and no device picked in the window.
  'the-chapter': {
    facts: { ...computer, files: { 'grub-default': grubDefault, 'initramfs-modules': initramfsModules } },
    wishes: {
      devices: [],
      kernelArguments: ['intel_iommu=on'],
      files: { 'modprobe-vfio': 'options vfio-pci ids=10de:1eb8\n', 'modules-load-vfio': 'vfio-pci\n' },
      wantsIommu: true,
    },
  },
  // Typed in the boot menu: it works, and is forgotten at the next start.
  'told-by-hand': {
    facts: {
      ...computer,
      cmdline: `${computer.cmdline} intel_iommu=on`,
      iommuInUse: true,
      files: { 'grub-default': grubDefault, 'initramfs-modules': initramfsModules },
    },
    wishes: card,
  },
  // It comes last, and nothing that is added in front of it helps.
  'told-off': {
    facts: {
      ...computer,
      cmdline: `${computer.cmdline} intel_iommu=off`,
      files: {
        'grub-default': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=off"\nGRUB_CMDLINE_LINUX=""\n',
        'initramfs-modules': initramfsModules,
      },
    },
    wishes: card,
  },
  // Another file has it, or it was taken out and the computer not started since.
  'told-off-elsewhere': {
    facts: {
      ...computer,
      cmdline: `${computer.cmdline} iommu=off`,
      files: { 'grub-default': grubDefault, 'initramfs-modules': initramfsModules },
    },
    wishes: card,
  },
  'no-boot-loader': { facts: { ...computer, bootLoader: { type: 'unknown' }, initramfs: 'none' }, wishes: card },
  'grub-that-is-a-program': {
    facts: {
      ...computer,
      bootLoader: { type: 'grub', generator: 'grub-mkconfig', dropIns: false },
      files: { 'grub-default': 'GRUB_CMDLINE_LINUX="$(cat /etc/words)"\n' },
    },
    wishes: card,
  },
  // The driver reads the last of its ids alone: what is named already is named again. And what an earlier preparation asked for stays.
  'ubuntu-with-ids': {
    facts: {
      ...computer,
      system: 'Ubuntu 24.04.1 LTS',
      vfioPciBuiltIn: true,
      cmdline: 'BOOT_IMAGE=/vmlinuz-6.8.0 root=UUID=1 ro vfio-pci.ids=8086:1572 quiet',
      files: {
        'grub-default': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="vfio-pci.ids=8086:1572"\n',
        'grub-drop-in':
          '# Written by Virtdeck.\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX intel_iommu=on vfio-pci.ids=8086:1572,8086:154c"\n',
        'initramfs-modules': initramfsModules,
      },
    },
    wishes: card,
  },
  'ubuntu-with-ids-that-come-last': {
    facts: {
      ...computer,
      vfioPciBuiltIn: true,
      files: { 'grub-default': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet vfio-pci.ids=8086:1572"\nGRUB_CMDLINE_LINUX=""\n' },
    },
    wishes: card,
  },
  'silverblue-with-ids': {
    facts: {
      ...computer,
      system: 'Fedora Linux 41 (Silverblue)',
      cmdline: 'root=UUID=1 rw intel_iommu=on vfio-pci.ids=10de:1eb8 rd.driver.pre=vfio-pci',
      iommuInUse: true,
      bootLoader: { type: 'rpm-ostree' },
      initramfs: 'dracut',
    },
    wishes: card,
  },
  // grubby writes a new value over the old one: that is taken away first, so that the record has it.
  'fedora-with-ids': {
    facts: {
      ...computer,
      system: 'Fedora Linux 41 (Workstation Edition)',
      cmdline: 'BOOT_IMAGE=/vmlinuz-6.11 root=UUID=1 ro vfio-pci.ids=8086:1572 rhgb quiet',
      vfioPciBuiltIn: true,
      bootLoader: { type: 'grubby' },
      initramfs: 'dracut',
    },
    wishes: card,
  },
  // A MachineConfig may bring any line; the privileged program writes those alone that hand devices over.
  'a-file-that-says-more': {
    facts: {
      ...computer,
      cpuVendor: 'amd',
      iommuInUse: true,
      bootLoader: { type: 'grub', generator: 'update-grub', dropIns: true },
      files: { 'grub-default': grubDefault, 'initramfs-modules': initramfsModules },
    },
    wishes: {
      devices: [],
      kernelArguments: [],
      files: { 'modprobe-vfio': 'options vfio-pci ids=10de:1eb8\ninstall nvidia /bin/true\n', 'modules-load-vfio': 'vfio-pci\n' },
      wantsIommu: true,
    },
  },
  // Where /etc is made of links, and a line that is written in a way of its own.
  'files-that-are-links': {
    facts: {
      ...computer,
      cpuVendor: 'amd',
      iommuInUse: true,
      bootLoader: { type: 'unknown' },
      initramfs: 'none',
      untouchable: { '/etc/modules-load.d/vfio-pci.conf': 'link' },
      files: { 'modprobe-vfio': 'options  vfio-pci  ids=8086:1572\n' },
    },
    wishes: card,
  },
};
