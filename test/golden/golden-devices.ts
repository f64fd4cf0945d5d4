// Owns the devices of a golden computer: what lies in its slots, what is allowed, and who has what.
// Must not hand any out; the case's decision does.
import type { IommuFact, MdevDevice, PciDevice, UsbDevice } from '../../electron/api/host-devices.ts';
import { noHostDevices } from '../../electron/api/host-devices.ts';
import type { PermittedHostDevices } from '../../electron/api/kinds/hyper-converged.ts';
import type { DeviceFacts } from '../../electron/core/devices/assignment.ts';
import { interruptIsolation } from '../../electron/core/devices/interrupts.ts';
import { deviceResources } from '../../electron/core/devices/permitted.ts';
import type { PlacementDomain } from '../../electron/core/placement/domains.ts';

export interface GoldenDevices {
  readonly permitted?: PermittedHostDevices;
  /** `id` is vendor:device. The driver is vfio-pci and the group the device's own unless said. */
  readonly pci?: Readonly<Record<string, { readonly id: string } & Partial<PciDevice>>>;
  /** By port. */
  readonly usb?: Readonly<Record<string, { readonly id: string } & Partial<UsbDevice>>>;
  readonly mdevs?: readonly MdevDevice[];
  readonly iommu?: Partial<IommuFact>;
  /** Device → `namespace/name`. */
  readonly held?: Readonly<Record<string, string>>;
  readonly lockLimitMiB?: number;
  /** `namespace/name` of a network of virtual functions → its resource. */
  readonly networkResources?: Readonly<Record<string, string>>;
}

export function devicesOf(
  { permitted = {}, pci = {}, usb = {}, mdevs = [], iommu, held = {}, networkResources = {}, lockLimitMiB }: GoldenDevices = {},
  domains: readonly Pick<PlacementDomain, 'name' | 'memoryNodes'>[],
): DeviceFacts {
  const facts = {
    ...noHostDevices,
    mdevs,
    iommu: { ...noHostDevices.iommu, ...iommu },
    pci: Object.entries(pci).map(([address, { id, ...given }]): PciDevice => {
      const [vendorId = '', deviceId = ''] = id.split(':');
      const base = { address, vendorId, deviceId, names: {}, candidateDrivers: [], hostUses: [], resetMethods: ['flr'] };
      return {
        ...base,
        classCode: '020000',
        driver: 'vfio-pci',
        iommuGroup: address,
        parents: ['0000:00:01.0'],
        bootVga: false,
        ...given,
      };
    }),
    usb: Object.entries(usb).map(([port, { id, ...given }]): UsbDevice => {
      const [vendorId = '', productId = ''] = id.split(':');
      return { port, bus: Number(port.split('-')[0]), device: 4, vendorId, productId, names: {}, drivers: [], hostUses: [], ...given };
    }),
  };
  return {
    resources: deviceResources({ permitted, facts, domains }),
    held: new Map(Object.entries(held)),
    networkResources: new Map(Object.entries(networkResources)),
    ...(lockLimitMiB === undefined ? {} : { lockLimitBytes: lockLimitMiB * 1024 ** 2 }),
    mayRaiseLockLimit: false,
    hasUnsafeInterrupts: interruptIsolation(facts.iommu) === 'unsafe',
  };
}
