// Owns what HyperConverged.spec.permittedHostDevices offers on this computer: resources, and the grants that they are handed out in.
// Must not hand them out; assignment.ts does.
import type { HostDeviceFacts, PciAddress, PciDevice, UsbDevice } from '../../api/host-devices.ts';
import type { PermittedHostDevices } from '../../api/kinds/hyper-converged.ts';
import { isMdevType } from '../../api/mdev-type.ts';
import type { PlacementDomain } from '../placement/domains.ts';
import { isBridge } from './groups.ts';
import { interruptIsolation, refusedInterrupts } from './interrupts.ts';
import { vfioDriver } from './trials.ts';

/** What one machine has at a time. Two resources may offer the same: whoever has it by one has it by both. */
export interface DeviceGrant {
  /** The first device of the IOMMU group, the uuid of a mediated device, `usb 1-2`. */
  readonly id: string;
  readonly devices: readonly GrantedDevice[];
  /** Name of the Node it belongs to. */
  readonly node: string;
}

export type GrantedDevice =
  | { readonly type: 'pci'; readonly address: PciAddress; readonly classCode: string; readonly functionOf?: CardFact }
  | { readonly type: 'mdev'; readonly uuid: string; readonly parent: string }
  | { readonly type: 'usb'; readonly port: string; readonly bus: number };

/** The card that a device is a virtual function of. */
export interface CardFact {
  readonly address: PciAddress;
  /** The interface that it is to this computer, when it is one. */
  readonly network?: { readonly name: string; readonly up: boolean };
}

/** Begins the id of a grant of USB devices: ports alone would be taken for one of them. */
const usbGroup = 'usb ';

/** Matches the allow list, and cannot be handed out as it is. */
export interface UnreadyDevice {
  /** What a fixed address would name. */
  readonly address: string;
  readonly reason: 'NotBound' | 'GroupNotViable' | 'NoAccess' | 'NoIommu' | 'NoInterruptRemapping';
  readonly message: string;
  readonly fix: string;
}

export interface DeviceResource {
  readonly name: string;
  /** As the allow list names them. */
  readonly selectors: readonly string[];
  /** Cards and what was made of them: each takes a root port. */
  readonly onPci: boolean;
  readonly grants: readonly DeviceGrant[];
  readonly unready: readonly UnreadyDevice[];
}

export interface OfferedDevices {
  readonly permitted: PermittedHostDevices;
  readonly facts: HostDeviceFacts;
  readonly domains: readonly (Pick<PlacementDomain, 'name' | 'memoryNodes'> & Partial<Pick<PlacementDomain, 'devices'>>)[];
}

/** In the order of the allow list; a name that stands twice is one resource. */
export function deviceResources({ permitted, facts, domains }: OfferedDevices): readonly DeviceResource[] {
  const nodeOf: NodeOf = (addresses, numaNode) => nearNode(domains, addresses, numaNode);
  const found: readonly DeviceResource[] = [
    ...(permitted.pciHostDevices ?? []).map(({ resourceName, pciDeviceSelector }) => ({
      name: resourceName,
      selectors: [pciDeviceSelector],
      onPci: true,
      ...pciGrants(facts, pciDeviceSelector, nodeOf),
    })),
    ...(permitted.mediatedDevices ?? []).map(({ resourceName, mdevNameSelector }) => ({
      name: resourceName,
      selectors: [mdevNameSelector],
      onPci: true,
      ...mdevGrants(facts, mdevNameSelector, nodeOf),
    })),
    ...[...(permitted.usbHostDevices ?? []), ...(permitted.usb ?? [])].map(({ resourceName, selectors = [] }) => ({
      name: resourceName,
      selectors: selectors.map(({ vendor, product }) => `${vendor}:${product}`),
      onPci: false,
      ...usbGrants(facts.usb, selectors, nodeOf),
    })),
  ];
  return [...Map.groupBy(found, ({ name }) => name).values()].map((same) => ({
    name: same[0]?.name ?? '',
    selectors: same.flatMap(({ selectors }) => selectors),
    onPci: same.some(({ onPci }) => onPci),
    grants: [...new Map(same.flatMap(({ grants }) => grants).map((grant) => [grant.id, grant])).values()],
    unready: same.flatMap(({ unready }) => unready),
  }));
}

