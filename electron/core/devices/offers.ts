// Owns telling what each name of the allow list stands for now: free, in use by whom, or why it cannot be handed out.
// Must not hand anything out.
import type { HostDeviceFacts, OfferedDevice, OfferedResource, PciDevice } from '../../api/host-devices.ts';
import { addressOf, type DeviceFacts } from './assignment.ts';
import type { DeviceGrant, UnreadyDevice } from './permitted.ts';

type Facts = Pick<HostDeviceFacts, 'pci' | 'usb' | 'mdevs'>;

export function offeredResources(facts: Facts, { resources, held }: Pick<DeviceFacts, 'resources' | 'held'>): readonly OfferedResource[] {
  return resources.map(({ name, selectors, grants, unready }) => ({
    name,
    selectors,
    devices: [...grants.map((grant) => ready(grant, facts, held)), ...unready.map((device) => notReady(device, facts))].toSorted((a, b) =>
      a.address.localeCompare(b.address),
    ),
  }));
}

function ready(grant: DeviceGrant, facts: Facts, held: DeviceFacts['held']): OfferedDevice {
  const addresses = grant.devices.map(addressOf);
  const [address = grant.id] = addresses;
  const usedBy = [grant.id, ...addresses].map((one) => held.get(one)).find((holder) => holder !== undefined);
  return { address, addresses, node: grant.node, ...described(address, facts), ...(usedBy === undefined ? {} : { usedBy }) };
}

function notReady({ address, reason, message, fix }: UnreadyDevice, facts: Facts): OfferedDevice {
  return { address, addresses: [address], ...described(address, facts), unready: { reason, message, fix } };
}

function described(address: string, facts: Facts): Pick<OfferedDevice, 'isDisplay' | 'label'> {
  const { pci, usb, mdevs = [] } = facts;
  const part = mdevs.find(({ uuid }) => uuid === address);
  if (part !== undefined) {
    const card = described(part.parent, facts);
    return { ...card, label: [part.typeName ?? part.typeId, card.label ?? part.parent].join(' · ') };
  }
  const device = pci.find((one) => one.address === address);
  const plugged = usb.find(({ port }) => port === address);
  const label = device === undefined ? [plugged?.names.vendor, plugged?.names.product] : [device.names.vendor, nameOf(device)];
  const text = label.filter((word) => word !== undefined).join(' ');
  return { isDisplay: device?.classCode.startsWith('03') === true, ...(text === '' ? {} : { label: text }) };
}

function nameOf({ names }: PciDevice): string | undefined {
  return names.device ?? names.class;
}
