import { expect, test } from 'vitest';
import { createTurns } from '../../../electron/host/disks/turns.ts';

function worker(log: string[], name: string): { work: () => Promise<string>; finish: () => void; fail: (error: Error) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return {
    work: async () => {
      log.push(`${name} begins`);
      try {
        return await promise;
      } finally {
        log.push(`${name} ends`);
      }
    },
    finish: () => resolve(name),
    fail: reject,
  };
}

const { signal } = new AbortController();

test('one after the other, in order, also after a failure; other things do not wait', async () => {
  const log: string[] = [];
  const turns = createTurns();
  const [a, b, c, other] = ['a', 'b', 'c', 'other'].map((name) => worker(log, name));
  const results = Promise.allSettled([
    turns.take('x', signal, a!.work),
    turns.take('x', signal, b!.work),
    turns.take('x', signal, c!.work),
    turns.take('y', signal, other!.work),
  ]);
  c!.finish();
  b!.fail(new Error('b failed'));
  other!.finish();
  await expect.poll(() => log.includes('other ends')).toBe(true);
  expect([log.filter((line) => !line.startsWith('other')), turns.isTaken('x')]).toEqual([['a begins'], true]);
  a!.finish();
  expect((await results).map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual([
    'a',
    'Error: b failed',
    'c',
    'other',
  ]);
  expect(log.filter((line) => !line.startsWith('other'))).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  await expect.poll(() => turns.isTaken('x')).toBe(false);
});

test('who gives up waiting leaves at once, and lets nobody in before the turn', async () => {
  const log: string[] = [];
  const turns = createTurns();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => worker(log, name));
  const first = turns.take('x', signal, a!.work);
  const impatient = new AbortController();
  const second = turns.take('x', impatient.signal, b!.work);
  const third = turns.take('x', signal, c!.work);
  impatient.abort(new Error('cancelled'));
  await expect(second).rejects.toThrow('cancelled');
  c!.finish();
  expect(log).toEqual(['a begins']);
  a!.finish();
  expect([await first, await third, log]).toEqual(['a', 'c', ['a begins', 'a ends', 'c begins', 'c ends']]);
});
