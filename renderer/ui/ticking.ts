// Owns the clocks of the page: one timer for all ages and uptimes, one for what counts down, both still when nobody looks.
// Must not be used for anything that must be exact.
import { useSyncExternalStore } from 'react';

export interface Clock {
  readonly subscribe: (listener: () => void) => () => void;
  readonly now: () => number;
}

/** Ticks every `periodMs` while somebody listens. */
export function createClock(periodMs: number): Clock {
  const listeners = new Set<() => void>();
  let time = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    if (document.hidden) return;
    time = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(tick, periodMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    now: () => {
      // Nobody ticks before the first listener: the first reader must not see the time of loading.
      if (timer === undefined && Date.now() - time > periodMs) time = Date.now();
      return time;
    },
  };
}

const pageClock = createClock(10_000);
const secondClock = createClock(1_000);

/** Milliseconds since 1970, renewed every ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(pageClock.subscribe, pageClock.now);
}

/** The same every second, for what counts down. */
export function useSecond(): number {
  return useSyncExternalStore(secondClock.subscribe, secondClock.now);
}
