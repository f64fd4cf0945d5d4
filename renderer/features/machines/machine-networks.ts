// Owns which network interfaces a machine has, with the addresses its run reports.
// Must not guess an address.
import type { Event } from '../../../electron/api/kinds/event.ts';
import type { MachineView } from './machine-view.ts';

export type Binding = 'masquerade' | 'bridge' | 'user' | 'sriov' | 'other';

export interface MachineInterface {
  readonly name: string;
  readonly network: 'pod' | 'multus' | 'none';
  readonly networkName?: string;
  readonly binding: Binding;
  readonly model?: string;
  readonly mac?: string;
  readonly addresses: readonly string[];
  /** The cable. */
  readonly isIn: boolean;
}

export function machineInterfaces({ vm, vmi }: Pick<MachineView, 'vm' | 'vmi'>): readonly MachineInterface[] {
  const spec = vmi?.spec ?? vm.spec.template.spec;
  const networks = new Map((spec?.networks ?? []).map((network) => [network.name, network]));
  const cards = (spec?.domain.devices.interfaces ?? []).filter(({ state }) => state !== 'absent');
  return cards.map((card) => {
    const seen = vmi?.status?.interfaces?.find(({ name }) => name === card.name);
    const network = networks.get(card.name);
    return {
      name: card.name,
      network: network?.multus !== undefined ? 'multus' : network?.pod !== undefined ? 'pod' : 'none',
      networkName: network?.multus?.networkName,
      binding: bindingOf(card),
      model: card.model,
      mac: seen?.mac ?? card.macAddress,
      isIn: card.state !== 'down',
      addresses: seen?.ipAddresses ?? (seen?.ipAddress === undefined ? [] : [seen.ipAddress]),
    };
  });
}

/** Twice as long as the core waits between two tries. */
const tryMs = 30_000;

/** Why a network card is not plugged into the running machine, as long as the core tries. */
export function cardHindrance(
  events: readonly Event[],
  { namespace, name, now }: { readonly namespace: string; readonly name: string; readonly now: number },
): string | undefined {
  const newest = events
    .filter(({ reason, involvedObject: about }) => about.name === name && about.namespace === namespace && cardReasons.has(reason))
    .toSorted((a, b) => b.lastTimestamp.localeCompare(a.lastTimestamp))[0];
  if (newest?.reason !== 'FailedCardHotplug' || Date.parse(newest.lastTimestamp) + tryMs < now) return undefined;
  return newest.message;
}

const cardReasons: ReadonlySet<string> = new Set(['FailedCardHotplug', 'CardPlugged', 'CardUnplugged']);

function bindingOf(
  card: Readonly<Record<'masquerade' | 'bridge' | 'slirp' | 'passt' | 'passtBinding' | 'sriov', unknown>> | object,
): Binding {
  if ('masquerade' in card) return 'masquerade';
  if ('bridge' in card) return 'bridge';
  if ('slirp' in card || 'passt' in card || 'passtBinding' in card) return 'user';
  return 'sriov' in card ? 'sriov' : 'other';
}
