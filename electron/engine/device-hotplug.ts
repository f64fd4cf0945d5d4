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
import { surroundingsText } from './device-surroundings.ts';
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
  const nextLooks = new Map<string, number>();
  /** Whether something waits, and neither its time has come nor anything changed. */
  const isEarly = (vmi: VirtualMachineInstance, guest: Guest): boolean => {
    const at = nextLooks.get(vmi.metadata.uid);
    if (at === undefined || at <= context.clock.now() || guest.hostDevices !== surroundingsText(context, vmi)) return false;
    // This turn made the appointment void.
    if (Number.isFinite(at)) context.wakeAt(guest.key, at);
    return true;
  };
  return {
    async sync(key, guest) {
      const vmi = read(context.store, { ...key, resource: resources.virtualMachineInstances });
      if (vmi === undefined || guest.stop !== undefined || guest.isBeingSaved) return;
      const text = devicesText(vmi);
      if (guest.hostDevices === text || (guest.hostDevices !== undefined && isEarly(vmi, guest))) return;
      const { uid } = vmi.metadata;
      const before = memories.get(uid);
      const memory = before ?? newDeviceMemory();
      memories.set(uid, memory);
      if (deviceEntries(vmi).length === 0 && Object.keys(heldByName(vmi)).length === 0 && !waitsForDevices(vmi)) {
        guest.hostDevices = text;
        return;
      }
      forgetNames(memory, vmi);
      const surroundings = surroundingsText(context, vmi);
      let next = Infinity;
      const lookAgain = (at: number): void => {
        next = Math.min(next, at);
        context.wakeAt(key, at);
      };
      const done = await syncAll({ context, vmi, guest, memory, lookAgain }, { isFirst: before === undefined });
      nextLooks.set(uid, next);
      // An answer that came meanwhile is not read yet; surroundings are those of before the look, and what changed since is looked at.
      const isAnswered = [...memory.locking.values()].some(({ outcome }) => outcome !== undefined);
      guest.hostDevices = isAnswered ? undefined : (done ?? surroundings);
    },
    forget(uid) {
      memories.delete(uid);
      nextLooks.delete(uid);
    },
  };
}

/** What its devices are now, as devicesText writes them; undefined while anything is still to be done. */
async function syncAll(subject: DeviceSubject, { isFirst }: { readonly isFirst: boolean }): Promise<string | undefined> {
  const { context, guest, memory } = subject;
  const ids = await peripherals(guest);
  noteLost(subject, ids, isFirst);
  const work = deviceWork(latest(subject), ids, memory.torn);
  const open: OpenDevice[] = [];
  for (const { name, cause } of work.stays) open.push(told(subject, { name, reason: 'RestartRequired', sentences: sentencesOf([cause]) }));
  for (const leaving of work.unplug) open.push(...(await unplugDevice(subject, leaving)));
  open.push(...(await plugDevices({ ...subject, vmi: latest(subject) }, work.plug, ids)));
  const { key } = guest;
  applyFact(context, key, { type: 'HostDevices', open });
  for (const name of memory.told.keys()) if (open.every((one) => one.name !== name)) memory.told.delete(name);
  // Its definition may have changed meanwhile: what is still to be done is asked of the run as it is now.
  const after = latest(subject);
  const { plug, unplug, stays } = deviceWork(after, ids, memory.torn);
  return open.length + plug.length + unplug.length + stays.length === 0 ? devicesText(after) : undefined;
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
    if (!wanted.has(name) || memory.torn.has(name) || memory.locking.has(name)) continue;
    release(subject, name);
    if (!isFirst) memory.left.add(name);
  }
}
