// Owns what of a run its memory belongs to: QEMU gives a saved memory to the very same hardware, or leaves a guest that is neither.
// Must not ask QEMU, which only finds out when the disks have gone back already.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { Json } from '../../api/object.ts';
import { sameJson } from '../status/same-json.ts';

type Run = Pick<VirtualMachineInstance, 'spec' | 'status'>;

/** JSON. What changes while a guest runs, and leaves its hardware as it is, is not in it. `plugged`: processors that came while it ran. */
export function hardwareText({ spec, status }: Run, { plugged }: { readonly plugged: number }): string {
  const { resources: _limits, memory, devices, ...rest } = spec.domain;
  const { watchdog, interfaces = [], ...others } = devices;
  const cards = interfaces.filter(({ state }) => state !== 'absent').map(({ state: _cable, ...card }) => card);
  return JSON.stringify({
    ...rest,
    plugged,
    // Its boot says how much is there at once; the rest is a device that tells its size itself.
    memory: { ...memory, guest: status?.memory?.guestAtBoot ?? memory?.guest },
    devices: { ...others, interfaces: cards, watchdog: watchdog?.name },
  });
}

/** Both as hardwareText wrote them. Of a snapshot that has none nothing is known: QEMU is asked. */
export function isSameHardware(now: string, then: string | undefined): boolean {
  return then === undefined || sameJson(JSON.parse(now) as Json, JSON.parse(then) as Json);
}
