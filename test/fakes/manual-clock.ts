// Owns a clock that stands still until a test moves it.
// Must not use real time.
import type { Clock } from '../../electron/engine/ports.ts';

export interface ManualClock extends Clock {
  /** Moves on, runs what is due in order, and lets everything it set off settle. */
  advance(ms: number): Promise<void>;
  /** Runs what is due now and lets pending promises settle. */
  settle(): Promise<void>;
  /** Milliseconds until the next timer, or undefined. */
  nextIn(): number | undefined;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

/** 2026-01-02T03:04:05Z, a moment whose digits all differ. */
export const testStart = Date.UTC(2026, 0, 2, 3, 4, 5);

export function manualClock(start: number = testStart): ManualClock {
  let now = start;
  let order = 0;
  const timers = new Set<Timer>();

  const next = (): Timer | undefined => [...timers].toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
  const clock: ManualClock = {
    now: () => now,
    after(ms, work) {
      order += 1;
      const timer: Timer = { at: now + Math.max(0, ms), order, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    settle: () => clock.advance(0),
    nextIn: () => {
      const timer = next();
      return timer === undefined ? undefined : timer.at - now;
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let timer = next(); timer !== undefined && timer.at <= until; timer = next()) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.work();
        await settle();
      }
      now = until;
    },
  };
  return clock;
}

/** One turn of the event loop empties the microtask queue; two more let work finish that took a turn itself. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
