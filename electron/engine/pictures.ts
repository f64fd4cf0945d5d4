// Owns keeping the last picture of a screen: before a stop, and when something went wrong.
// Must not hold anything up: a picture is nice to have.
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';

export function keepPicture({ host, log }: EngineContext, { machine, stateOwner }: Guest): void {
  const keep = async (): Promise<void> => {
    try {
      await host.machines.keepScreenshot(stateOwner, await machine.screenshot());
    } catch (error) {
      // No graphics card, or the guest is gone already.
      log.info('No picture of the screen could be kept', { machine: machine.vmi.name, error: textOf(error) });
    }
  };
  void keep();
}
