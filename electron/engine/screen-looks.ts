// Owns looking at the screens of running machines in passing: the last look is what is left of a screen that went without warning.
// Must not decide whose screen, nor how often; core/reconcile/screen-looks.ts does. Must not hold anything up.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import { hasGraphics } from '../core/qemu/attached.ts';
import { isLookedAt, lookAnswerMs, lookEveryMs } from '../core/reconcile/screen-looks.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

export interface ScreenLooks {
  /** A run changed: it may be the first one that has a screen. */
  follow(vmi: VirtualMachineInstance): void;
  close(): void;
}

export function createScreenLooks({ clock, log, machines, store }: EngineContext): ScreenLooks {
  /** Asked, and not answered yet: a second question would only stand behind the first. */
  const unanswered = new Set<string>();
  /** Told of once for each run: a screen that cannot be drawn cannot be drawn ten seconds later, either. */
  const refused = new Set<string>();
  let cancel: (() => void) | undefined;
  let isClosed = false;

  const later = (): void => {
    cancel = isClosed ? undefined : clock.after(lookEveryMs, () => void round());
  };

  /** One screen at a time, all of them after one wake-up: a quiet computer stays quiet. */
  const round = async (): Promise<void> => {
    const runs = machines.all();
    for (const guest of runs) if (!isClosed && isDue(guest)) await inTime(look(guest));
    for (const uid of refused) if (machines.get(uid) === undefined) refused.delete(uid);
    if (runs.length > 0) later();
    else cancel = undefined;
  };

  const isDue = (guest: Guest): boolean => {
    const { uid } = guest.machine.vmi;
    const vmi = read(store, { ...guest.key, resource: resources.virtualMachineInstances });
    if (vmi?.metadata.uid !== uid || unanswered.has(uid)) return false;
    const { stop, isBeingSaved, softReboot } = guest;
    return isLookedAt(vmi, { isStopping: stop !== undefined, isBeingSaved, isDown: softReboot?.isDown === true });
  };

  const look = async ({ machine }: Guest): Promise<void> => {
    const { uid, name } = machine.vmi;
    const toldBefore = machines.toldTimes(uid);
    unanswered.add(uid);
    try {
      // Told something since: the picture may be of what came after a reset, and the look before is worth more.
      await machine.look(() => machines.toldTimes(uid) === toldBefore);
    } catch (error) {
      if (!refused.has(uid)) log.info('A screen could not be looked at', { machine: name, error: textOf(error) });
      refused.add(uid);
    } finally {
      unanswered.delete(uid);
    }
  };

  const inTime = async (answer: Promise<void>): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const giveUp = clock.after(lookAnswerMs, resolve);
    await Promise.race([answer, promise]);
    giveUp();
  };

  return {
    follow(vmi) {
      if (cancel === undefined && phaseOf(vmi) === 'Running' && hasGraphics(vmi)) later();
    },
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}
