// Owns the rules of one network card: binding, model, addresses, state, DHCP options.
// Must not hold the rules of its ports; ports.ts does.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../../api/kinds/virtual-machine-instance.ts';
import type { SpecRule } from '../machine/spec-rule.ts';
import { duplicate, invalid, notSupported } from '../rule.ts';
import { isGroupAddress, isIpv4Address, isPciAddress, macLength } from './addresses.ts';
import { isMultusDefault } from './networks.ts';
import { portRanges } from './port-ranges.ts';
import { ports } from './ports.ts';

type Card = NonNullable<VirtualMachineInstanceSpec['domain']['devices']['interfaces']>[number];
type Network = NonNullable<VirtualMachineInstanceSpec['networks']>[number];

export interface CardInPlace {
  readonly card: Card;
  readonly network: Network | undefined;
  /** `spec.domain.devices.interfaces[0]` */
  readonly field: string;
}

type CardRule = (place: CardInPlace) => readonly Cause[];

const bindings = ['bridge', 'slirp', 'masquerade', 'sriov', 'macvtap', 'passt', 'passtBinding', 'binding'] as const;

const oneBinding: CardRule = ({ card, field }) => {
  const set = bindings.filter((binding) => card[binding] !== undefined);
  if (set.length === 1) return [];
  return [
    invalid(
      field,
      `logical ${card.name} interface must have exactly one binding method or binding plugin`,
      set.length === 0 ? 'Add masquerade: {}.' : `Keep one of ${set.join(', ')}.`,
    ),
  ];
};

const discontinued: CardRule = ({ card, field }) => [
  ...(card.slirp === undefined
    ? []
    : [invalid(`${field}.slirp`, 'Slirp interface support has been discontinued since v1.3', 'Use masquerade.')]),
  ...(card.passt === undefined
    ? []
    : [invalid(`${field}.passt`, 'Passt network binding has been discontinued since v1.3', 'Use masquerade.')]),
  ...(card.macvtap === undefined
    ? []
    : [invalid(`${field}.macvtap`, 'Macvtap network binding has been discontinued since v1.3', 'Use bridge.')]),
];

const podOnly: CardRule = ({ card, network, field }) => {
  const onPod = network === undefined || network.pod !== undefined;
  return [
    ...(card.masquerade === undefined || onPod
      ? []
      : [invalid(`${field}.name`, 'Masquerade interface only implemented with pod network', 'Use bridge, or a network with pod: {}.')]),
    ...(card.passtBinding === undefined || onPod
      ? []
      : [invalid(`${field}.name`, 'PasstBinding interface only implemented with pod network', 'Use bridge.')]),
  ];
};

/** Ours: a function is of a network that names it, never of this computer's connection. */
const multusOnly: CardRule = ({ card, network, field }) =>
  card.sriov === undefined || network === undefined || network.multus !== undefined ? [] : [functionWithoutMultus(field)];

export function functionWithoutMultus(field: string): Cause {
  const fix = 'Use masquerade, or a network with multus of type sriov.';
  return invalid(`${field}.sriov`, 'SR-IOV interface only implemented with multus network', fix);
}

const name: CardRule = ({ card, field }) =>
  /^[A-Za-z0-9-_]+$/.test(card.name)
    ? []
    : [
        invalid(
          `${field}.name`,
          'Network interface name can only contain alphabetical characters, numbers, dashes (-) or underscores (_)',
          'Rename the card and its network.',
        ),
      ];

const models: readonly string[] = ['', 'e1000', 'e1000e', 'igb', 'ne2k_pci', 'pcnet', 'rtl8139', 'virtio'];

const model: CardRule = ({ card, field }) =>
  models.includes(card.model ?? '')
    ? []
    : [notSupported(`${field}.model`, `interface ${field}.name uses model ${card.model} that is not supported.`, 'Use virtio or e1000e.')];

/** Of KubeVirt's bridge in the pod: the same address there would cut the guest off. */
const reservedMac = '02:00:00:00:00:00';

