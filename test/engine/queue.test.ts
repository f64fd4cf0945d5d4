// Owns the proof of the queue: one look at a time per key, asks become one look, failures wait longer and longer.
// Must not know the engine.
import { expect, test } from 'vitest';
import { createQueue } from '../../electron/engine/queue.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { recordingLog } from '../fakes/recording-log.ts';

interface Look {
  readonly key: string;
  readonly at: number;
  end(): void;
  fail(): void;
}

function setUp(answer: 'held' | 'ends' | 'fails' = 'ends') {
  const clock = manualClock(0);
  const looks: Look[] = [];
  const log = recordingLog();
  const state = { answer };
  const queue = createQueue({
    clock,
    log,
    look: (key) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const look: Look = { key, at: clock.now(), end: resolve, fail: () => reject(new Error('no')) };
      looks.push(look);
      if (state.answer === 'ends') look.end();
      if (state.answer === 'fails') look.fail();
      return promise;
    },
  });
  return { clock, queue, looks, log, state, seen: () => looks.map(({ key, at }) => `${key}@${at}`) };
}

test('many asks are one look; asks while it runs are one more', async () => {
  const { clock, queue, looks, seen } = setUp('held');
  for (let count = 0; count < 5; count += 1) queue.add('a');
  await clock.settle();
  const first = seen();
  for (let count = 0; count < 5; count += 1) queue.add('a');
  await clock.settle();
  const during = seen();
  looks[0]?.end();
  await clock.settle();
  looks[1]?.end();
  await clock.settle();
  expect([first, during, seen()]).toEqual([['a@0'], ['a@0'], ['a@0', 'a@0']]);
});

test('different keys do not wait for each other', async () => {
  const { clock, queue, seen } = setUp('held');
  queue.add('a');
  queue.add('b');
  await clock.settle();
  expect(seen()).toEqual(['a@0', 'b@0']);
});

test('more than a handful of keys leave the event loop turns', async () => {
  const { clock, queue, looks } = setUp();
  for (let count = 0; count < 100; count += 1) queue.add(`key ${count}`);
  await Promise.resolve();
  await Promise.resolve();
  const inThisTurn = looks.length;
  await clock.settle();
  expect([inThisTurn, looks.length]).toEqual([20, 100]);
});

test('failures are looked at again after 0.5, 1, 2 … 60 s, and a success forgets them', async () => {
  const { clock, queue, seen, state, log } = setUp('fails');
  queue.add('a');
  await clock.advance(200_000);
  const times = seen().map((text) => Number(text.split('@')[1]));
  state.answer = 'ends';
  await clock.advance(60_000);
  state.answer = 'fails';
  queue.add('a');
  await clock.settle();
  expect([times, clock.nextIn(), log.lines.length]).toEqual([
    [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 63_500, 123_500, 183_500],
    500,
    11,
  ]);
});

test('a change is looked at before the next try, the first few times', async () => {
  const { clock, queue, seen } = setUp('fails');
  for (let count = 0; count < 10; count += 1) {
    queue.add('a');
    await clock.advance(1);
  }
  expect(seen()).toEqual(['a@0', 'a@1', 'a@2', 'a@3']);
});

test('asks of the failing look itself do not bring it back at once', async () => {
  const clock = manualClock(0);
  let looks = 0;
  const queue = createQueue({
    clock,
    log: recordingLog(),
    look: async () => {
      looks += 1;
      queue.add('a');
      throw new Error('no');
    },
  });
  queue.add('a');
  await clock.settle();
  expect([looks, clock.nextIn()]).toEqual([1, 500]);
});

test('the earliest appointment counts, and a look voids it', async () => {
  const { clock, queue, seen } = setUp();
  queue.addAt('a', 1_000);
  queue.addAt('a', 500);
  queue.addAt('a', 2_000);
  await clock.advance(400);
  const before = seen();
  await clock.advance(10_000);
  queue.addAt('b', 20_000);
  queue.add('b');
  await clock.advance(30_000);
  expect([before, seen()]).toEqual([[], ['a@500', 'b@10400']]);
});

test('idle waits for what is to be done now, close for what runs', async () => {
  const { clock, queue, looks, seen } = setUp('held');
  const order: string[] = [];
  await queue.idle();
  queue.add('a');
  queue.addAt('later', 1_000);
  void queue.idle().then(() => order.push('idle'));
  await clock.settle();
  queue.add('a');
  looks[0]?.end();
  await clock.settle();
  order.push('second look');
  looks[1]?.end();
  await clock.settle();
  queue.add('b');
  await clock.settle();
  void queue.close().then(() => order.push('closed'));
  queue.add('c');
  await clock.advance(5_000);
  order.push('still open');
  looks[2]?.end();
  await clock.settle();
  expect([order, seen()]).toEqual([
    ['second look', 'idle', 'still open', 'closed'],
    ['a@0', 'a@0', 'b@0'],
  ]);
});