/** By Node name: how many of each resource it has. */
export function grantCounts(resources: readonly DeviceResource[], node: string): Readonly<Record<string, number>> {
  return Object.fromEntries(resources.map(({ name, grants }) => [name, grants.filter((grant) => grant.node === node).length]));
}

/**
 * Where somebody put one of them by hand, else where their memory node is. A device without one, or of one that is nobody's, goes with the
 * first Node: it is counted once.
 */
export function nearNode(domains: OfferedDevices['domains'], addresses: readonly string[], numaNode: number | undefined): string {
  const chosen = domains.find(({ devices = [] }) => addresses.some((address) => devices.includes(address)));
  if (chosen !== undefined) return chosen.name;
  const near = domains.find(({ memoryNodes }) => numaNode !== undefined && memoryNodes.includes(numaNode));
  return (near ?? domains[0])?.name ?? '';
}

type Grants = Pick<DeviceResource, 'grants' | 'unready'>;
type NodeOf = (addresses: readonly string[], numaNode: number | undefined) => string;

// ---------------------------------------------------------------- PCI

function pciGrants({ pci, iommu }: HostDeviceFacts, selector: string, nodeOf: NodeOf): Grants {
  const refuses = interruptIsolation(iommu) === 'refused';
  const wanted = pci.filter((device) => !isBridge(device) && `${device.vendorId}:${device.deviceId}` === selector.toLowerCase());
  const unready = wanted.flatMap((device) => whyUnready(device, { group: groupMembers(pci, device), refuses }) ?? []);
  const ready = wanted.filter(({ address }) => !unready.some((one) => one.address === address));
  // One grant a group: VFIO lets one process open it.
  const byGroup = [...Map.groupBy(ready, ({ iommuGroup, address }) => iommuGroup ?? address).values()];
  return {
    unready,
    grants: byGroup.map((devices) => {
      const [first] = devices;
      const whole = withRestOfCard(pci, devices);
      const addresses = whole.map(({ address }) => address);
      return { id: groupId(pci, first), devices: whole.map((device) => granted(pci, device)), node: nodeOf(addresses, first?.numaNode) };
    }),
  };
}

function granted(pci: readonly PciDevice[], { address, classCode, physfn }: PciDevice): GrantedDevice {
  if (physfn === undefined) return { type: 'pci', address, classCode };
  const network = pci.find((card) => card.address === physfn)?.sriov?.network;
  const functionOf = { address: physfn, ...(network === undefined ? {} : { network: { name: network.name, up: network.up } }) };
  return { type: 'pci', address, classCode, functionOf };
}

function groupMembers(pci: readonly PciDevice[], { address, iommuGroup }: PciDevice): readonly PciDevice[] {
  return pci.filter((device) => device.address === address || (iommuGroup !== undefined && device.iommuGroup === iommuGroup));
}

/** Group numbers shift; the first device of a group does not. */
function groupId(pci: readonly PciDevice[], device: PciDevice | undefined): string {
  if (device === undefined) return '';
  const addresses = groupMembers(pci, device)
    .filter((one) => !isBridge(one))
    .map(({ address }) => address);
  return addresses.toSorted()[0] ?? device.address;
}

/** What VFIO holds of the same card goes along: a graphics card without its sound is half a card. */
function withRestOfCard(pci: readonly PciDevice[], devices: readonly PciDevice[]): readonly PciDevice[] {
  const [first] = devices;
  if (first === undefined || first.parents.length === 0 || first.physfn !== undefined) return devices;
  const card = first.address.slice(0, -2);
  const rest = pci.filter(
    (device) => device.address.slice(0, -2) === card && device.driver === vfioDriver && device.physfn === undefined && !isBridge(device),
  );
  return [...new Map([...devices, ...rest].map((device) => [device.address, device])).values()].toSorted((a, b) =>
    a.address.localeCompare(b.address),
  );
}

interface Around {
  readonly group: readonly PciDevice[];
  /** The kernel hands no device of this computer to anybody. */
  readonly refuses: boolean;
}

