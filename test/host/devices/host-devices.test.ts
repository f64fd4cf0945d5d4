// Owns the proof that PCI and USB devices are read as the kernel writes them: from a dump of a real tree, and from trees made by hand.
// Must not look at the computer that runs the test.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { GroupVerdict, HostDeviceFacts } from '../../../electron/api/host-devices.ts';
import { deviceGroups, groupOf } from '../../../electron/core/devices/groups.ts';
import { readiness } from '../../../electron/core/devices/readiness.ts';
import { createHostDevices } from '../../../electron/host/devices/host-devices.ts';
import { workstation } from '../../fakes/workstation.ts';
import { type DeviceTree, writeDeviceTree, writeDump } from '../../fakes/device-tree.ts';
import { tempDir } from '../temp-dir.ts';

const dump = new URL('../../../../shared/lab/vfio/sysfs-l1-q35-2node-vtd.txt', import.meta.url);

async function factsOf(tree: DeviceTree): Promise<HostDeviceFacts> {
  const root = tempDir();
  writeDeviceTree(root, tree);
  return createHostDevices(root).facts();
}

function kinds(facts: HostDeviceFacts): Readonly<Record<string, GroupVerdict['kind']>> {
  return Object.fromEntries(deviceGroups(facts).map(({ id, verdict }) => [id, verdict.kind]));
}

function states(facts: HostDeviceFacts): Readonly<Record<string, string>> {
  return Object.fromEntries(readiness(facts).map(({ id, state }) => [id, state]));
}

describe.skipIf(!existsSync(dump))('a dump of a computer with VT-d and two memory nodes (skipped where there is no dump)', () => {
  test('its devices, groups and verdicts', async () => {
    const root = tempDir();
    writeDump(root, readFileSync(dump, 'utf8'));
    const facts = await createHostDevices(root).facts();
    expect(facts.pci.length).toBe(29);
    expect(new Set(facts.pci.map(({ iommuGroup }) => iommuGroup)).size).toBe(24);
    const at = (address: string): HostDeviceFacts['pci'][number] => facts.pci.find((one) => one.address === address)!;
    expect(at('0000:01:00.0')).toMatchObject({
      vendorId: '8086',
      deviceId: '10d3',
      driver: 'e1000e',
      resetMethods: ['pm', 'bus'],
      parents: ['0000:00:08.0'],
    });
    expect(at('0000:00:02.0')).toMatchObject({ bootVga: true, hostUses: [{ kind: 'screen', detail: 'boot_vga' }] });
    expect(facts.pci.filter(({ numaNode }) => numaNode === 1)).not.toEqual([]);
    expect(facts.pci.filter(({ physfn }) => physfn !== undefined).length).toBe(1);
    const groups = deviceGroups(facts);
    const verdictOf = (address: string): GroupVerdict | undefined => groupOf(groups, address)?.verdict;
    expect(verdictOf('0000:01:00.0')).toEqual({ kind: 'safe' });
    expect(verdictOf('0000:02:00.0')).toEqual({ kind: 'takesOthers', others: ['0000:02:00.1'] });
    expect(verdictOf('0000:00:02.0')).toMatchObject({ kind: 'wouldTakeHost' });
    expect(verdictOf('0000:07:01.0')).toEqual({ kind: 'takesOthers', others: ['0000:07:02.0'] });
    expect(verdictOf('0000:00:10.0')).toMatchObject({ kind: 'cannotBeReset' });
    expect(states(facts)).toEqual({ firmware: 'ok', iommu: 'ok', interruptRemapping: 'ok', isolation: 'ok', kernel: 'ok' });
  });
});

