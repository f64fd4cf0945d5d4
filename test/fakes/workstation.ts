// Owns a workstation that is not here: a screen on the processor's graphics, a graphics card to spare, a network card with virtual functions.
// Must not be a computer that is easy: each verdict is in it.
import type { DeviceTree } from './device-tree.ts';

const link = {
  current_link_speed: '8.0 GT/s PCIe',
  current_link_width: '16',
  max_link_speed: '8.0 GT/s PCIe',
  max_link_width: '16',
} as const;

export const workstation: DeviceTree = {
  pci: {
    '0000:00:00.0': { id: '8086:3e1f', class: '060000', group: 0 },
    '0000:00:01.0': { id: '8086:1901', class: '060400', group: 1, driver: 'pcieport', reset: 'pm' },
    '0000:00:02.0': { id: '8086:3e98', class: '030000', group: 2, driver: 'i915', reset: 'flr', bootVga: true, connector: 'DP-1' },
    '0000:00:14.0': { id: '8086:a36d', class: '0c0330', group: 3, driver: 'xhci_hcd', reset: 'pm' },
    '0000:00:1b.0': { id: '8086:a340', class: '060400', group: 4, driver: 'pcieport', reset: 'pm' },
    '0000:00:1c.0': { id: '8086:a338', class: '060400', group: 5, driver: 'pcieport', reset: 'pm' },
    '0000:00:1d.0': { id: '8086:a330', class: '060400', group: 6, driver: 'pcieport', reset: 'pm' },
    '0000:00:1f.0': { id: '8086:a305', class: '060100', group: 7 },
    '0000:00:1f.3': { id: '8086:a348', class: '040300', group: 7, driver: 'snd_hda_intel', reset: 'pm', sound: 'card0' },
    '0000:01:00.0': {
      id: '10de:1eb8',
      class: '030000',
      group: 1,
      driver: 'nouveau',
      bootVga: false,
      below: ['0000:00:01.0'],
      numaNode: 0,
      files: {
        ...link,
        'mdev_supported_types/nvidia-222/name': 'GRID T4-1B',
        'mdev_supported_types/nvidia-222/available_instances': '16',
        'mdev_supported_types/nvidia-222/description':
          'num_heads=4, frl_config=45, framebuffer=1024M, max_resolution=5120x2880, max_instance=16',
        'mdev_supported_types/nvidia-230/name': 'GRID T4-1Q',
        'mdev_supported_types/nvidia-230/available_instances': '16',
        'mdev_supported_types/nvidia-230/description':
          'num_heads=4, frl_config=60, framebuffer=1024M, max_resolution=5120x2880, max_instance=16',
        'mdev_supported_types/nvidia-231/name': 'GRID T4-2Q',
        'mdev_supported_types/nvidia-231/available_instances': '8',
        'mdev_supported_types/nvidia-231/description':
          'num_heads=4, frl_config=60, framebuffer=2048M, max_resolution=7680x4320, max_instance=8',
      },
    },
    '0000:01:00.1': { id: '10de:10f8', class: '040300', group: 1, driver: 'snd_hda_intel', below: ['0000:00:01.0'], sound: 'card1' },
    '0000:01:00.2': { id: '10de:1ad8', class: '0c0330', group: 1, driver: 'xhci_hcd', reset: 'pm', below: ['0000:00:01.0'] },
    '0000:03:00.0': {
      id: '144d:a80a',
      class: '010802',
      group: 10,
      driver: 'nvme',
      reset: 'flr bus',
      below: ['0000:00:1b.0'],
      disk: { name: 'nvme0n1', mountPoint: '/' },
    },
    '0000:04:00.0': {
      id: '8086:1572',
      class: '020000',
      group: 11,
      driver: 'i40e',
      reset: 'flr bus',
      below: ['0000:00:1c.0'],
      net: 'enp4s0',
      files: { sriov_numvfs: '2', sriov_totalvfs: '64' },
      vfs: ['0000:04:02.0', '0000:04:02.1'],
    },
    '0000:04:02.0': { id: '8086:154c', class: '020000', group: 12, reset: 'flr', below: ['0000:00:1c.0'] },
    '0000:04:02.1': { id: '8086:154c', class: '020000', group: 13, driver: 'vfio-pci', reset: 'flr', below: ['0000:00:1c.0'] },
    '0000:05:00.0': {
      id: '8086:15f3',
      class: '020000',
      group: 14,
      driver: 'igc',
      reset: 'flr bus',
      below: ['0000:00:1d.0'],
      net: 'enp5s0',
    },
  },
  usb: { '1-2': { id: '046d:c52b', controller: '0000:00:14.0', product: 'USB Receiver', driver: 'usbhid' } },
  route: 'enp5s0',
  units: ['dmar0', 'dmar1'],
  firmwareTable: 'DMAR',
  ecap: 'f050da',
  cmdline: 'BOOT_IMAGE=/vmlinuz-6.1.0 root=UUID=1 ro quiet intel_iommu=on',
};
