// Owns giving a running machine more processors and memory, until QEMU has what its run says.
// Must not decide whether it may have them; growth-grant.ts does. Every step can be taken again after a kill of the core.
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { Json, ObjectKey } from '../api/object.ts';
import { mebibytesOf } from '../api/quantity.ts';
import { resources } from '../api/resources.ts';
import { laterMemoryId } from '../core/qemu/devices/memory.ts';
import { processorsToAdd } from '../core/qemu/processor-hotplug.ts';
import type { GrowthPart } from '../core/reconcile/growth.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';
import { applyFact } from './vmi-facts.ts';

const mebibyte = 1024 * 1024;

interface Work {
  readonly context: EngineContext;
  readonly guest: Guest;
  readonly vmi: VirtualMachineInstance;
  readonly key: ObjectKey;
}

/** What of a run is looked at here: while it stays the same there is nothing to do. */
export function sizeText({ spec: { domain } }: Pick<VirtualMachineInstance, 'spec'>): string {
  return JSON.stringify([domain.cpu?.sockets, domain.memory?.guest]);
}

export async function syncSize(context: EngineContext, key: ObjectKey, guest: Guest): Promise<void> {
  const vmi = read(context.store, { ...key, resource: resources.virtualMachineInstances });
  if (vmi === undefined || guest.stop !== undefined) return;
  const text = sizeText(vmi);
  if (guest.size === text) return;
  const work: Work = { context, guest, vmi, key };
  const { cpu, memory } = vmi.spec.domain;
  // Machines without room cannot have grown.
  if (cpu?.maxSockets === undefined && memory?.maxGuest === undefined) {
    guest.size = text;
    return;
  }
  const isDone = [await tried(work, 'cpu', addProcessors), await tried(work, 'memory', resizeMemory)];
  if (!isDone.includes(false)) await tell(work);
  // What QEMU refuses once it refuses again: another change of the definition is another try.
  guest.size = text;
}

async function tried(work: Work, part: GrowthPart, act: (work: Work) => Promise<void>): Promise<boolean> {
  const { context, key, vmi } = work;
  try {
    await act(work);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    applyFact(context, key, { type: 'GrowthFailed', part, message: textOf(error) });
    context.events.record(vmi, { type: 'Warning', reason: 'FailedHotplug', message: textOf(error) });
    return false;
  }
}

async function addProcessors({ context, guest, vmi }: Work): Promise<void> {
  const wanted = processorsToAdd(await guest.machine.qmp('query-hotpluggable-cpus'), vmi.spec.domain.cpu?.sockets ?? 1);
  for (const processor of wanted) await guest.machine.qmp('device_add', processor);
  if (wanted.length === 0) return;
  const message = wanted.length === 1 ? '1 processor was plugged in.' : `${wanted.length} processors were plugged in.`;
  context.events.record(vmi, { type: 'Normal', reason: 'ProcessorsPlugged', message });
}

async function resizeMemory({ context, guest, vmi }: Work): Promise<void> {
  if (vmi.spec.domain.memory?.maxGuest === undefined || vmi.spec.domain.memory.hugepages !== undefined) return;
  const atBootMiB = mebibytesOf(vmi.status?.memory?.guestAtBoot) ?? 0;
  const guestMiB = mebibytesOf(vmi.spec.domain.memory.guest) ?? atBootMiB;
  const property = { path: `/machine/peripheral/${laterMemoryId}`, property: 'requested-size' };
  const requested = (guestMiB - atBootMiB) * mebibyte;
  const before = await guest.machine.qmp('qom-get', property);
  if (before === requested) return;
  await guest.machine.qmp('qom-set', { ...property, value: requested });
  context.events.record(vmi, { type: 'Normal', reason: 'MemoryResized', message: `The guest may have ${guestMiB} MiB of memory now.` });
}

/** What there is now, as QEMU says: nothing that happened while nobody listened is missed. */
async function tell({ context, guest, key, vmi }: Work): Promise<void> {
  const sockets = occupiedSockets(await guest.machine.qmp('query-hotpluggable-cpus'));
  const hasLater = vmi.spec.domain.memory?.maxGuest !== undefined && vmi.spec.domain.memory.hugepages === undefined;
  const size = hasLater ? await guest.machine.qmp('qom-get', { path: `/machine/peripheral/${laterMemoryId}`, property: 'size' }) : 0;
  applyFact(context, key, { type: 'Grown', sockets, laterMemoryBytes: typeof size === 'number' ? size : 0 });
}

function occupiedSockets(answer: Json): number {
  const places = Array.isArray(answer) ? answer : [];
  const taken = places.flatMap((place) => {
    if (typeof place !== 'object' || place === null || Array.isArray(place) || place['qom-path'] === undefined) return [];
    const { props } = place;
    return typeof props === 'object' && props !== null && !Array.isArray(props) ? [props['socket-id']] : [];
  });
  return new Set(taken).size;
}
