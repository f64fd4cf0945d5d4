// Owns fitting a machine to another place, whichever way it goes: networks that are not there, nodes that are others.
// Must not know which place it is.
import type { Remark } from '../../api/kinds/transfer.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';

export type MachineSpec = NonNullable<VirtualMachine['spec']['template']['spec']>;

export interface Fitted {
  readonly spec: MachineSpec;
  readonly remarks: readonly Remark[];
}

const base = 'spec.template.spec';

/** A card on a network that is not there goes to the pod network, if no other card is on it; else it is left out. */
export function fittedNetworks(spec: MachineSpec, isMissing: (index: number) => boolean): Fitted {
  const networks = spec.networks ?? [];
  const cards = spec.domain.devices.interfaces ?? [];
  const missing = networks.flatMap((network, index) => (network.multus !== undefined && isMissing(index) ? [{ network, index }] : []));
  if (missing.length === 0) return { spec, remarks: [] };
  const hasPod = networks.some(({ pod }) => pod !== undefined);
  const moved = hasPod ? undefined : missing[0]?.network.name;
  const left = new Set(missing.map(({ network }) => network.name).filter((name) => name !== moved));
  const remarks = missing.map(({ network, index }): Remark => {
    const field = `${base}.networks[${index}]`;
    const name = network.multus?.networkName ?? '';
    if (network.name === moved) {
      return { type: 'changed', field, message: `There is no network ${name} there: the card is put on the pod network.` };
    }
    return { type: 'removed', field, message: `There is no network ${name} there: the card is left out.` };
  });
  const { interfaces: _cards, ...devices } = spec.domain.devices;
  return {
    spec: {
      ...spec,
      networks: networks
        .filter(({ name }) => !left.has(name))
        .map((network) => (network.name === moved ? { name: network.name, pod: {} } : network)),
      domain: {
        ...spec.domain,
        devices: {
          ...devices,
          interfaces: cards
            .filter(({ name }) => !left.has(name))
            .map((card) => {
              if (card.name !== moved) return card;
              const { bridge: _bridge, sriov: _sriov, ...rest } = card;
              return { ...rest, masquerade: {} };
            }),
        },
      },
    },
    remarks,
  };
}

const hostLabel = 'kubernetes.io/hostname';
const ownLabel = /^topology\.virtdeck\.io\//;

/** A node of this computer is none of a cluster: what names one of them would wait for ever. */
export function withoutOwnNodes(spec: MachineSpec, hostname: string): Fitted {
  const selector = Object.entries(spec.nodeSelector ?? {});
  const isOwn = ([key, value]: readonly [string, string]): boolean => ownLabel.test(key) || (key === hostLabel && value === hostname);
  const remarks: Remark[] = selector
    .filter(isOwn)
    .map(([key]) => ({ type: 'removed', field: `${base}.nodeSelector[${key}]`, message: 'It names a node of this computer.' }));
  const { nodeSelector: _selector, affinity, ...rest } = spec;
  const kept = selector.filter((entry) => !isOwn(entry));
  const withSelector: MachineSpec = { ...rest, ...(kept.length === 0 ? {} : { nodeSelector: Object.fromEntries(kept) }) };
  if (affinity === undefined) return { spec: withSelector, remarks };
  if (!JSON.stringify(affinity).includes('topology.virtdeck.io/')) return { spec: { ...withSelector, affinity }, remarks };
  return {
    spec: withSelector,
    remarks: [
      ...remarks,
      { type: 'removed', field: `${base}.affinity`, message: 'It speaks of the memory nodes and caches of this computer.' },
    ],
  };
}
