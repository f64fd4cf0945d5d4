// Owns which network cards of a machine are virtual functions of a card of this computer, of which resource, and what they are called among its devices.
// Must not choose the functions; assignment.ts does.
import { isFunctionCard } from '../../api/function-card.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { networkKey } from '../network/network-key.ts';

type Devices = VirtualMachineInstance['spec']['domain']['devices'];

export interface FunctionCard {
  readonly card: NonNullable<Devices['interfaces']>[number];
  /** `spec.domain.devices.interfaces[0]`. */
  readonly field: string;
}

export function functionCards({ interfaces = [] }: Pick<Devices, 'interfaces'>): readonly FunctionCard[] {
  return interfaces
    .map((card, index) => ({ card, field: `spec.domain.devices.interfaces[${index}]` }))
    .filter(({ card }) => isFunctionCard(card));
}

/** `namespace/name` of each NetworkAttachmentDefinition that names a resource → the resource that its virtual functions are of. */
export type NetworkResources = ReadonlyMap<string, string>;

/** Undefined where the card's network is not there, or names none. */
export function functionResource(
  { metadata, spec }: Pick<VirtualMachineInstance, 'metadata' | 'spec'>,
  { card }: Pick<FunctionCard, 'card'>,
  networkResources: NetworkResources,
): string | undefined {
  const multus = spec.networks?.find(({ name }) => name === card.name)?.multus;
  return multus === undefined ? undefined : networkResources.get(networkKey(multus.networkName, metadata.namespace));
}

const prefix = 'interface/';

/** Beside `gpus` and `hostDevices`, whose names have no slash. */
export function functionCardName(card: string): string {
  return `${prefix}${card}`;
}

/** Name of the card; empty for a device that is none. */
export function cardOfFunction(name: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : '';
}
