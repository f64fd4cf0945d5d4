// Owns the proof of the privileged program's verbs for memory, which a container does not let root do.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('huge pages of one node, and locked memory of a process', async () => {
  const run = await runInLab({ program: new URL('programs/privileged.ts', import.meta.url), numaNodes: 2, processor: { cores: 1 } });
  const [set, short, lock, written] = run.results;
  expect(set).toEqual({ pages: [0, 16] });
  expect(short).toEqual({ refused: expect.stringContaining('(Short'), pages: [0, 16] });
  expect(lock).toEqual({ before: expect.not.stringMatching(/^1073741824$/), after: '1073741824' });
  expect(written).toEqual({
    journal: expect.arrayContaining([
      expect.objectContaining({
        verb: 'hugepages-set',
        outcome: 'done',
        undo: { verb: 'hugepages-set', node: 1, sizeKiB: 2048, count: 0 },
      }),
      expect.objectContaining({ verb: 'hugepages-set', outcome: 'Short' }),
      expect.objectContaining({ verb: 'memlock', outcome: 'done' }),
    ]),
  });
});
