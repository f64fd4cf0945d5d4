// Owns how a port of a guest is reached from this computer: through the user network, or by the guest's own address.
// Must not connect.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';

export type GuestRoute =
  /** QEMU's built-in network has no address here: it is told to let one connection in. */
  { readonly type: 'userNetwork'; readonly netdev: string } | { readonly type: 'address'; readonly address: string };

/** In the order to be tried. Empty: the machine has no network card that could be reached. */
export function guestRoutes({ spec, status }: VirtualMachineInstance): readonly GuestRoute[] {
  const networks = new Map((spec.networks ?? []).map((network) => [network.name, network]));
  const cards = (spec.domain.devices.interfaces ?? []).filter(({ state }) => state !== 'absent');
  return cards.flatMap(({ name }): readonly GuestRoute[] => {
    const addresses = status?.interfaces?.filter((row) => row.name === name).flatMap((row) => row.ipAddresses ?? []) ?? [];
    const byAddress = addresses.map((address): GuestRoute => ({ type: 'address', address }));
    return networks.get(name)?.multus === undefined ? [{ type: 'userNetwork', netdev: `network-${name}` }, ...byAddress] : byAddress;
  });
}
