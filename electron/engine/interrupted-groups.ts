// Owns finishing groups of devices that were left between their drivers, as soon as they are seen and nobody has to be asked for a password.
// Must not ask a user; he presses that himself.
import type { RuntimeBindings } from '../core/devices/trials.ts';
import type { EngineContext } from './context.ts';
import { textOf } from './queue.ts';

/** What is bound after that. */
export async function finishInterrupted({ host, log }: Pick<EngineContext, 'host' | 'log'>): Promise<RuntimeBindings> {
  const bindings = await host.devices.bindings();
  let isAsked = false;
  for (const address of bindings.interrupted) {
    try {
      isAsked = (await host.devices.finish(address)) || isAsked;
    } catch (error) {
      log.warn('A group of devices is left between its drivers', { address, error: textOf(error) });
    }
  }
  return isAsked ? host.devices.bindings() : bindings;
}
