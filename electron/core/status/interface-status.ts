// Owns status.interfaces: the cards of the definition, completed by what the guest agent says.
// Must not ask the guest.
import type { VirtualMachineInstanceSpec, VirtualMachineInstanceStatus } from '../../api/kinds/virtual-machine-instance.ts';
import type { GuestInterface } from '../facts.ts';

type InterfaceStatus = NonNullable<VirtualMachineInstanceStatus['interfaces']>[number];

/** The machine's own cards first, in their order; then what the guest made itself (bridges, tunnels). Loopback is left out. */
export function interfaceStatuses(spec: VirtualMachineInstanceSpec, guest: readonly GuestInterface[]): InterfaceStatus[] {
  const cards = (spec.domain.devices.interfaces ?? []).filter(({ state }) => state !== 'absent');
  const seen = guest.filter(({ interfaceName }) => interfaceName !== 'lo');
  const macOf = (mac: string | undefined): string => (mac ?? '').toLowerCase();
  const own = cards.map(({ name, macAddress, state }): InterfaceStatus => {
    const found = seen.find(({ mac }) => macAddress !== undefined && macOf(mac) === macOf(macAddress));
    const card: InterfaceStatus = {
      name,
      ...(macAddress === undefined ? {} : { mac: macAddress }),
      ...(state === 'down' ? { linkState: state } : {}),
    };
    return found === undefined ? { ...card, infoSource: 'domain' } : { ...card, ...addresses(found), infoSource: 'domain, guest-agent' };
  });
  const made = seen
    .filter(({ mac }) => !cards.some(({ macAddress }) => macOf(macAddress) === macOf(mac)))
    .map((found): InterfaceStatus => ({ mac: found.mac, ...addresses(found), infoSource: 'guest-agent' }));
  return [...own, ...made];
}

/** What the guest agent said before, read back from the status. */
export function knownOfGuest(before: readonly InterfaceStatus[] | undefined): readonly GuestInterface[] {
  return (before ?? []).flatMap(({ interfaceName, mac, ipAddresses = [] }) =>
    interfaceName === undefined || mac === undefined ? [] : [{ interfaceName, mac, ipAddresses }],
  );
}

function addresses({ interfaceName, ipAddresses }: GuestInterface): InterfaceStatus {
  const sorted = ipAddresses.toSorted((a, b) => rank(a) - rank(b));
  const [ipAddress] = sorted;
  return { interfaceName, ...(ipAddress === undefined ? {} : { ipAddress, ipAddresses: sorted }) };
}

/** The address one would type comes first: IPv4, then global IPv6, then link-local. */
function rank(address: string): number {
  if (!address.includes(':')) return address.startsWith('169.254.') ? 2 : 0;
  return address.toLowerCase().startsWith('fe80:') ? 3 : 1;
}
