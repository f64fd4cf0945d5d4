// Owns what a map of devices shows of a group: its devices, its kind, and whether a filter lets it through.
// Must not judge a group; the core has.
import type { DeviceTrial } from '../../electron/api/device-trials.ts';
import type { DeviceGroup, GroupVerdict, HostDeviceReport, PciAddress, PciDevice } from '../../electron/api/host-devices.ts';

export const deviceKinds = ['display', 'network', 'storage', 'audio', 'usb', 'other'] as const;
export type DeviceKind = (typeof deviceKinds)[number];

export const verdictKinds = ['safe', 'takesOthers', 'cannotBeReset', 'wouldTakeHost', 'noIommu'] as const;

export interface GroupView {
  readonly group: DeviceGroup;
  /** With companions of other groups, which move with it. */
  readonly devices: readonly PciDevice[];
  readonly kinds: readonly DeviceKind[];
  /** Every device of it is vfio-pci's. */
  readonly isForMachines: boolean;
  readonly trial: DeviceTrial | undefined;
}

/** What machines may have, and the groups that it is of. */
export type OfferMap = Pick<HostDeviceReport, 'resources' | 'groups' | 'pci' | 'usb'>;

export const noOffers: OfferMap = { resources: [], groups: [], pci: [], usb: [] };

export interface DeviceFilter {
  readonly text: string;
  readonly kinds: readonly DeviceKind[];
  readonly verdicts: readonly GroupVerdict['kind'][];
}

export const noFilter: DeviceFilter = { text: '', kinds: [], verdicts: [] };

const classKinds: Readonly<Record<string, DeviceKind>> = { '01': 'storage', '02': 'network', '03': 'display', '04': 'audio' };

export function kindOf({ classCode }: Pick<PciDevice, 'classCode'>): DeviceKind {
  if (classCode.startsWith('0c03')) return 'usb';
  return classKinds[classCode.slice(0, 2)] ?? 'other';
}

export function groupViews(
  { groups, pci }: Pick<HostDeviceReport, 'groups' | 'pci'>,
  trials: readonly DeviceTrial[],
): readonly GroupView[] {
  const byAddress = new Map(pci.map((device) => [device.address, device]));
  const found = (addresses: readonly PciAddress[]): readonly PciDevice[] =>
    addresses.map((address) => byAddress.get(address)).filter((device) => device !== undefined);
  const views = groups.map((group) => {
    const devices = found([...group.addresses, ...group.companions]);
    return {
      group,
      devices,
      kinds: [...new Set(devices.map(kindOf))],
      isForMachines: devices.length > 0 && devices.every(({ driver }) => driver?.startsWith('vfio') === true),
      trial: trials.find(({ addresses }) => addresses.some((address) => group.addresses.includes(address))),
    };
  });
  // Groups that move together are one to whoever gives them away: a card whose functions lie apart is shown once.
  return [...new Map(views.toReversed().map((view) => [addressesOf(view), view])).values()].toReversed();
}

function addressesOf({ devices }: GroupView): string {
  return devices
    .map(({ address }) => address)
    .toSorted()
    .join(' ');
}

export function isShown({ group, devices, kinds }: GroupView, filter: DeviceFilter): boolean {
  if (filter.kinds.length > 0 && !kinds.some((kind) => filter.kinds.includes(kind))) return false;
  if (filter.verdicts.length > 0 && !filter.verdicts.includes(group.verdict.kind)) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const text = devices.map(searchText).join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

function searchText({ address, vendorId, deviceId, driver, names }: PciDevice): string {
  return [address, `${vendorId}:${deviceId}`, driver, names.vendor, names.device, names.subsystem, names.class].join(' ');
}

export function nameOf({ names, vendorId, deviceId }: PciDevice): string {
  const name = [names.vendor, names.device ?? names.class].filter(Boolean).join(' ');
  return name === '' ? `${vendorId}:${deviceId}` : name;
}

/** The one by which people call a group: a screen's before its sound. */
export function mainDevice({ devices }: GroupView): PciDevice | undefined {
  const order: readonly DeviceKind[] = ['display', 'network', 'storage', 'usb', 'audio', 'other'];
  return devices.toSorted((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)))[0];
}

/** What this computer lives on is not to be handed out. */
export function canBePrepared({ group: { verdict } }: GroupView): boolean {
  return verdict.kind !== 'wouldTakeHost';
}
