// Owns setting the clock of a guest that stood still without knowing it: after a sleep, or out of a saved state.
// Must not be asked of a guest without an agent: it is left with the clock that it had, and with NTP.
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';

const answerMs = 10_000;

export async function setGuestClock({ clock, log }: EngineContext, { machine }: Guest): Promise<void> {
  try {
    // Nanoseconds.
    await machine.agent('guest-set-time', { time: clock.now() * 1_000_000 }, answerMs);
  } catch (error) {
    log.warn('The clock of a guest could not be set', { machine: machine.vmi.name, error: textOf(error) });
  }
}
