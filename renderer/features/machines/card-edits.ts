// Owns edits of a machine's network cards: its cables, cards on networks, added and taken out. The core lets them reach a running machine.
// Must not send them.
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { domainPath, type Patch, specOf, unchanged } from './machine-edits.ts';

type Spec = ReturnType<typeof specOf>;
type Card = NonNullable<Spec['domain']['devices']['interfaces']>[number];
type Network = NonNullable<Spec['networks']>[number];

const cardsPath = `${domainPath}/devices/interfaces`;
const networksPath = '/spec/template/spec/networks';

/** `state` is left out of a card whose cable is in: that is what a manifest without it means. */
export function cablePatch(vm: VirtualMachine, name: string, isIn: boolean): Patch {
  return cardsPatch(vm, (card) => {
    if (card.name !== name) return [card];
    const { state: _state, ...rest } = card;
    return [isIn ? rest : { ...rest, state: 'down' }];
  });
}

export function takeOutPatch(vm: VirtualMachine, name: string): Patch {
  const networks = specOf(vm).networks ?? [];
  return [
    ...cardsPatch(vm, (card) => (card.name === name ? [] : [card])),
    ...unchanged(networksPath, networks),
    { op: 'add', path: networksPath, value: networks.filter((network) => network.name !== name) as never },
  ];
}

export interface NewCard {
  /** As a machine of the project names the network. */
  readonly networkName: string;
  readonly binding: 'bridge' | 'sriov';
}

/** A machine that says nothing of networks has the user network: it keeps it beside the new one. */
export function addCardPatch(vm: VirtualMachine, { networkName, binding }: NewCard): Patch {
  const { domain, networks } = specOf(vm);
  const { interfaces, autoattachPodInterface } = domain.devices;
  const isSilent = interfaces === undefined && networks === undefined && autoattachPodInterface !== false;
  const cards: readonly Card[] = isSilent ? [{ name: 'default', masquerade: {} }] : (interfaces ?? []);
  const before: readonly Network[] = isSilent ? [{ name: 'default', pod: {} }] : (networks ?? []);
  const name = freeName(networkName.split('/').at(-1) ?? networkName, [...cards, ...before]);
  return [
    ...unchanged(cardsPath, interfaces),
    { op: 'add', path: cardsPath, value: [...cards, { name, [binding]: {} }] as never },
    ...unchanged(networksPath, networks),
    { op: 'add', path: networksPath, value: [...before, { name, multus: { networkName } }] as never },
  ];
}

function cardsPatch(vm: VirtualMachine, change: (card: Card) => readonly Card[]): Patch {
  const cards = specOf(vm).domain.devices.interfaces ?? [];
  return [...unchanged(cardsPath, cards), { op: 'add', path: cardsPath, value: cards.flatMap(change) as never }];
}

/** KubeVirt's names of cards: letters, digits, dashes. */
function freeName(wanted: string, taken: readonly { readonly name: string }[]): string {
  const base = wanted.replaceAll(/[^A-Za-z0-9-]/g, '-');
  const isTaken = (name: string): boolean => taken.some((one) => one.name === name);
  for (let index = 2; isTaken(base); index += 1) if (!isTaken(`${base}-${index}`)) return `${base}-${index}`;
  return base;
}
