// Owns plugging devices of this computer into a running machine and out of it, until what runs is what its run says.
// Must not choose a device or a place; core/qemu/device-plug.ts does. Every step can be taken again after a kill of the core.
import { annotations } from '../api/annotations.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { heldByName } from '../core/devices/assignment.ts';
import { deviceWork, lostDevices, tornCards } from '../core/qemu/device-unplug.ts';
import { deviceEntries } from '../core/reconcile/device-sync.ts';
import { type OpenDevice, waitsForDevices } from '../core/status/host-device-status.ts';
import type { EngineContext } from './context.ts';
import { plugDevices } from './device-plugging.ts';
import {
  type DeviceMemory,
  type DeviceSubject,
  forgetNames,
  latest,
  newDeviceMemory,
  release,
  sentencesOf,
  told,
} from './device-subject.ts';
import { unplugDevice } from './device-unplugging.ts';
import type { Guest } from './machines.ts';
import { peripherals } from './peripherals.ts';
import { read } from './typed.ts';
import { applyFact } from './vmi-facts.ts';

export interface DeviceHotplug {
  /** Brings a running machine one look nearer to its run. Never throws for a device that cannot be had. */
  sync(key: ObjectKey, guest: Guest): Promise<void>;
  /** The run is over. */
  forget(uid: string): void;
}

/** What of a run is looked at here: while it stays the same, and QEMU tells nothing, there is nothing to do. */
function devicesText(vmi: VirtualMachineInstance): string {
  return JSON.stringify([deviceEntries(vmi), vmi.metadata.annotations?.[annotations.hostDevices]]);
}

export function createDeviceHotplug(context: EngineContext): DeviceHotplug {
  const memories = new Map<string, DeviceMemory>();
  return {
    async sync(key, guest) {
      const vmi = read(context.store, { ...key, resource: resources.virtualMachineInstances });
      if (vmi === undefined || guest.stop !== undefined || guest.isBeingSaved) return;
      const text = devicesText(vmi);
      if (guest.hostDevices === text) return;
      const { uid } = vmi.metadata;
      const before = memories.get(uid);
      const memory = before ?? newDeviceMemory();
      memories.set(uid, memory);
      if (deviceEntries(vmi).length === 0 && Object.keys(heldByName(vmi)).length === 0 && !waitsForDevices(vmi)) {
        guest.hostDevices = text;
        return;
      }
      forgetNames(memory, vmi);
      await syncAll({ context, vmi, guest, memory }, { isFirst: before === undefined });
    },
    forget: (uid) => void memories.delete(uid),
  };
}

async function syncAll(subject: DeviceSubject, { isFirst }: { readonly isFirst: boolean }): Promise<void> {
  const { context, guest, memory } = subject;
  const ids = await peripherals(guest);
  noteLost(subject, ids, isFirst);
  const work = deviceWork(latest(subject), ids, memory.torn);
  // Put back into the definition: whoever takes it out again asks anew.
  for (const name of memory.asked.keys()) if (work.unplug.every((one) => one.name !== name)) memory.asked.delete(name);
  const open: OpenDevice[] = [];
  for (const { name, cause } of work.stays) open.push(told(subject, { name, reason: 'RestartRequired', sentences: sentencesOf([cause]) }));
  for (const leaving of work.unplug) open.push(...(await unplugDevice(subject, leaving)));
  open.push(...(await plugDevices({ ...subject, vmi: latest(subject) }, work.plug, ids)));
  const { key } = guest;
  applyFact(context, key, { type: 'HostDevices', open });
  const after = latest(subject);
  // Its definition may have changed meanwhile: what is still to be done is asked of the run as it is now.
  const { plug, unplug, stays } = deviceWork(after, ids, memory.torn);
  guest.hostDevices = open.length + plug.length + unplug.length + stays.length === 0 ? devicesText(after) : undefined;
  for (const name of memory.told.keys()) if (open.every((one) => one.name !== name)) memory.told.delete(name);
}

/**
 * What is written down and QEMU does not have: at the first look, the core was killed before QEMU knew, and it is plugged in now; later,
 * the guest gave it back without being asked, and is not given it again.
 */
function noteLost(subject: DeviceSubject, ids: readonly string[], isFirst: boolean): void {
  const { vmi, memory } = subject;
  const wanted = new Set(deviceEntries(vmi).map(({ name }) => name));
  if (isFirst) for (const name of tornCards(vmi, ids)) memory.torn.add(name);
  for (const name of lostDevices(vmi, ids)) {
    if (!wanted.has(name) || memory.torn.has(name)) continue;
    release(subject, name);
    if (!isFirst) memory.left.add(name);
  }
}
