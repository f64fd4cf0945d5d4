// Owns the table of what is wanted: picked devices with all that moves with them, MachineConfigs, and refusals.
// Must not plan; the golden corpus of plans does.
import { describe, expect, test } from 'vitest';
import { machineConfigOfButane } from '../../../electron/api/butane.ts';
import { AppError } from '../../../electron/api/errors.ts';
import type { PciDevice } from '../../../electron/api/host-devices.ts';
import type { MachineConfig, MachineConfigSpec } from '../../../electron/api/kinds/machine-config.ts';
import { dataUrlText } from '../../../electron/core/preparation/data-url.ts';
import { isKernelArgument, withEntryArguments, withGrubArguments } from '../../../electron/core/preparation/kernel-arguments.ts';
import { wishesOf } from '../../../electron/core/preparation/wishes.ts';

const port = '0000:00:01.0';

function device(address: string, id: string, more: Partial<PciDevice> = {}): PciDevice {
  const [vendorId = '', deviceId = ''] = id.split(':');
  const rest = { names: {}, candidateDrivers: ['nouveau'], resetMethods: ['bus'], bootVga: false, hostUses: [] };
  return { address, vendorId, deviceId, classCode: '030000', parents: [port], iommuGroup: '1', ...rest, ...more };
}

const gpu = device('0000:01:00.0', '10de:1eb8');
const audio = device('0000:01:00.1', '10de:10f8', { classCode: '040300', candidateDrivers: ['snd_hda_intel'] });

