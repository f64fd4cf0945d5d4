// Owns the proof that steps run in order and are undone in reverse.
// Must not know what they do.
import { expect, test } from 'vitest';
import { runSteps, type Step } from '../../electron/engine/steps.ts';

test.each([
  { name: 'all succeed', failsAt: undefined, undoFails: false, told: ['a', 'b', 'c'], error: undefined },
  {
    name: 'the last fails',
    failsAt: 'c',
    undoFails: false,
    told: ['a', 'b', 'c', 'undo c of 2', 'undo b of 2', 'undo a of 2'],
    error: 'c failed',
  },
  { name: 'the first fails', failsAt: 'a', undoFails: false, told: ['a', 'undo a of 0'], error: 'a failed' },
  {
    name: 'an undo fails',
    failsAt: 'c',
    undoFails: true,
    told: ['a', 'b', 'c', 'undo c of 2', 'undo b of 2', 'b is left', 'undo a of 2'],
    error: 'c failed',
  },
])('$name', async ({ failsAt, undoFails, told, error }) => {
  const log: string[] = [];
  const step = (name: string): Step<number> => ({
    name,
    run: async (count) => {
      log.push(name);
      if (name === failsAt) throw new Error(`${name} failed`);
      return count + 1;
    },
    undo: async (count) => {
      log.push(`undo ${name} of ${count}`);
      if (undoFails && name === 'b') throw new Error('stuck');
    },
  });
  const run = runSteps({ steps: ['a', 'b', 'c'].map(step), start: 0, onUndoFailure: (name) => log.push(`${name} is left`) });
  const outcome = await run.then(String, (failure: Error) => failure.message);
  expect([log, outcome]).toEqual([told, error ?? '3']);
});
