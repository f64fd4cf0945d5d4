// Owns the proof that a group which cannot be given back is not asked for at each look, and is when that may have changed.
// Must not need the privileged program; test/lab has it.
import { expect, test } from 'vitest';
import { createInterruptedGroups } from '../../electron/engine/interrupted-groups.ts';
import type { Host } from '../../electron/engine/ports.ts';
import { manualClock } from '../fakes/manual-clock.ts';

const [first, second] = ['0000:01:00.0', '0000:02:00.0'];

test('what was refused is tried again after a while, and anew once it was finished otherwise', async () => {
  const clock = manualClock();
  const interrupted = new Set([first, second]);
  const asked: string[] = [];
  const warnings: unknown[] = [];
  const devices = {
    bindings: () => Promise.resolve({ trials: [], bound: [], interrupted: [...interrupted] }),
    finish: (address: string) => {
      asked.push(address);
      if (address === first) return Promise.reject(new Error('a machine has it'));
      interrupted.delete(address);
      return Promise.resolve(true);
    },
  };
  const log = { info: () => undefined, warn: (...words: unknown[]) => void warnings.push(words), error: () => undefined };
  const groups = createInterruptedGroups({ host: { devices } as unknown as Host, log, clock });
  for (let look = 0; look < 10; look += 1) {
    expect((await groups.finish()).interrupted).toEqual([first]);
    await clock.advance(1_000);
  }
  expect([asked, warnings.length]).toEqual([[first, second], 1]);
  await clock.advance(30_000);
  await groups.finish();
  expect(asked).toEqual([first, second, first]);
  interrupted.clear();
  await groups.finish();
  interrupted.add(first);
  await groups.finish();
  expect(asked).toEqual([first, second, first, first]);
});