describe('trees made by hand', () => {
  test('a workstation: names, candidates, links, virtual functions and what the computer uses', async () => {
    const facts = await factsOf(workstation);
    const at = (address: string): HostDeviceFacts['pci'][number] => facts.pci.find((one) => one.address === address)!;
    expect(at('0000:01:00.0')).toMatchObject({
      names: { vendor: 'NVIDIA Corporation', device: 'TU104GL [Tesla T4]', class: 'VGA compatible controller' },
      driver: 'nouveau',
      candidateDrivers: ['nouveau'],
      link: { currentSpeed: '8.0 GT/s PCIe', currentWidth: 16, maxSpeed: '8.0 GT/s PCIe', maxWidth: 16 },
    });
    expect(facts.mdevParents?.map(({ name, numaNode, types }) => [name, numaNode, types[0]])).toEqual([
      [
        '0000:01:00.0',
        0,
        {
          id: 'nvidia-222',
          name: 'GRID T4-1B',
          description: 'num_heads=4, frl_config=45, framebuffer=1024M, max_resolution=5120x2880, max_instance=16',
          availableInstances: 16,
        },
      ],
    ]);
    expect(at('0000:04:00.0').sriov).toEqual({
      numvfs: 2,
      totalvfs: 64,
      vfs: ['0000:04:02.0', '0000:04:02.1'],
      network: { name: 'enp4s0', up: false, functions: {} },
    });
    expect(at('0000:04:02.0').physfn).toBe('0000:04:00.0');
    expect(facts.pci.flatMap(({ address, hostUses }) => hostUses.map((use) => `${address} ${use.kind} ${use.detail}`))).toEqual([
      '0000:00:02.0 screen DP-1',
      '0000:00:02.0 screen boot_vga',
      '0000:00:1f.3 audio card0',
      '0000:01:00.1 audio card1',
      '0000:03:00.0 disk /',
      '0000:05:00.0 network enp5s0',
    ]);
    expect(facts.usb).toEqual([
      {
        port: '1-2',
        bus: 1,
        device: 5,
        vendorId: '046d',
        productId: 'c52b',
        names: { vendor: 'Logitech, Inc.', product: 'Unifying Receiver' },
        speedMbps: 480,
        drivers: ['usbhid'],
        hostUses: [],
      },
    ]);
    expect(kinds(facts)).toEqual({
      '0000:00:02.0': 'wouldTakeHost',
      '0000:00:14.0': 'safe',
      '0000:00:1f.0': 'cannotBeReset',
      '0000:01:00.0': 'takesOthers',
      '0000:03:00.0': 'wouldTakeHost',
      '0000:04:00.0': 'safe',
      '0000:04:02.0': 'safe',
      '0000:04:02.1': 'safe',
      '0000:05:00.0': 'wouldTakeHost',
    });
  });

  test('mediated devices: of what, of which type, whose they are, and what they can be made of', async () => {
    const parent = 'sys/devices/virtual/mtty/mtty';
    const types = `${parent}/mdev_supported_types`;
    const [mine, theirs, foreign] = ['1', '2', '3'].map((digit) => `7d0a3f0e-1f2b-4c3d-8e5f-00000000000${digit}`);
    const uid = process.geteuid?.() ?? 0;
    const facts = await factsOf({
      pci: {},
      files: {
        [`${types}/mtty-2/name`]: 'Dual port serial',
        [`${types}/mtty-2/available_instances`]: '9',
        [`run/virtdeck-helper/mdev-${mine}`]: String(uid),
        [`run/virtdeck-helper/mdev-${theirs}`]: String(uid + 1),
        'dev/vfio/7': '',
      },
      links: {
        'sys/class/mdev_bus/mtty': parent,
        ...Object.fromEntries(
          [mine, theirs, foreign].flatMap((uuid) => [
            [`sys/bus/mdev/devices/${uuid}`, `${parent}/${uuid}`],
            [`${parent}/${uuid}/mdev_type`, `${types}/mtty-2`],
          ]),
        ),
        [`${parent}/${mine}/iommu_group`]: 'sys/kernel/iommu_groups/7',
      },
    });
    expect(facts.mdevParents).toEqual([{ name: 'mtty', types: [{ id: 'mtty-2', name: 'Dual port serial', availableInstances: 9 }] }]);
    const base = { parent: 'mtty', typeId: 'mtty-2', typeName: 'Dual port serial' };
    expect(facts.mdevs).toEqual([
      { ...base, uuid: mine, isOurs: true, vfioDevice: '/dev/vfio/7', vfioAccess: true },
      { ...base, uuid: theirs, isOurs: false },
      { ...base, uuid: foreign, isOurs: false },
    ]);
  });

  test('a disk behind LVM on RAID, a multipath NVMe, and a bond below a bridge to the network', async () => {
    const drive = 'sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0';
    const disk = { class: '010802', reset: 'flr', below: ['0000:00:01.0'] } as const;
    const facts = await factsOf({
      pci: {
        '0000:00:01.0': { id: '8086:1901', class: '060400' },
        '0000:01:00.0': { ...disk, id: '144d:a80a' },
        '0000:02:00.0': { ...disk, id: '144d:a80b' },
        '0000:03:00.0': { id: '8086:15f3', class: '020000', reset: 'flr', below: ['0000:00:01.0'], net: 'eno1' },
      },
      route: 'br0',
      files: {
        'proc/self/mountinfo': [
          '1 1 254:0 / / rw - ext4 /dev/mapper/vg-root rw',
          String.raw`2 1 0:40 / /srv/my\040disk rw - btrfs /dev/nvme1n1 rw`,
          '3 1 0:41 / /run rw - tmpfs tmpfs rw',
        ].join('\n'),
        'proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n/dev/dm-0  partition 1 0 -2',
      },
      links: {
        'sys/dev/block/254:0': 'sys/devices/virtual/block/dm-0',
        'sys/class/block/dm-0': 'sys/devices/virtual/block/dm-0',
        'sys/devices/virtual/block/dm-0/slaves/md0': 'sys/devices/virtual/block/md0',
        'sys/class/block/md0': 'sys/devices/virtual/block/md0',
        'sys/devices/virtual/block/md0/slaves/nvme0n1p2': `${drive}/nvme/nvme0/nvme0n1/nvme0n1p2`,
        'sys/class/block/nvme0n1p2': `${drive}/nvme/nvme0/nvme0n1/nvme0n1p2`,
        'sys/class/block/nvme1n1': 'sys/devices/virtual/nvme-subsystem/nvme-subsys1/nvme1n1',
        'sys/devices/virtual/nvme-subsystem/nvme-subsys1/nvme1': 'sys/devices/pci0000:00/0000:00:01.0/0000:02:00.0/nvme/nvme1',
        'sys/class/net/br0': 'sys/devices/virtual/net/br0',
        'sys/devices/virtual/net/br0/lower_bond0': 'sys/devices/virtual/net/bond0',
        'sys/class/net/bond0': 'sys/devices/virtual/net/bond0',
        'sys/devices/virtual/net/bond0/lower_eno1': 'sys/devices/pci0000:00/0000:00:01.0/0000:03:00.0/net/eno1',
      },
    });
    expect(facts.pci.flatMap(({ address, hostUses }) => hostUses.map(({ kind, detail }) => `${address} ${kind} ${detail}`))).toEqual([
      '0000:01:00.0 disk /',
      '0000:01:00.0 disk swap',
      '0000:02:00.0 disk /srv/my disk',
      '0000:03:00.0 network br0',
    ]);
  });

  test.each<{ readonly name: string; readonly tree: Partial<DeviceTree>; readonly states: object }>([
    {
      name: 'Intel, switched on in the firmware, without the kernel argument',
      tree: { firmwareTable: 'DMAR', units: [] },
      states: { firmware: 'ok', iommu: 'error', interruptRemapping: 'warning' },
    },
    { name: 'switched off in the firmware', tree: { units: [] }, states: { firmware: 'error', iommu: 'error' } },
    {
      name: 'no interrupt remapping in the hardware',
      tree: { units: ['dmar0'], ecap: 'f00f42' },
      states: { iommu: 'ok', interruptRemapping: 'error' },
    },
    {
      name: 'no interrupt remapping, and unsafe interrupts allowed',
      tree: { units: ['dmar0'], ecap: 'f00f42', files: { 'sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts': 'Y' } },
      states: { interruptRemapping: 'warning' },
    },
    {
      name: 'no interrupt remapping, and unsafe interrupts to be allowed once the module is loaded',
      tree: { units: ['dmar0'], ecap: 'f00f42', cmdline: 'ro vfio_iommu_type1.allow_unsafe_interrupts=1 quiet' },
      states: { interruptRemapping: 'warning' },
    },
    {
      name: 'the same by a file, and taken back on the line',
      tree: {
        units: ['dmar0'],
        ecap: 'f00f42',
        cmdline: 'ro vfio_iommu_type1.allow_unsafe_interrupts=0',
        files: { 'etc/modprobe.d/vfio.conf': 'options vfio_iommu_type1 allow_unsafe_interrupts=1' },
      },
      states: { interruptRemapping: 'error' },
    },
    {
      name: 'a paravirtual IOMMU, which remaps no interrupts',
      tree: { units: ['0000:00:01.0'], interrupts: ' 24:  0  0  PCI-MSI 81920-edge virtio0-config' },
      states: { firmware: 'ok', iommu: 'ok', interruptRemapping: 'error' },
    },
    {
      name: 'ARM, whose controller tells devices apart',
      tree: { cpu: 'ARM', units: ['smmu3.0x9050000'], interrupts: ' 40:  0  0  ITS-MSI 524288 Edge nvme0q0' },
      states: { interruptRemapping: 'ok' },
    },
    {
      name: 'ARM, without',
      tree: { cpu: 'ARM', units: ['smmu3.0x9050000'], interrupts: ' 40:  0  0  GICv2m-PCI-MSI nvme0q0' },
      states: { interruptRemapping: 'warning' },
    },
    {
      name: 'AMD with remapped interrupts',
      tree: { cpu: 'AuthenticAMD', firmwareTable: 'IVRS', units: ['ivhd0'], interrupts: ' 25:  0  0  IR-PCI-MSI 524288-edge nvme0q0' },
      states: { firmware: 'ok', iommu: 'ok', interruptRemapping: 'ok' },
    },
    {
      name: 'groups split by force',
      tree: { units: ['dmar0'], cmdline: 'ro pcie_acs_override=downstream' },
      states: { isolation: 'warning' },
    },
    { name: 'told to keep it off', tree: { firmwareTable: 'DMAR', cmdline: 'ro intel_iommu=off' }, states: { iommu: 'error' } },
    {
      name: 'a kernel without vfio-pci',
      tree: { units: ['dmar0'], files: { 'lib/modules/6.1.0-test/modules.dep': '' } },
      states: { kernel: 'error' },
    },
  ])('can it do it? $name', async ({ tree, states: wanted }) => {
    expect(states(await factsOf({ pci: {}, ...tree }))).toMatchObject(wanted);
  });
});
