// Owns the time: the Clock of the engine's ports.
// Must not keep the process alive.
import type { Clock } from '../engine/ports.ts';

/** What setTimeout takes; a longer wait is made of several. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, work) => {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer = setTimeout(() => (left > longestTimerMs ? wait(left - longestTimerMs) : work()), Math.min(left, longestTimerMs));
      timer.unref();
    };
    wait(Math.max(0, ms));
    return () => clearTimeout(timer);
  },
};
