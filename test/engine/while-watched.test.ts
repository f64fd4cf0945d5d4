// Owns the proof of looking while somebody listens: never for nobody, never twice at once.
// Must not use real time.
import { expect, test } from 'vitest';
import { type Looking, type Watched, whileWatched } from '../../electron/engine/while-watched.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { recordingLog } from '../fakes/recording-log.ts';

interface Watching {
  readonly clock: ManualClock;
  readonly watched: Watched<number>;
  readonly log: ReturnType<typeof recordingLog>;
}

const everyMs = 1_000;

function watching(looking: Partial<Looking<number>>): Watching {
  const clock = manualClock();
  const log = recordingLog();
  let looks = 0;
  const look = async (): Promise<number> => (looks += 1);
  return { clock, log, watched: whileWatched({ clock, log }, { everyMs, look, failed: 'It cannot be seen', ...looking }) };
}

function slowly(): { readonly look: () => Promise<number>; readonly finish: () => void } {
  let looks = 0;
  let finish = (): void => undefined;
  const look = (): Promise<number> => {
    looks += 1;
    const mine = looks;
    return new Promise((resolve) => {
      finish = () => resolve(mine);
    });
  };
  return { look, finish: () => finish() };
}

test('looks at once and then each second, until the last one has left', async () => {
  const { clock, watched } = watching({});
  expect(clock.nextIn()).toBeUndefined();
  const seen: number[] = [];
  const leave = watched.watch((line) => seen.push(line));
  await clock.settle();
  await clock.advance(everyMs);
  await clock.advance(everyMs);
  expect(seen).toEqual([1, 2, 3]);
  leave();
  expect(clock.nextIn()).toBeUndefined();
});

test('who leaves and comes back while a look is under way is not looked for twice as often', async () => {
  const slow = slowly();
  const { clock, watched } = watching({ look: slow.look });
  const seen: number[] = [];
  watched.watch(() => undefined)();
  const leave = watched.watch(() => undefined);
  await clock.settle();
  leave();
  watched.watch((line) => seen.push(line));
  slow.finish();
  await clock.settle();
  expect(seen).toEqual([1]);
  await clock.advance(everyMs);
  slow.finish();
  await clock.settle();
  expect(seen).toEqual([1, 2]);
  await clock.advance(everyMs - 1);
  slow.finish();
  await clock.settle();
  expect(seen).toEqual([1, 2]);
});

test('who comes second waits for the next look, or is told at once where that was asked for', async () => {
  for (const [tellsAtOnce, told] of [
    [false, []],
    [true, [2]],
  ] as const) {
    const { clock, watched } = watching({ tellsAtOnce });
    watched.watch(() => undefined);
    await clock.settle();
    const seen: number[] = [];
    watched.watch((line) => seen.push(line));
    await clock.settle();
    expect(seen).toEqual(told);
  }
});

test('a failure is logged, and the next look comes', async () => {
  let looks = 0;
  const look = async (): Promise<number> => {
    looks += 1;
    if (looks === 1) throw new Error('gone');
    return looks;
  };
  const { clock, watched, log } = watching({ look });
  const seen: number[] = [];
  watched.watch((line) => seen.push(line));
  await clock.settle();
  expect(log.lines).toEqual([{ level: 'warn', message: 'It cannot be seen', fields: { error: 'gone' } }]);
  await clock.advance(everyMs);
  expect(seen).toEqual([2]);
});

test('rests once, after the look that was under way', async () => {
  const slow = slowly();
  let rests = 0;
  const { clock, watched } = watching({ look: slow.look, rest: () => (rests += 1) });
  const leave = watched.watch(() => undefined);
  await clock.settle();
  leave();
  expect(rests).toBe(0);
  slow.finish();
  await clock.settle();
  expect(rests).toBe(1);
});
