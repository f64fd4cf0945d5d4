// Owns which changes of network cards reach a machine while it runs: cables, cards plugged in, cards plugged out.
// Must not plug; engine/card-hotplug.ts makes the machine what its run says.
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { canBePlugged } from '../qemu/devices/network-card.ts';
import type { Interface } from '../qemu/manifest.ts';
import { maxNetworkPorts } from '../qemu/pci.ts';
import { sameJson } from '../status/same-json.ts';

type Spec = VirtualMachineInstanceSpec;

/**
 * The run's spec with the cards of its definition, as far as a running machine can have them; the very same when nothing is to be
 * done. A card keeps its place in the list, since its place is its slot. One that the definition does not name any more is `absent`.
 */
export function withCardsOf(run: Spec, wanted: Spec): Spec {
  const cards = cardsOf(run);
  const kept = cards.map((card) => {
    const next = cardsOf(wanted).find(({ name }) => name === card.name);
    const state = next === undefined ? 'absent' : next.state;
    if (state === card.state || (state === 'absent' && !mayComeAndGo(run, card))) return card;
    // Any other change of a card needs another machine.
    return next === undefined || sameJson(withoutState(next), withoutState(card)) ? withState(card, state) : card;
  });
  const added = cardsOf(wanted).filter(
    (card) => card.state !== 'absent' && cards.every(({ name }) => name !== card.name) && mayComeAndGo(wanted, card),
  );
  const fitting = added.slice(0, Math.max(0, maxNetworkPorts - kept.length));
  if (fitting.length === 0 && kept.every((card, index) => card === cards[index])) return run;
  const networks = (wanted.networks ?? []).filter(({ name }) => fitting.some((card) => card.name === name));
  return {
    ...run,
    domain: { ...run.domain, devices: { ...run.domain.devices, interfaces: [...kept, ...fitting] } },
    networks: [...(run.networks ?? []), ...networks],
  };
}

/** For comparing a run with its definition: without cards that are out, and in an order of their own. */
export function comparableCards(spec: Spec): Spec {
  const byName = <Named extends { readonly name: string }>(list: readonly Named[]): Named[] =>
    list.toSorted((a, b) => a.name.localeCompare(b.name));
  if (spec.domain.devices.interfaces === undefined) return spec;
  const there = cardsOf(spec).filter(({ state }) => state !== 'absent');
  const networks = (spec.networks ?? []).filter(({ name }) => there.some((card) => card.name === name));
  return {
    ...spec,
    domain: { ...spec.domain, devices: { ...spec.domain.devices, interfaces: byName(there) } },
    networks: byName(networks),
  };
}

function cardsOf({ domain }: Spec): readonly Interface[] {
  return domain.devices.interfaces ?? [];
}

/** The user network is part of the machine: its ports are forwarded to one card. */
function mayComeAndGo({ networks = [] }: Spec, card: Interface): boolean {
  return canBePlugged(card) && networks.find(({ name }) => name === card.name)?.multus !== undefined;
}

function withoutState({ state: _state, ...card }: Interface): Omit<Interface, 'state'> {
  return card;
}

function withState(card: Interface, state: string | undefined): Interface {
  return state === undefined ? withoutState(card) : { ...card, state };
}
