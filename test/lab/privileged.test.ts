// Owns the proof of the privileged program's verbs for memory, which a container does not let root do; the pool that is reserved at boot, and the merging of pages.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

test('huge pages of one node, and locked memory of a process', async () => {
  const run = await runInLab({ program: new URL('programs/privileged.ts', import.meta.url), numaNodes: 2, processor: { cores: 1 } });
  const [set, short, booted, merged, lock, written] = run.results;
  expect(set).toEqual({ pages: [0, 16] });
  expect(short).toEqual({ refused: expect.stringContaining('(Short'), pages: [0, 16] });
  expect(booted).toEqual({ boot: [0, ''], pages: [0, 12] });
  expect(merged).toEqual({ keptAfter: false, merging: ['1', '0'] });
  expect(lock).toEqual({ before: expect.not.stringMatching(/^1073741824$/), after: '1073741824' });
  expect(written).toEqual({
    journal: expect.arrayContaining([
      expect.objectContaining({
        verb: 'hugepages-set',
        outcome: 'done',
        undo: { verb: 'hugepages-set', node: 1, sizeKiB: 2048, count: 0 },
      }),
      expect.objectContaining({ verb: 'hugepages-set', outcome: 'Short' }),
      expect.objectContaining({
        verb: 'hugepages-keep',
        outcome: 'done',
        undo: { verb: 'hugepages-keep', node: 1, sizeKiB: 2048, count: 12 },
      }),
      expect.objectContaining({ verb: 'memlock', outcome: 'done' }),
    ]),
  });
});
