// Owns plugging network cards into a running machine and out of it, and their cables, until what runs is what its run says.
// Must not decide which cards there are. Every step can be taken again after a kill of the core.
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { tapName } from '../core/network/interface-name.ts';
import { interfaceFragment } from '../core/qemu/devices/network.ts';
import { cardId, netdevId } from '../core/qemu/devices/network-card.ts';
import type { Interface } from '../core/qemu/manifest.ts';
import { portId } from '../core/qemu/pci.ts';
import type { EngineContext } from './context.ts';
import { gatherLaunchFacts } from './launch-facts.ts';
import type { Guest } from './machines.ts';
import { orWasAsked, peripherals } from './peripherals.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';
import { applyFact } from './vmi-facts.ts';

/** A guest that is up lets go of a card within moments; one that boots may never do, and is asked again. */
const againMs = 15_000;

interface Work {
  readonly context: EngineContext;
  readonly guest: Guest;
  readonly vmi: VirtualMachineInstance;
}

/** What of a run the cards are made from: while it stays the same there is nothing to do. */
export function cardsText({ spec }: Pick<VirtualMachineInstance, 'spec'>): string {
  return JSON.stringify(spec.domain.devices.interfaces ?? []);
}

/** Brings the cards of a running machine one look nearer to its run. Never throws for a card that cannot be had. */
export async function syncCards(context: EngineContext, key: ObjectKey, guest: Guest): Promise<void> {
  const vmi = read(context.store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi === undefined || guest.stop !== undefined) return;
  const text = cardsText(vmi);
  if (guest.cards === text) return;
  const work: Work = { context, guest, vmi };
  try {
    const isDone = await syncAll(work);
    applyFact(context, key, { type: 'CardsChanged' });
    if (isDone) guest.cards = text;
    else context.wakeAt(key, context.clock.now() + againMs);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.events.record(vmi, { type: 'Warning', reason: 'FailedCardHotplug', message: textOf(error) });
    context.wakeAt(key, context.clock.now() + againMs);
  }
}

/** False while a guest has not let go of a card. */
async function syncAll(work: Work): Promise<boolean> {
  const { guest, vmi } = work;
  const there = await peripherals(guest);
  let isDone = true;
  for (const card of vmi.spec.domain.devices.interfaces ?? []) {
    const isThere = there.includes(cardId(card));
    // A virtual function is the machine's from start to end, and its link is the card's.
    if (card.sriov !== undefined) continue;
    if (card.state === 'absent') isDone = (await plugOut(work, card, isThere)) && isDone;
    else if (isThere) await setLink(guest, card);
    else await plugIn(work, card, there);
  }
  return isDone;
}

async function plugIn({ context, guest, vmi }: Work, card: Interface, there: readonly string[]): Promise<void> {
  const index = (vmi.spec.domain.devices.interfaces ?? []).findIndex(({ name }) => name === card.name);
  if (!there.includes(portId('network', index))) {
    throw new AppError('Conflict', `The running machine has no free slot for the card ${card.name}: restart it to add the card.`);
  }
  const { args = [], taps = [], causes = [] } = interfaceFragment(vmi, await gatherLaunchFacts(context, vmi), card.name);
  if (causes.length > 0) throw new AppError('Conflict', causes.map(({ message }) => message).join(' '), { causes });
  if (taps.length > 0) await context.host.network.connect({ runDir: guest.runDir, taps });
  for (const { flag, value } of args) {
    if (typeof value !== 'object') continue;
    await guest.machine.qmp(flag === '-netdev' ? 'netdev_add' : 'device_add', value);
  }
  await setLink(guest, card);
  context.events.record(vmi, { type: 'Normal', reason: 'CardPlugged', message: `The network card ${card.name} was plugged in.` });
}

/** The guest is asked to let go; its answer wakes us. True when card and network are gone. */
async function plugOut({ context, guest, vmi }: Work, card: Interface, isThere: boolean): Promise<boolean> {
  if (isThere) {
    await orWasAsked(() => guest.machine.qmp('device_del', { id: cardId(card) }));
    return false;
  }
  const wasThere = await orWasAsked(() => guest.machine.qmp('netdev_del', { id: netdevId(card) }));
  await context.host.network.release(guest.runDir, tapName(vmi.metadata.uid, card.name));
  if (wasThere)
    context.events.record(vmi, { type: 'Normal', reason: 'CardUnplugged', message: `The network card ${card.name} was taken out.` });
  return true;
}

async function setLink(guest: Guest, card: Interface): Promise<void> {
  await guest.machine.qmp('set_link', { name: cardId(card), up: card.state !== 'down' });
}