function whyUnready(device: PciDevice, { group, refuses }: Around): UnreadyDevice | undefined {
  const { address, driver, iommuGroup, vfioAccess } = device;
  if (iommuGroup === undefined) {
    return {
      address,
      reason: 'NoIommu',
      message: `${address} has no IOMMU group: the IOMMU is off, or there is none.`,
      fix: 'See Host devices: it tells what to switch on.',
    };
  }
  if (refuses) return { address, reason: 'NoInterruptRemapping', ...refusedInterrupts };
  if (driver !== vfioDriver) {
    return {
      address,
      reason: 'NotBound',
      message:
        driver === undefined
          ? `${address} has no driver yet, and vfio-pci is to have it.`
          : `${address} is driven by ${driver}, not by vfio-pci.`,
      fix: `Hand it to VFIO (Host devices), for a trial: virtdeck devices try ${address}`,
    };
  }
  const strangers = group.filter((one) => !isBridge(one) && one.driver !== undefined && one.driver !== vfioDriver);
  if (strangers.length > 0) {
    const list = strangers.map((one) => `${one.address} (${one.driver ?? ''})`).join(', ');
    return {
      address,
      reason: 'GroupNotViable',
      message: `The IOMMU group of ${address} is not viable: this computer uses ${list} of it.`,
      fix: 'Hand the whole group to VFIO (Host devices).',
    };
  }
  if (vfioAccess !== false) return undefined;
  return {
    address,
    reason: 'NoAccess',
    message: `You may not open ${device.vfioDevice ?? 'the VFIO group'} of ${address}.`,
    fix: 'Hand it to VFIO in Host devices, which makes it yours; or let a udev rule give /dev/vfio to the group kvm.',
  };
}

// ---------------------------------------------------------------- mediated devices

function mdevGrants({ mdevs = [], mdevParents = [] }: HostDeviceFacts, selector: string, nodeOf: NodeOf): Grants {
  const wanted = mdevs.filter(({ typeId, typeName }) => isMdevType({ id: typeId, name: typeName }, selector));
  const [closed, open] = [wanted.filter(({ vfioAccess }) => vfioAccess === false), wanted.filter(({ vfioAccess }) => vfioAccess !== false)];
  return {
    unready: closed.map(({ uuid, vfioDevice }) => ({
      address: uuid,
      reason: 'NoAccess',
      message: `You may not open ${vfioDevice ?? 'the VFIO group'} of ${uuid}.`,
      fix: 'Have Virtdeck make it, which makes it yours (Host devices); or let a udev rule give /dev/vfio to the group kvm.',
    })),
    grants: open.map(({ uuid, parent }) => ({
      id: uuid,
      devices: [{ type: 'mdev', uuid, parent }],
      node: nodeOf([parent, uuid], mdevParents.find(({ name }) => name === parent)?.numaNode),
    })),
  };
}

// ---------------------------------------------------------------- USB

/** A grant has one device for each selector, as KubeVirt hands them out. */
function usbGrants(
  usb: readonly UsbDevice[],
  selectors: readonly { readonly vendor: string; readonly product: string }[],
  nodeOf: NodeOf,
): Grants {
  const bySelector = selectors.map(({ vendor, product }) =>
    usb.filter(({ vendorId, productId }) => vendorId === vendor.toLowerCase() && productId === product.toLowerCase()),
  );
  const usable = bySelector.map((devices) => devices.filter(({ access }) => access !== false));
  const count = usable.length === 0 ? 0 : Math.min(...usable.map((devices) => devices.length));
  const grants = Array.from({ length: count }, (_, index): DeviceGrant => {
    const devices = usable.flatMap((list) => list[index] ?? []);
    return {
      id: `${usbGroup}${devices.map(({ port }) => port).join(' ')}`,
      devices: devices.map(({ port, bus }) => ({ type: 'usb', port, bus })),
      node: nodeOf(
        devices.map(({ port }) => port),
        undefined,
      ),
    };
  });
  const unready = bySelector.flat().filter(({ access }) => access === false);
  return {
    grants,
    unready: unready.map(({ port }) => ({
      address: port,
      reason: 'NoAccess',
      message: `You may not open the USB device at port ${port}.`,
      fix: 'Let a udev rule give it to you (TAG+="uaccess", or GROUP="kvm").',
    })),
  };
}
