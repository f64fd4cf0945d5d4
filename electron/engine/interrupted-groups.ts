// Owns finishing groups of devices that were left between their drivers, as soon as they are seen and nobody has to be asked for a password.
// Must not ask a user; he presses that himself.
import type { PciAddress } from '../api/host-devices.ts';
import type { RuntimeBindings } from '../core/devices/trials.ts';
import type { EngineParts } from './context.ts';
import { textOf } from './queue.ts';

export interface InterruptedGroups {
  /** What is bound once those that can be finished are. */
  finish(): Promise<RuntimeBindings>;
}

/** A machine that has the group keeps it so until its end, and a driver that does not take it mostly refuses again; a window looks each second. */
const againMs = 30_000;

export function createInterruptedGroups({ host, log, clock }: Pick<EngineParts, 'host' | 'log' | 'clock'>): InterruptedGroups {
  const refusedAt = new Map<PciAddress, number>();
  const tryOne = async (address: PciAddress): Promise<boolean> => {
    try {
      return await host.devices.finish(address);
    } catch (error) {
      refusedAt.set(address, clock.now());
      log.warn('A group of devices is left between its drivers', { address, error: textOf(error) });
      return false;
    }
  };
  return {
    async finish() {
      const bindings = await host.devices.bindings();
      for (const address of refusedAt.keys()) if (!bindings.interrupted.includes(address)) refusedAt.delete(address);
      const due = bindings.interrupted.filter((address) => clock.now() >= (refusedAt.get(address) ?? -Infinity) + againMs);
      let isAsked = false;
      for (const address of due) isAsked = (await tryOne(address)) || isAsked;
      return isAsked ? host.devices.bindings() : bindings;
    },
  };
}
