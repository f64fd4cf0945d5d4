// Owns the proof of what an allow list offers: a grant a group, whole cards, memory nodes, and what cannot be handed out yet.
// Must not repeat what golden cases say of arguments.
import { describe, expect, test } from 'vitest';
import { type HostDeviceFacts, noHostDevices, type PciDevice } from '../../../electron/api/host-devices.ts';
import type { PermittedHostDevices } from '../../../electron/api/kinds/hyper-converged.ts';
import { type DeviceResource, deviceResources, grantCounts } from '../../../electron/core/devices/permitted.ts';
import { validate } from '../../../electron/core/validate/validate.ts';
import { resources } from '../../../electron/api/resources.ts';

const domains = [
  { name: 'w-numa0', memoryNodes: [0] },
  { name: 'w-numa1', memoryNodes: [1] },
];

function pci(address: string, id: string, more: Partial<PciDevice> = {}): PciDevice {
  const [vendorId = '', deviceId = ''] = id.split(':');
  const empty = { names: {}, candidateDrivers: [], hostUses: [], resetMethods: [] };
  const bound = { classCode: '020000', driver: 'vfio-pci', iommuGroup: address, parents: ['0000:00:01.0'], bootVga: false };
  return { ...empty, ...bound, address, vendorId, deviceId, ...more };
}

function offered(permitted: PermittedHostDevices, facts: Partial<HostDeviceFacts>): readonly DeviceResource[] {
  return deviceResources({ permitted, facts: { ...noHostDevices, ...facts }, domains });
}

const addresses = ({ grants }: DeviceResource): readonly (readonly string[])[] =>
  grants.map(({ devices }) =>
    devices.map((device) => (device.type === 'pci' ? device.address : device.type === 'usb' ? device.port : device.uuid)),
  );

const nic = { pciHostDevices: [{ pciDeviceSelector: '8086:10D3', resourceName: 'intel.com/nic' }] };

test('what somebody gave to a node by hand is there, whole; the rest goes by its memory node', () => {
  const facts = {
    ...noHostDevices,
    pci: [pci('0000:02:00.0', '8086:10d3', { numaNode: 1 }), pci('0000:03:00.0', '8086:10d3', { numaNode: 1 })],
  };
  const byHand = [
    { name: 'slow', memoryNodes: [1] },
    { name: 'fast', memoryNodes: [], devices: ['0000:03:00.0'] },
  ];
  const [resource] = deviceResources({ permitted: nic, facts, domains: byHand });
  expect(resource?.grants.map(({ id, node }) => [id, node])).toEqual([
    ['0000:02:00.0', 'slow'],
    ['0000:03:00.0', 'fast'],
  ]);
});

describe('PCI', () => {
  test('two devices of one group are one grant, and upper case selects lower', () => {
    const [resource] = offered(nic, {
      pci: [pci('0000:02:01.0', '8086:10d3', { iommuGroup: '7' }), pci('0000:02:02.0', '8086:10d3', { iommuGroup: '7' })],
    });
    expect(resource?.grants).toHaveLength(1);
  });

  test('each is at its memory node; what tells none is counted once, at the first', () => {
    const found = offered(nic, {
      pci: [
        pci('0000:02:00.0', '8086:10d3', { numaNode: 1 }),
        pci('0000:03:00.0', '8086:10d3'),
        pci('0000:04:00.0', '8086:10d3', { numaNode: 7 }),
      ],
    });
    expect([grantCounts(found, 'w-numa0'), grantCounts(found, 'w-numa1')]).toEqual([{ 'intel.com/nic': 2 }, { 'intel.com/nic': 1 }]);
  });

  test('the rest of a card goes along when VFIO has it, virtual functions do not', () => {
    const permitted = { pciHostDevices: [{ pciDeviceSelector: '10de:1eb8', resourceName: 'nvidia.com/t4' }, ...nic.pciHostDevices] };
    const [gpu, vf] = offered(permitted, {
      pci: [
        pci('0000:01:00.0', '10de:1eb8', { classCode: '030000' }),
        pci('0000:01:00.1', '10de:10f8'),
        pci('0000:01:00.2', '10de:1ad8', { driver: 'xhci_hcd', iommuGroup: 'x' }),
        pci('0000:04:00.1', '8086:10d3', { physfn: '0000:04:00.0' }),
        pci('0000:04:00.2', '8086:10d3', { physfn: '0000:04:00.0' }),
      ],
    });
    expect(gpu && addresses(gpu)).toEqual([['0000:01:00.0', '0000:01:00.1']]);
    expect(vf && addresses(vf)).toEqual([['0000:04:00.1'], ['0000:04:00.2']]);
  });

  test.each<readonly [string, { readonly device: Partial<PciDevice>; readonly neighbour?: Partial<PciDevice> }, string]>([
    ['another driver has it', { device: { driver: 'e1000e' } }, 'NotBound'],
    [
      'it shares its group with one that this computer uses',
      { device: { iommuGroup: '9' }, neighbour: { iommuGroup: '9', driver: 'e1000' } },
      'GroupNotViable',
    ],
    ['it is not ours to open', { device: { vfioAccess: false } }, 'NoAccess'],
  ])('not offered: %s', (_why, { device, neighbour = {} }, reason) => {
    const [resource] = offered(nic, { pci: [pci('0000:02:01.0', '8086:10d3', device), pci('0000:02:02.0', '8086:100e', neighbour)] });
    expect([resource?.grants, resource?.unready.map((one) => one.reason)]).toEqual([[], [reason]]);
  });

  test.each([
    { iommu: { units: ['dmar0'], interruptRemapping: false, allowUnsafeInterrupts: false }, reasons: ['NoInterruptRemapping'] },
    { iommu: { units: ['dmar0'], interruptRemapping: false, allowUnsafeInterrupts: true }, reasons: [] },
    { iommu: { units: ['smmu3'], allowUnsafeInterrupts: false }, reasons: [] },
  ])('where interrupts are as in $iommu', ({ iommu, reasons }) => {
    const [resource] = offered(nic, { pci: [pci('0000:02:01.0', '8086:10d3')], iommu: { ...noHostDevices.iommu, ...iommu } });
    expect(resource?.unready.map((one) => one.reason)).toEqual(reasons);
  });

  test('a neighbour without a driver is no hindrance, nor is a bridge', () => {
    const { driver: _driver, ...idle } = pci('0000:02:02.0', '8086:100e', { iommuGroup: '9' });
    const [resource] = offered(nic, {
      pci: [
        pci('0000:02:00.0', '1b36:000e', { iommuGroup: '9', classCode: '060400', driver: 'pcieport' }),
        pci('0000:02:01.0', '8086:10d3', { iommuGroup: '9' }),
        idle,
      ],
    });
    expect(resource?.grants).toHaveLength(1);
  });
});

