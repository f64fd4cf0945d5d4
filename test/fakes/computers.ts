// Owns computers that are not here, each hard in its own way to pass a device through on.
// Must not repeat the workstation, which has every verdict but one.
import type { DeviceTree, TreeDevice } from './device-tree.ts';
import { workstation } from './workstation.ts';

const port: TreeDevice = { id: '8086:1901', class: '060400', driver: 'pcieport', reset: 'pm' };
const below = ['0000:00:01.0'];
const radeon: TreeDevice = { id: '1002:73ff', class: '030000', driver: 'amdgpu', reset: 'bus', below };
const sound: TreeDevice = { id: '1002:ab28', class: '040300', driver: 'snd_hda_intel', below };
const usbC: TreeDevice = { id: '10de:1ad8', class: '0c0330', driver: 'xhci_hcd', reset: 'pm', below };
const disk: TreeDevice = {
  id: '144d:a80a',
  class: '010802',
  driver: 'nvme',
  reset: 'flr bus',
  below: ['0000:00:1b.0'],
  disk: { name: 'nvme0n1', mountPoint: '/' },
};
const diskPort: TreeDevice = { id: '8086:a340', class: '060400', driver: 'pcieport', reset: 'pm' };
const intelOn = { firmwareTable: 'DMAR', units: ['dmar0'], ecap: 'f050da', cmdline: 'ro quiet intel_iommu=on' } as const;

export const computers = {
  workstation,
  /** The kernel was told to split groups; the card's functions lie apart, and move together all the same. */
  'split card': {
    ...intelOn,
    cmdline: 'ro quiet intel_iommu=on pcie_acs_override=downstream,multifunction',
    pci: {
      '0000:00:01.0': { ...port, group: 1 },
      '0000:00:02.0': { id: '8086:3e98', class: '030000', group: 2, driver: 'i915', reset: 'flr', bootVga: true, connector: 'DP-1' },
      '0000:01:00.0': { ...radeon, group: 20 },
      '0000:01:00.1': { ...sound, group: 21, sound: 'card1' },
      '0000:01:00.2': { ...usbC, group: 22 },
    },
  },
  /** Giving it away leaves this computer in the dark. */
  'only card': {
    ...intelOn,
    pci: {
      '0000:00:01.0': { ...port, group: 1 },
      '0000:00:1b.0': { ...diskPort, group: 2 },
      '0000:01:00.0': { ...radeon, group: 3, bootVga: true, connector: 'HDMI-A-1' },
      '0000:01:00.1': { ...sound, group: 4, sound: 'card0' },
      '0000:03:00.0': { ...disk, group: 5 },
    },
  },
  /** One switch for everything: the spare card shares its group with the disk and the way to the network. */
  'one group': {
    ...intelOn,
    pci: {
      '0000:00:01.0': { ...port, group: 1 },
      '0000:00:02.0': { id: '8086:3e98', class: '030000', group: 2, driver: 'i915', reset: 'flr', bootVga: true, connector: 'DP-1' },
      '0000:00:1b.0': { ...diskPort, group: 1 },
      '0000:01:00.0': { ...radeon, group: 1 },
      '0000:01:00.1': { ...sound, group: 1 },
      '0000:03:00.0': { ...disk, group: 1 },
      '0000:05:00.0': { id: '8086:15f3', class: '020000', group: 1, driver: 'igc', reset: 'flr', below: ['0000:00:1b.0'], net: 'enp5s0' },
    },
    route: 'enp5s0',
  },
  'no IOMMU': {
    pci: {
      '0000:00:01.0': port,
      '0000:00:1b.0': diskPort,
      '0000:01:00.0': radeon,
      '0000:01:00.1': sound,
      '0000:03:00.0': disk,
    },
  },
  /** There is one, and Intel's wants to be told. */
  'IOMMU off': {
    firmwareTable: 'DMAR',
    pci: { '0000:00:01.0': port, '0000:00:1b.0': diskPort, '0000:01:00.0': radeon, '0000:01:00.1': sound, '0000:03:00.0': disk },
  },
  'no interrupt remapping': {
    ...intelOn,
    ecap: 'f00f42',
    pci: {
      '0000:00:01.0': { ...port, group: 1 },
      '0000:01:00.0': { ...radeon, group: 2 },
      '0000:01:00.1': { ...sound, group: 2 },
      // A function of the chipset that knows no reset.
      '0000:00:10.0': { id: '1234:11e8', class: '00ff00', group: 6 },
    },
  },
} as const satisfies Readonly<Record<string, DeviceTree>>;

export type ComputerName = keyof typeof computers;
