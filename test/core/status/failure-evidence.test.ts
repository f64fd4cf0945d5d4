// Owns the proof of which failures leave their screen to look at.
// Must not gather evidence.
import { expect, test } from 'vitest';
import { isScreenLeft } from '../../../electron/core/status/failure-evidence.ts';

test.each([
  ['Watchdog', 'reset', false],
  ['Watchdog', 'poweroff', false],
  ['Watchdog', 'shutdown', true],
  ['Watchdog', 'pause', true],
  ['Watchdog', 'inject-nmi', true],
  ['Watchdog', 'none', true],
  ['GuestPanicked', 'poweroff', true],
  ['GuestPanicked', 'none', true],
  ['LivenessProbeFailed', undefined, true],
  ['Crashed', undefined, false],
  ['Killed', undefined, false],
  ['OutOfMemory', undefined, false],
])('%s, %s: %s', (reason, action, left) => {
  expect(isScreenLeft({ reason, ...(action === undefined ? {} : { action }) })).toBe(left);
});
