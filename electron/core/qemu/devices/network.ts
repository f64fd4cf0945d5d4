// Owns network interfaces: the card that the guest sees and the network behind it.
// Must not create bridges or taps.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { derivedMac } from '../../defaults/derived-identity.ts';
import { normalizedMac } from '../../defaults/devices.ts';
import type { LaunchFacts } from '../../facts.ts';
import { jsonOption } from '../args.ts';
import { bootOrderOf } from '../boot-order.ts';
import { hostnameOf } from '../cloud-init.ts';
import { type Family, type Fragment, joined } from '../fragment.ts';
import { machineUuid } from '../identity.ts';
import type { Interface, Network } from '../manifest.ts';
import { maxNetworkPorts, onPort, onRootComplex } from '../pci.ts';
import { type PortForward, freePort, portForwardsOf, sortedByTaken } from '../port-forwards.ts';
import { userNetwork } from '../user-network.ts';

export const networkFamily: Family = (vmi, facts) => {
  const { interfaces = [] } = vmi.spec.domain.devices;
  const present = interfaces.map((card, index) => ({ card, index })).filter(({ card }) => card.state !== 'absent');
  return joined(
    present.map(({ card, index }) => interfaceOf({ vmi, facts, card, index, field: `spec.domain.devices.interfaces[${index}]` })),
  );
};

interface Context {
  readonly vmi: VirtualMachineInstance;
  readonly facts: LaunchFacts;
  readonly card: Interface;
  readonly index: number;
  readonly field: string;
}

function interfaceOf(context: Context): Fragment {
  const { vmi, card, field } = context;
  const network = vmi.spec.networks?.find(({ name }) => name === card.name);
  if (network === undefined) return { causes: [noNetwork(card.name, field)] };
  if (network.multus !== undefined) return { causes: [noMultus(vmi, network)] };
  const binding = bindingOf(card);
  if (binding === undefined || unavailable.includes(binding)) return { causes: [noBinding(binding, field)] };
  return joined([userBackend(context, network), cardOf(context), { warnings: approximations(binding, field) }]);
}

const userLike = ['masquerade', 'bridge', 'slirp', 'passt', 'passtBinding'] as const;
const bindings = [...userLike, 'macvtap', 'sriov', 'binding'] as const;
type Binding = (typeof bindings)[number];
const unavailable: readonly Binding[] = ['macvtap', 'sriov', 'binding'];

function bindingOf(card: Interface): Binding | undefined {
  return bindings.find((name) => card[name] !== undefined);
}

function approximations(binding: Binding, field: string): readonly Cause[] {
  if (binding === 'masquerade') return [];
  return [
    {
      reason: 'NotHonoured',
      field: `${field}.${binding}`,
      message: `Binding ${binding} becomes the user network: the guest reaches out through this computer, and in only through forwarded ports.`,
      fix: `Use ${field}.masquerade, which means the same here.`,
    },
  ];
}

function userBackend({ vmi, facts, card, index, field }: Context, network: Network): Fragment {
  const cidr = network.pod?.vmNetworkCIDR;
  const addresses = userNetwork(cidr);
  if (addresses === undefined) return { causes: [badCidr(cidr ?? '', network.name)] };
  const first = (vmi.spec.domain.devices.interfaces ?? []).findIndex(({ state }) => state !== 'absent') === index;
  const { forwards, causes } = first ? portForwardsOf(vmi) : { forwards: [], causes: [] };
  const { open, taken } = sortedByTaken(forwards, facts.takenPorts);
  return {
    args: [
      jsonOption(
        '-netdev',
        {
          type: 'user',
          id: `network-${card.name}`,
          ...addresses,
          hostname: hostnameOf(vmi),
          bootfile: card.dhcpOptions?.bootFileName,
          'tftp-server-name': card.dhcpOptions?.tftpServerName,
          ...(open.length === 0 ? {} : { hostfwd: open.map((forward) => ({ str: forwardText(forward) })) }),
        },
        { field, reason: 'A network inside QEMU: it needs no privilege, and nothing reaches the guest but through forwarded ports.' },
      ),
    ],
    causes: [...causes, ...taken.filter(({ fixed }) => fixed).map((forward) => portTaken(forward, facts))],
    warnings: taken.filter(({ fixed }) => !fixed).map(portLeftOut),
    passed: open.map(({ address, host, guest }) => `Port ${guest} of the guest answers at ${address}:${host}.`),
  };
}

function forwardText({ protocol, address, host, guest }: PortForward): string {
  return `${protocol}:${address}:${host}-:${guest}`;
}

interface Model {
  readonly driver: string;
  /** Conventional PCI: sits on the root complex, as a root port takes PCI Express only. */
  readonly conventional: boolean;
}

const models: Readonly<Record<string, Model>> = {
  virtio: { driver: 'virtio-net-pci', conventional: false },
  e1000: { driver: 'e1000', conventional: true },
  e1000e: { driver: 'e1000e', conventional: false },
  igb: { driver: 'igb', conventional: false },
  ne2k_pci: { driver: 'ne2k_pci', conventional: true },
  pcnet: { driver: 'pcnet', conventional: true },
  rtl8139: { driver: 'rtl8139', conventional: true },
};

function cardOf({ vmi, card, index, field }: Context): Fragment {
  const model = models[card.model ?? 'virtio'];
  if (model === undefined) return { causes: [unknownModel(card.model ?? '', field)] };
  if (index >= maxNetworkPorts) return { causes: [tooMany(field)] };
  const bootindex = bootOrderOf(vmi).interfaces.get(card.name);
  const id = `interface-${card.name}`;
  return {
    args: [
      jsonOption(
        '-device',
        {
          driver: model.driver,
          id,
          ...(model.conventional ? onRootComplex('conventionalNetwork', index) : onPort('network', index)),
          netdev: `network-${card.name}`,
          mac: card.macAddress === undefined ? derivedMac(`${machineUuid(vmi)}/${card.name}`) : normalizedMac(card.macAddress),
          'acpi-index': card.acpiIndex,
          // The boot ROM of a card that is not booted from costs a second at every start.
          ...(bootindex === undefined ? { romfile: '' } : { bootindex }),
        },
        { field },
      ),
    ],
    ...(card.state === 'down' ? { beforeCont: [{ execute: 'set_link', arguments: { name: id, up: false } }] } : {}),
  };
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

function noNetwork(name: string, field: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: `${field}.name`,
    message: `${field}.name '${name}' not found.`,
    fix: `Add a network of the name ${name} to spec.networks, or remove the interface.`,
  };
}

function noMultus({ spec }: VirtualMachineInstance, { name, multus }: Network): Cause {
  const index = (spec.networks ?? []).findIndex((network) => network.name === name);
  return {
    reason: 'NetworkNotAvailable',
    field: `spec.networks[${index}].multus`,
    message: `The network ${multus?.networkName ?? name} is not on this computer.`,
    fix: `Use spec.networks[${index}].pod: the user network.`,
  };
}

function noBinding(binding: string | undefined, field: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: binding === undefined ? field : `${field}.${binding}`,
    message: binding === undefined ? 'The interface says nothing of how it is connected.' : `Binding ${binding} is not available here.`,
    fix: `Use ${field}.masquerade.`,
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

function unknownModel(model: string, field: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: `${field}.model`,
    message: `There is no network card model ${model}.`,
    fix: `Use ${Object.keys(models).join(', ')}.`,
  };
}

function tooMany(field: string): Cause {
  return { reason: 'FieldValueInvalid', field, message: `There is place for ${maxNetworkPorts} network interfaces.`, fix: 'Remove some.' };
}