const macAddress: CardRule = ({ card, field }) => {
  const text = card.macAddress ?? '';
  if (text === '') return [];
  const length = macLength(text);
  const fix = 'Write six pairs of hexadecimal digits, such as 02:12:34:56:78:9a.';
  if (length === undefined) return [invalid(`${field}.macAddress`, `interface ${field}.name has malformed MAC address (${text}).`, fix)];
  if (length > 6) return [invalid(`${field}.macAddress`, `interface ${field}.name has too long MAC address (${text}).`, fix)];
  // Ours: every kernel refuses such an address for a card, so the guest would have no network.
  if (isGroupAddress(text)) {
    const message = `interface ${field}.name has MAC address ${text}, which is a group's or nobody's.`;
    return [invalid(`${field}.macAddress`, message, 'Make the second digit even, as in 02:12:34:56:78:9a.')];
  }
  if (card.masquerade === undefined || text.toLowerCase() !== reservedMac) return [];
  return [invalid(`${field}.macAddress`, 'The requested MAC address is reserved for the in-pod bridge. Please choose another one.', fix)];
};

const pciAddress: CardRule = ({ card, field }) => {
  const text = card.pciAddress ?? '';
  if (text === '' || isPciAddress(text)) return [];
  return [invalid(`${field}.pciAddress`, `interface ${field}.name has malformed PCI address (${text}).`, 'Write it as 0000:81:01.0.')];
};

const state: CardRule = ({ card, network, field }) => {
  const text = card.state ?? '';
  const say = (message: string, fix: string): Cause[] => [invalid(`${field}.state`, message, fix)];
  if (text === '') return [];
  if (!['up', 'down', 'absent'].includes(text)) {
    return say(`logical ${card.name} interface state value is unsupported: ${text}`, 'Use up, down or absent.');
  }
  const quoted = `"${card.name}" interface's state "${text}"`;
  if (card.sriov !== undefined && text !== 'absent') return say(`${quoted} is not supported for SR-IOV NICs`, 'Leave out the state.');
  if (text !== 'absent') return [];
  if (card.bridge === undefined && card.binding === undefined) {
    return say(`${quoted} is supported only for bridge binding`, 'Remove the card instead.');
  }
  const onDefault = network?.pod !== undefined || (network !== undefined && isMultusDefault(network));
  return onDefault ? say(`${quoted} is not supported on default networks`, 'Remove the card instead.') : [];
};

const dhcpOptions: CardRule = ({ card, field }) => {
  const { privateOptions = [], ntpServers = [] } = card.dhcpOptions ?? {};
  const where = `${field}.dhcpOptions`;
  const numbers = privateOptions.map(({ option }) => option);
  return [
    ...(numbers.some((option) => option < 224 || option > 254)
      ? [invalid(`${where}.privateOptions`, 'provided DHCPPrivateOptions are out of range, must be in range 224 to 254', 'Use 224 to 254.')]
      : []),
    ...(new Set(numbers).size < numbers.length
      ? [invalid(`${where}.privateOptions`, 'Found Duplicates: you have provided duplicate DHCPPrivateOptions', 'Keep one of each.')]
      : []),
    ...ntpServers.flatMap((server, index) =>
      isIpv4Address(server)
        ? []
        : [invalid(`${where}.ntpServers[${index}]`, 'NTP servers must be a list of valid IPv4 addresses.', 'Write an IPv4 address.')],
    ),
  ];
};

const cardRules: readonly CardRule[] = [
  oneBinding,
  discontinued,
  podOnly,
  multusOnly,
  name,
  model,
  macAddress,
  pciAddress,
  state,
  dhcpOptions,
  ports,
  portRanges,
];

export const interfaces: SpecRule = (spec, path) =>
  (spec.domain.devices.interfaces ?? []).flatMap((card, index) => {
    const place: CardInPlace = {
      card,
      network: spec.networks?.find((network) => network.name === card.name),
      field: `${path}.domain.devices.interfaces[${index}]`,
    };
    return cardRules.flatMap((rule) => rule(place));
  });

/** Ours: two cards with one address take each other's packets. */
export const uniqueMacs: SpecRule = (spec, path) => {
  const macs = (spec.domain.devices.interfaces ?? []).map(({ macAddress: text = '' }) => text.replaceAll(/[-:.]/g, '').toLowerCase());
  return macs.flatMap((mac, index) => {
    if (mac === '' || macs.indexOf(mac) === index) return [];
    const field = `${path}.domain.devices.interfaces[${index}].macAddress`;
    const other = `${path}.domain.devices.interfaces[${macs.indexOf(mac)}].macAddress`;
    return [duplicate(field, `${field} and ${other} must not be the same`, 'Change one of them.')];
  });
};
