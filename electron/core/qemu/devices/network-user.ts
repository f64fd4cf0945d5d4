// Owns the user network behind a card: addresses, port forwards, what it boots from.
// Must not describe the card.
import type { Cause } from '../../../api/errors.ts';
import type { LaunchFacts } from '../../facts.ts';
import type { NetworkBootFact } from '../../network/network-boot-facts.ts';
import { networkBootOf } from '../../network/network-boot.ts';
import { jsonOption } from '../args.ts';
import { bootOrderOf } from '../boot-order.ts';
import { hostnameOf } from '../cloud-init.ts';
import type { Fragment } from '../fragment.ts';
import type { PlannedFile } from '../launch-plan.ts';
import type { Network } from '../manifest.ts';
import { type PortForward, freePort, portForwardsOf, sortedByTaken } from '../port-forwards.ts';
import { userNetwork } from '../user-network.ts';
import { type CardContext, netdevId } from './network-card.ts';

export function userBackend(
  { vmi, facts, card, index, field }: CardContext,
  network: Network,
): { readonly backend: Fragment; readonly bootFile: string | undefined } {
  const cidr = network.pod?.vmNetworkCIDR;
  const addresses = userNetwork(cidr);
  if (addresses === undefined) return { backend: { causes: [badCidr(cidr ?? '', network.name)] }, bootFile: undefined };
  const first = (vmi.spec.domain.devices.interfaces ?? []).findIndex(({ state }) => state !== 'absent') === index;
  const { forwards, causes } = first ? portForwardsOf(vmi) : { forwards: [], causes: [] };
  const { open, taken } = sortedByTaken(forwards, facts.takenPorts);
  const given = card.dhcpOptions?.bootFileName;
  // A card that is not booted from asks nobody for a boot file.
  const isBooted = bootOrderOf(vmi).interfaces.has(card.name);
  const boot = isBooted ? networkBootOf(vmi, facts.networkBoot, given) : { file: given, causes: [], passed: [] };
  const backend: Fragment = {
    args: [
      jsonOption(
        '-netdev',
        {
          type: 'user',
          id: netdevId(card),
          ...addresses,
          hostname: hostnameOf(vmi),
          tftp: 'folder' in boot ? boot.folder : undefined,
          bootfile: boot.file,
          'tftp-server-name': card.dhcpOptions?.tftpServerName,
          ...(open.length === 0 ? {} : { hostfwd: open.map((forward) => ({ str: forwardText(forward) })) }),
        },
        { field, reason: 'A network inside QEMU: it needs no privilege, and nothing reaches the guest but through forwarded ports.' },
      ),
    ],
    causes: [...causes, ...boot.causes, ...taken.filter(({ fixed }) => fixed).map((forward) => portTaken(forward, facts))],
    warnings: taken.filter(({ fixed }) => !fixed).map(portLeftOut),
    passed: [...boot.passed, ...open.map(({ address, host, guest }) => `Port ${guest} of the guest answers at ${address}:${host}.`)],
  };
  const fetched = facts.networkBoot?.state === 'toFetch' && isBooted ? [debianNetboot(facts.networkBoot)] : [];
  return { backend: { ...backend, files: fetched }, bootFile: boot.file };
}

function debianNetboot({ package: name, folder }: Extract<NetworkBootFact, { state: 'toFetch' }>): PlannedFile {
  return { type: 'debianPackage', package: name, to: folder };
}

function forwardText({ protocol, address, host, guest }: PortForward): string {
  return `${protocol}:${address}:${host}-:${guest}`;
}

function portTaken({ address, host, guest, field }: PortForward, { takenPorts }: LaunchFacts): Cause {
  const free = freePort(host, takenPorts);
  return {
    reason: 'PortTaken',
    field,
    message: `Port ${host} of ${address}, wanted for port ${guest} of the guest, is taken.`,
    fix: free === undefined ? 'Choose another host port.' : `Use ${free}, which is free.`,
  };
}

function portLeftOut({ address, host, guest, field }: PortForward): Cause {
  return {
    reason: 'PortTaken',
    field,
    message: `Port ${guest} of the guest is not reachable from this computer: ${address}:${host} is taken.`,
    fix: 'Add a port forward with a host port of your choice.',
  };
}

function badCidr(cidr: string, name: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: 'spec.networks',
    message: `The network ${name} has vmNetworkCIDR ${cidr}; it must be IPv4 from /8 to /27.`,
    fix: 'Use for example 10.0.2.0/24.',
  };
}
