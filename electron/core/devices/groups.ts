// Owns which devices move together and whether they may: groups of the IOMMU, cards, and the verdict on each.
// Must not read the computer; it judges what host found.
import type { DeviceGroup, GroupVerdict, HostDeviceFacts, HostUse, PciAddress, PciDevice } from '../../api/host-devices.ts';

/** Ordered by address. Bridges are in no group: they stay with the kernel, which makes no group unfit by that. */
export function deviceGroups({ pci }: Pick<HostDeviceFacts, 'pci'>): readonly DeviceGroup[] {
  const endpoints = pci.filter((device) => !isBridge(device));
  const members = Map.groupBy(endpoints, (device) => device.iommuGroup ?? device.address);
  return [...members.values()].map((group) => judged(group, pci)).toSorted((a, b) => a.id.localeCompare(b.id));
}

export function groupOf(groups: readonly DeviceGroup[], address: PciAddress): DeviceGroup | undefined {
  return groups.find((group) => group.addresses.includes(address));
}

/** Everything that leaves the computer when this group does. */
export function movedTogether({ addresses, companions }: DeviceGroup): readonly PciAddress[] {
  return [...addresses, ...companions].toSorted();
}

/** Host bridges and bridges between buses. An ISA bridge is of the same class, and is a device with a driver. */
export function isBridge({ classCode }: PciDevice): boolean {
  return ['0600', '0604', '0609'].includes(classCode.slice(0, 4));
}

function judged(group: readonly PciDevice[], pci: readonly PciDevice[]): DeviceGroup {
  const sorted = group.toSorted((a, b) => a.address.localeCompare(b.address));
  const addresses = sorted.map(({ address }) => address);
  const companions = companionsOf(sorted, pci);
  const all = [...sorted, ...companions];
  return {
    id: addresses[0] ?? '',
    addresses,
    companions: companions.map(({ address }) => address),
    verdict: verdict(all, pci),
  };
}

/**
 * Functions of one card that lie in other groups. The card is reset as a whole unless each function can be reset alone, and a
 * graphics card's audio and USB-C functions do not work well apart from it. On a root bus functions are parts of the chipset,
 * each its own; and virtual functions are made to be apart.
 */
function companionsOf(group: readonly PciDevice[], pci: readonly PciDevice[]): readonly PciDevice[] {
  const inGroup = new Set(group.map(({ address }) => address));
  const cards = new Set(group.filter(isOfCard).filter(needsWholeCard).map(cardOf));
  return pci.filter(
    (device) => !inGroup.has(device.address) && cards.has(cardOf(device)) && !isBridge(device) && isOfCard(device) && group.some(isOfCard),
  );
}

function isOfCard({ parents, physfn }: PciDevice): boolean {
  return parents.length > 0 && physfn === undefined;
}

/** All functions of a graphics card, from whichever of them one looks. */
function needsWholeCard({ classCode, resetMethods }: PciDevice): boolean {
  return ['03', '04', '0c'].includes(classCode.slice(0, 2)) || !resetMethods.includes('flr');
}

function cardOf({ address }: PciDevice): string {
  return address.slice(0, address.lastIndexOf('.'));
}

function verdict(moved: readonly PciDevice[], pci: readonly PciDevice[]): GroupVerdict {
  // Before all: what this computer lives on is not prepared for the day when it has an IOMMU, either.
  const uses = moved.flatMap(({ address, hostUses }) => hostUses.filter(isVital).map((use) => ({ address, ...use })));
  if (uses.length > 0) return { kind: 'wouldTakeHost', uses };
  if (moved.some(({ iommuGroup }) => iommuGroup === undefined)) return { kind: 'noIommu' };
  const stuck = moved.filter((device) => !canBeReset(device, moved, pci)).map(({ address }) => address);
  if (stuck.length > 0) return { kind: 'cannotBeReset', addresses: stuck };
  const [, ...others] = moved.map(({ address }) => address);
  return others.length > 0 ? { kind: 'takesOthers', others } : { kind: 'safe' };
}

export function isVital({ kind }: HostUse): boolean {
  return kind !== 'audio';
}

/** Alone, or by a reset of its bus when all that is on the bus moves with it: VFIO's hot reset. */
function canBeReset(device: PciDevice, moved: readonly PciDevice[], pci: readonly PciDevice[]): boolean {
  if (device.resetMethods.length > 0) return true;
  const bridge = device.parents.at(-1);
  if (bridge === undefined) return false;
  const onBus = pci.filter(({ parents }) => parents.at(-1) === bridge);
  return onBus.every(({ address }) => moved.some((one) => one.address === address));
}
