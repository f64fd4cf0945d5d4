// Owns taking devices of this computer out of a running machine: asking its guest, and saying so when it keeps them.
// Must not wait: whoever looks next sees what came of it.
import { orWasAsked, peripherals } from './peripherals.ts';
import type { DeviceWork } from '../core/qemu/device-unplug.ts';
import type { OpenDevice } from '../core/status/host-device-status.ts';
import { type DeviceSubject, release, told } from './device-subject.ts';

/** A guest that is up lets go of a card within moments; one that boots, or has no driver, may never do. It is asked again then. */
const releaseMs = 30_000;

/** What is still open afterwards. */
export async function unplugDevice(subject: DeviceSubject, { name, ids }: DeviceWork['unplug'][number]): Promise<readonly OpenDevice[]> {
  const { context, guest, vmi, memory } = subject;
  const before = memory.asked.get(name);
  const now = context.clock.now();
  if (ids.length > 0 && (before === undefined || now >= before.last + releaseMs)) {
    // A guest that has not heard of the first request may hear of the next: it has booted since.
    for (const id of ids) await orWasAsked(() => guest.machine.qmp('device_del', { id }));
    memory.asked.set(name, { since: before?.since ?? now, last: now });
    // USB devices are gone at once, without a word of the guest.
    const left = await peripherals(guest);
    return await unplugDevice(subject, { name, ids: ids.filter((id) => left.includes(id)) });
  }
  if (ids.length === 0) {
    memory.asked.delete(name);
    release(subject, name);
    const wasWhole = !memory.torn.delete(name) && !memory.locking.delete(name);
    if (wasWhole)
      context.events.record(vmi, { type: 'Normal', reason: 'HostDeviceUnplugged', message: `The device ${name} was taken out.` });
    return [];
  }
  subject.lookAgain((before?.last ?? now) + releaseMs);
  const isKept = ids.some((id) => guest.keptDevices.has(id));
  if (!isKept && now < (before?.since ?? now) + releaseMs) return [];
  const why = isKept
    ? `The guest refuses to let go of the device ${name}: it is still in the guest.`
    : `The guest has not let go of the device ${name} within ${releaseMs / 1000} s: it is still in the guest, which may be booting, or use it.`;
  const advice = 'It is asked again. Take the device out of use in the guest, or stop the machine.';
  return [told(subject, { name, reason: 'DeviceNotReleased', sentences: [why, advice] })];
}
