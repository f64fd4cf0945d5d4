// Owns the proof that figures are streamed only while somebody looks.
// Must not wait for real time.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { UsageLine, UsageSample } from '../../../electron/api/computer.ts';
import { createUsageStore, usageWindow } from '../../../renderer/client/usage.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const sample = (at: number): UsageSample => ({ at, cpuPercent: at, residentMiB: 1, diskReadBps: 0, diskWriteBps: 0 });
const line = (at: number, ...names: readonly string[]): UsageLine => ({
  machines: names.map((name) => ({ namespace: 'default', name, sample: sample(at) })),
});

/** A source whose lines the test sends; `log` tells when it is opened and closed. */
function source() {
  const log: string[] = [];
  let send: ((line: UsageLine) => void) | undefined;
  let hidden = false;
  let visibility: () => void = () => undefined;
  const store = createUsageStore({
    async *open(signal) {
      log.push('open');
      const lines: UsageLine[] = [];
      let wake: () => void = () => undefined;
      send = (next) => {
        lines.push(next);
        wake();
      };
      signal.addEventListener('abort', () => {
        log.push('close');
        wake();
      });
      while (!signal.aborted) {
        const next = lines.shift();
        if (next === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else yield next;
      }
    },
    wait: async () => undefined,
    hidden: () => hidden,
    onVisibility: (listener) => (visibility = listener),
  });
  const tell = async (next: UsageLine): Promise<void> => {
    send?.(next);
    await vi.advanceTimersByTimeAsync(0);
  };
  const show = async (seen: boolean): Promise<void> => {
    hidden = !seen;
    visibility();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { store, log, tell, show };
}

test('opens with the first looker, closes a while after the last', async () => {
  const { store, log } = source();
  const leave = store.subscribe('default/a', () => undefined);
  const leaveToo = store.subscribe('default/b', () => undefined);
  leave();
  leaveToo();
  await vi.advanceTimersByTimeAsync(4000);
  expect(log).toEqual(['open']);
  await vi.advanceTimersByTimeAsync(2000);
  expect(log).toEqual(['open', 'close']);
});

test('somebody who comes back in time finds the same stream', async () => {
  const { store, log } = source();
  store.subscribe('default/a', () => undefined)();
  await vi.advanceTimersByTimeAsync(3000);
  store.subscribe('default/a', () => undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log).toEqual(['open']);
});

test('stops at once when the window is hidden, and goes on when it is seen', async () => {
  const { store, log, show } = source();
  store.subscribe('default/a', () => undefined);
  await show(false);
  expect(log).toEqual(['open', 'close']);
  await show(true);
  expect(log).toEqual(['open', 'close', 'open']);
});

test('keeps two minutes, and nothing of a machine that stopped', async () => {
  const { store, tell } = source();
  let heard = 0;
  store.subscribe('default/a', () => heard++);
  for (let at = 0; at < usageWindow + 5; at++) await tell(line(at, 'a', 'b'));
  expect(store.recent('default/a').map(({ at }) => at)).toEqual(Array.from({ length: usageWindow }, (_at, index) => index + 5));
  await tell(line(999, 'b'));
  expect(store.recent('default/a')).toEqual([]);
  expect(heard).toBe(usageWindow + 6);
});
