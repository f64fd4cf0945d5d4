// Owns what is known of a virtual function beside the device itself: what its card holds it to, and which machine has it.
// Must not judge it.
import type { HostDeviceReport, PciDevice } from '../../../electron/api/host-devices.ts';
import type { VirtualFunctionSettings } from '../../../electron/api/privileged.ts';

export interface FunctionView {
  readonly settings?: VirtualFunctionSettings;
  /** The interface of its card. */
  readonly card?: string;
  /** `namespace/name` */
  readonly usedBy?: string;
}

export function functionView({ pci, resources }: Pick<HostDeviceReport, 'pci' | 'resources'>, device: PciDevice): FunctionView {
  const network = pci.find(({ address }) => address === device.physfn)?.sriov?.network;
  const settings = network?.functions[device.address];
  const offered = resources.flatMap(({ devices }) => devices);
  const usedBy = offered.find(({ addresses, usedBy: holder }) => holder !== undefined && addresses.includes(device.address))?.usedBy;
  return {
    ...(settings === undefined ? {} : { settings }),
    ...(network === undefined ? {} : { card: network.name }),
    ...(usedBy === undefined ? {} : { usedBy }),
  };
}