test('a USB grant has one device of each selector', () => {
  const usb = { bus: 1, device: 2, names: {}, drivers: [], hostUses: [] };
  const key = { vendorId: '1050', productId: '0407' };
  const [resource] = offered(
    {
      usb: [
        {
          resourceName: 'kubevirt.io/pair',
          selectors: [
            { vendor: '1050', product: '0407' },
            { vendor: '046D', product: 'C52B' },
          ],
        },
      ],
    },
    {
      usb: [
        { ...usb, ...key, port: '1-1' },
        { ...usb, ...key, port: '1-2' },
        { ...usb, vendorId: '046d', productId: 'c52b', port: '1-3' },
      ],
    },
  );
  expect(resource && addresses(resource)).toEqual([['1-1', '1-3']]);
});

test('mediated devices by the name of their type, with blanks or underscores, or by its id', () => {
  const mdevs = [{ uuid: 'a', parent: '0000:01:00.0', typeId: 'nvidia-231', typeName: 'GRID T4-2Q', isOurs: false }];
  const count = (mdevNameSelector: string): number | undefined =>
    offered({ mediatedDevices: [{ mdevNameSelector, resourceName: 'nvidia.com/q' }] }, { mdevs })[0]?.grants.length;
  expect(['GRID T4-2Q', 'GRID_T4-2Q', 'nvidia-231', 'GRID T4-4Q'].map(count)).toEqual([1, 1, 1, 0]);
});

test('what selects nothing, names nothing, or stands twice is refused with its field', () => {
  const fields = validate(resources.hyperConvergeds, {
    apiVersion: 'hco.kubevirt.io/v1beta1',
    kind: 'HyperConverged',
    metadata: { namespace: 'openshift-cnv', name: 'kubevirt-hyperconverged' },
    spec: {
      certConfig: { ca: { duration: '48h0m0s', renewBefore: '24h0m0s' }, server: { duration: '24h0m0s', renewBefore: '12h0m0s' } },
      permittedHostDevices: {
        pciHostDevices: [
          { pciDeviceSelector: '10DE:1DB6', resourceName: 'nvidia.com/GV100GL_Tesla_V100' },
          { pciDeviceSelector: '10de:1db6', resourceName: 'nvidia.com/other' },
          { pciDeviceSelector: '10DE', resourceName: 'T4' },
          { pciDeviceSelector: '10DE:1EB8', resourceName: 'kubernetes.io/t4' },
        ],
        usbHostDevices: [{ resourceName: 'kubevirt.io/token', selectors: [{ vendor: '50', product: '0407' }] }],
      },
    },
  }).map(({ field }) => field.replace('spec.permittedHostDevices.', ''));
  expect(fields.toSorted()).toEqual([
    'pciHostDevices[1].pciDeviceSelector',
    'pciHostDevices[2].pciDeviceSelector',
    'pciHostDevices[2].resourceName',
    'pciHostDevices[3].resourceName',
    'usbHostDevices[0].selectors[0].vendor',
  ]);
});
