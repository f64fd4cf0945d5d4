// Owns telling of this computer's devices: at once, and again whenever something changed while somebody looks.
// Must not read for nobody.
import type { HostDeviceReport } from '../api/host-devices.ts';
import { deviceGroups } from '../core/devices/groups.ts';
import { readiness } from '../core/devices/readiness.ts';
import type { EngineContext } from './context.ts';
import { textOf } from './queue.ts';

export interface HostDevices {
  report(): Promise<HostDeviceReport>;
  watch(listener: (report: HostDeviceReport) => void): () => void;
  close(): void;
}

/** The kernel tells of drivers and devices by messages that an ordinary program does not hear; a look costs milliseconds. */
const everyMs = 2_000;

export function createHostDevices({ host, clock, log }: Pick<EngineContext, 'host' | 'clock' | 'log'>): HostDevices {
  const listeners = new Map<(report: HostDeviceReport) => void, { told: string }>();
  let cancel: (() => void) | undefined;

  const report = async (): Promise<HostDeviceReport> => {
    const facts = await host.devices.facts();
    return { pci: facts.pci, groups: deviceGroups(facts), usb: facts.usb, checks: readiness(facts) };
  };
  const look = async (): Promise<void> => {
    try {
      const now = await report();
      const text = JSON.stringify(now);
      for (const [listener, state] of listeners) {
        if (state.told === text) continue;
        state.told = text;
        listener(now);
      }
    } catch (error) {
      log.warn('The devices of this computer could not be read', { error: textOf(error) });
    }
    if (listeners.size > 0) cancel = clock.after(everyMs, () => void look());
  };
  return {
    report,
    watch(listener) {
      listeners.set(listener, { told: '' });
      // Who comes new is told at once, and the round begins anew from here.
      cancel?.();
      cancel = clock.after(0, () => void look());
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) cancel?.();
      };
    },
    close() {
      listeners.clear();
      cancel?.();
    },
  };
}
