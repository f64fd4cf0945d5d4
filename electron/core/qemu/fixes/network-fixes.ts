// Owns what is offered for reasons in the network: definitions and bridges that are missing, cards, ports, what is booted.
// Must not judge.
import { annotations } from '../../../api/annotations.ts';
import type { FixAction } from '../../../api/fix-actions.ts';
import { readAttachment } from '../../network/attachment.ts';
import { freePort } from '../port-forwards.ts';
import { withoutSecureBoot } from './firmware-fixes.ts';
import { type Asked, type FixRow, added, change, removed, stillNamed } from './fix-row.ts';

const networks = /^spec\.networks\[\d+\]/;
const annotated = (name: string): string => `/metadata/annotations/${name.replaceAll('/', '~1')}`;
const withoutNetworkBoot = change('Boot from nothing of this computer', removed(annotated(annotations.networkBoot)));

export const networkFixes: readonly FixRow[] = [
  { reason: 'BridgeMissing', field: networks, offer: (asked) => [...makeBridge(asked), ...userNetwork(asked)] },
  {
    reason: ['NetworkMissing', 'BridgeDown', 'BridgeNotAllowed', 'VlanFilteringOff', 'VlanNotAvailable'],
    field: networks,
    offer: userNetwork,
  },
  {
    reason: 'FieldValueNotSupported',
    field: /^spec\.domain\.devices\.interfaces\[\d+\]\.model$/,
    offer: virtioCard,
  },
  {
    reason: 'NetworkBootNotSigned',
    field: /^spec\.domain\.devices\.interfaces\[\d+\]/,
    offer: (asked) => [...(hasOtherModel(asked) ? virtioCard(asked) : []), withoutSecureBoot],
  },
  { reason: 'FieldValueNotSupported', field: /^spec\.domain\.devices\.interfaces\[\d+\](\.\w+)?$/, offer: masquerade },
  { reason: 'FieldValueInvalid', field: /^spec\.domain\.devices\.interfaces\[\d+\]\.name$/, offer: withoutNetwork },
  {
    reason: ['NetworkBootMissing', 'FieldValueInvalid'],
    field: /^metadata\.annotations\['virtdeck\.io\/network-boot'\]$/,
    offer: () => [withoutNetworkBoot],
  },
  { reason: 'PortTaken', field: /^metadata\.annotations\[virtdeck\.io\/port-forwards\]\[\d+\]$/, offer: otherPort },
];

function makeBridge({ vmi, facts, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const { attachment } = readAttachment(facts.attachments[vmi.spec.networks?.[index]?.name ?? '']);
  const { privilege } = facts.host.network;
  // Without our program nobody here may make one.
  if (attachment?.type !== 'bridge' || (privilege !== 'root' && privilege !== 'pkexec')) return [];
  const { bridge, vlan } = attachment;
  return [{ type: 'MakeBridge', bridge, vlanFiltering: vlan !== undefined }];
}

function userNetwork({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.networks?.[index]?.name;
  const { interfaces = [] } = vmi.spec.domain.devices;
  const at = interfaces.findIndex((card) => card.name === name);
  const card = interfaces[at];
  // One network of a machine may be the computer's own.
  const isFree = !(vmi.spec.networks ?? []).some(({ pod }) => pod !== undefined);
  if (name === undefined || card === undefined || !isFree) return [];
  const { bridge: _bridge, ...rest } = card;
  const [network, device] = [`/spec/networks/${index}`, `/spec/domain/devices/interfaces/${at}`];
  return [
    change(
      `Put ${name} on this computer's connection`,
      stillNamed(network, name),
      added(network, { name, pod: {} }),
      stillNamed(device, name),
      added(device, { ...(rest as object), masquerade: {} }),
    ),
  ];
}

function virtioCard({ indexes: [index = 0] }: Asked): readonly FixAction[] {
  return [change('Use a virtio network card', added(`/spec/domain/devices/interfaces/${index}/model`, 'virtio'))];
}

function hasOtherModel({ vmi, indexes: [index = 0] }: Asked): boolean {
  return (vmi.spec.domain.devices.interfaces?.[index]?.model ?? 'virtio') !== 'virtio';
}

/** How a card is connected stands on it; which of its members says so, the cause's field may name. */
function masquerade({ vmi, cause, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const card = vmi.spec.domain.devices.interfaces?.[index];
  const binding = /\]\.(\w+)$/.exec(cause.field)?.[1];
  if (card === undefined || binding === 'model' || !('name' in card)) return [];
  const path = `/spec/domain/devices/interfaces/${index}`;
  const gone = binding === undefined ? [] : [removed(`${path}/${binding}`)];
  return [
    change(`Let ${card.name} reach out through this computer`, stillNamed(path, card.name), ...gone, added(`${path}/masquerade`, {})),
  ];
}

function withoutNetwork({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.domain.devices.interfaces?.[index]?.name;
  const path = `/spec/domain/devices/interfaces/${index}`;
  return name === undefined ? [] : [change(`Take the network card ${name} out`, stillNamed(path, name), removed(path))];
}

function otherPort({ vmi, facts, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const text = vmi.metadata.annotations?.[annotations.portForwards] ?? '[]';
  const list = JSON.parse(text) as readonly { readonly host: number }[];
  const one = list[index];
  const others = list.map(({ host }) => host);
  const free = one === undefined ? undefined : freePort(one.host, new Set([...facts.takenPorts, ...others]));
  if (one === undefined || free === undefined) return [];
  const path = annotated(annotations.portForwards);
  const next = JSON.stringify(list.with(index, { ...one, host: free }));
  return [change(`Use port ${free} of this computer`, { op: 'test', path, value: text }, added(path, next))];
}