function config(name: string, spec: MachineConfigSpec): MachineConfig {
  const metadata = { name, uid: name, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', generation: 1 };
  return { apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig', metadata, spec };
}

/** The Butane file of 8.14.11.1.2, as YAML 1.1 reads it. */
const printed = {
  variant: 'openshift',
  version: '4.9.0',
  metadata: { name: '100-worker-vfiopci', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
  storage: {
    files: [
      { path: '/etc/modprobe.d/vfio.conf', mode: 0o644, overwrite: true, contents: { inline: 'options vfio-pci ids=10de:1eb8\n' } },
      { path: '/etc/modules-load.d/vfio-pci.conf', mode: 0o644, overwrite: true, contents: { inline: 'vfio-pci' } },
    ],
  },
};

describe('wishesOf', () => {
  test('a picked device takes its card along, with the drivers that must come later', () => {
    const { wishes, causes } = wishesOf({ devices: [gpu.address], machineConfigs: [] }, { pci: [gpu, audio] });
    expect(causes).toEqual([]);
    expect(wishes.devices).toEqual([
      { address: gpu.address, id: '10de:1eb8', drivers: ['nouveau'], hasTwin: false },
      { address: audio.address, id: '10de:10f8', drivers: ['snd_hda_intel'], hasTwin: false },
    ]);
  });

  test('without an IOMMU yet, a card still moves as a whole', () => {
    const pci = [gpu, audio].map(({ iommuGroup: _, ...rest }) => rest);
    expect(wishesOf({ devices: [gpu.address], machineConfigs: [] }, { pci }).wishes.devices.length).toBe(2);
  });

  test('a device whose twin stays is known by its address', () => {
    const twin = device('0000:02:00.0', '10de:1eb8', { iommuGroup: '2' });
    const { wishes } = wishesOf({ devices: [gpu.address], machineConfigs: [] }, { pci: [gpu, audio, twin] });
    expect(wishes.devices.map(({ hasTwin }) => hasTwin)).toEqual([true, false]);
  });

  test.each([
    ['screen', 'boot_vga', 'This computer needs 0000:01:00.0 for its screen.'],
    ['disk', '/', 'This computer needs 0000:01:00.0 for the disk of /.'],
    ['network', 'eth0', 'This computer needs 0000:01:00.0 for the way to the network by eth0.'],
  ] as const)('what the computer lives on is refused: %s', (kind, detail, message) => {
    const used = { ...gpu, hostUses: [{ kind, detail }] };
    const { causes } = wishesOf({ devices: [audio.address], machineConfigs: [] }, { pci: [used, audio] });
    expect(causes.map((cause) => [cause.reason, cause.message])).toEqual([['DeviceInUseByHost', message]]);
  });

  test('an address where nothing is', () => {
    const { causes } = wishesOf({ devices: ['0000:09:00.0'], machineConfigs: [] }, { pci: [gpu] });
    expect(causes.map(({ reason }) => reason)).toEqual(['FieldValueNotFound']);
  });

  test('the chapter: an argument and two files', () => {
    const made = machineConfigOfButane(printed) as unknown as Pick<MachineConfig, 'spec'>;
    const { wishes, remarks } = wishesOf(
      {
        devices: [],
        machineConfigs: [config('100-worker-iommu', { kernelArguments: ['intel_iommu=on'] }), config('100-worker-vfiopci', made.spec)],
      },
      { pci: [gpu] },
    );
    expect(remarks).toEqual([]);
    expect(wishes).toEqual({
      devices: [],
      kernelArguments: ['intel_iommu=on'],
      files: { 'modprobe-vfio': 'options vfio-pci ids=10de:1eb8\n', 'modules-load-vfio': 'vfio-pci\n' },
      wantsIommu: true,
    });
  });

  test('what has no effect here is said', () => {
    const spec: MachineConfigSpec = {
      kernelArguments: ['init=$(reboot)'],
      config: {
        ignition: { version: '3.2.0' },
        storage: {
          files: [
            { path: '/etc/passwd', contents: { source: 'data:,x' } },
            { path: '/etc/modprobe.d/vfio.conf', contents: { source: 'https://example.org/vfio.conf' } },
          ],
        },
      },
    };
    const { wishes, remarks } = wishesOf({ devices: [], machineConfigs: [config('a', spec)] }, { pci: [] });
    expect(wishes.kernelArguments).toEqual([]);
    expect(wishes.files).toEqual({});
    expect(remarks).toEqual([
      'The kernel argument "init=$(reboot)" has no effect here: only arguments for passthrough and memory are added.',
      '/etc/passwd of MachineConfig a has no effect here.',
      'The contents of /etc/modprobe.d/vfio.conf of MachineConfig a are not read: write them as a data: URL without compression.',
    ]);
  });
});

describe('Butane', () => {
  test('makes the MachineConfig that butane makes', () => {
    expect(machineConfigOfButane(printed)).toEqual({
      apiVersion: 'machineconfiguration.openshift.io/v1',
      kind: 'MachineConfig',
      metadata: printed.metadata,
      spec: {
        config: {
          ignition: { version: '3.2.0' },
          storage: {
            files: [
              {
                contents: { compression: '', source: 'data:,options%20vfio-pci%20ids%3D10de%3A1eb8%0A' },
                mode: 420,
                overwrite: true,
                path: '/etc/modprobe.d/vfio.conf',
              },
              {
                contents: { compression: '', source: 'data:,vfio-pci' },
                mode: 420,
                overwrite: true,
                path: '/etc/modules-load.d/vfio-pci.conf',
              },
            ],
          },
        },
      },
    });
  });

  test('names everything that it does not read, at once', () => {
    const fields = (): readonly string[] => {
      try {
        machineConfigOfButane({
          variant: 'fcos',
          version: '1',
          metadata: {},
          systemd: {},
          storage: { luks: [], files: [{ path: 'etc/x' }] },
        });
      } catch (error) {
        if (error instanceof AppError) return (error.causes ?? []).map(({ field }) => field);
        throw error;
      }
      return [];
    };
    expect(fields()).toEqual([
      'variant',
      'version',
      'systemd',
      'storage.luks',
      'metadata.name',
      'metadata.labels',
      'storage.files[0].path',
    ]);
  });
});

describe('texts', () => {
  test.each([
    ['data:,vfio-pci', 'vfio-pci'],
    ['data:,a%20b%0A', 'a b\n'],
    ['data:text/plain;charset=utf-8;base64,dmZpbwo=', 'vfio\n'],
    ['data:;base64,!!!', undefined],
    ['data:,%ff', undefined],
    ['https://example.org', undefined],
  ])('the data: URL %s', (url, text) => {
    expect(dataUrlText(url)).toBe(text);
  });

  test.each([
    ['intel_iommu=on', true],
    ['vfio-pci.ids=10de:1eb8,10de:10f8', true],
    ['quiet', false],
    ['iommu=pt', true],
    ['rd.driver.pre=vfio-pci', true],
    ['rd.driver.pre=evil', false],
    ['init=/bin/sh', false],
    ['a b', false],
    ['x="y"', false],
    ['x=$(reboot)', false],
    ['x=`id`', false],
    ['X=1', false],
    ['x=1\ny=2', false],
    ['', false],
  ])('a kernel argument: %j', (text, isOne) => {
    expect(isKernelArgument(text)).toBe(isOne);
  });

  test('GRUB: the last assignment counts, comments and other variables stay', () => {
    expect(withGrubArguments('GRUB_CMDLINE_LINUX="a"\n#GRUB_CMDLINE_LINUX="x"\nGRUB_CMDLINE_LINUX="b=1 c"\nX=1\n', ['d'])).toBe(
      'GRUB_CMDLINE_LINUX="a"\n#GRUB_CMDLINE_LINUX="x"\nGRUB_CMDLINE_LINUX="b=1 c d"\nX=1\n',
    );
    expect(withGrubArguments('X=1', ['d'])).toBe('X=1\nGRUB_CMDLINE_LINUX="d"\n');
    expect(withGrubArguments("GRUB_CMDLINE_LINUX='a'\n", ['d'])).toBeUndefined();
  });

  test('a boot entry with two lines of options has its words from both', () => {
    expect(withEntryArguments('options a\noptions b\n', ['a', 'c'])).toBe('options a\noptions b c\n');
    expect(withEntryArguments('linux /v\n', ['c'])).toBe('linux /v\noptions c\n');
  });
});
