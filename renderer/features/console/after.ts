// Owns waiting in the window, in the shape that sessions take.
// Must not be used by tests; they hold the time themselves.
import type { Schedule } from './reconnect.ts';

export const after: Schedule = (work, ms) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};
