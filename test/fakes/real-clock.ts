// Owns the machine's own clock, for suites that run in real time.
// Must not keep a test process alive.
import type { Clock } from '../../electron/engine/ports.ts';

export function realClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, work) {
      const timer = setTimeout(work, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
