// Owns the proof of how long a machine may stay on a tainted node.
// Must not need an engine.
import { expect, test } from 'vitest';
import { leaving } from '../../../electron/core/placement/eviction.ts';

const taint = { key: 'gpu', value: 'yes', effect: 'NoExecute' };

test.for([
  { what: 'nobody tolerates it', tolerations: [], afterMs: 0 },
  { what: 'one for another key', tolerations: [{ key: 'disk', operator: 'Exists' }], afterMs: 0 },
  { what: 'one for NoSchedule alone', tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }], afterMs: 0 },
  { what: 'one for ever', tolerations: [{ key: 'gpu', value: 'yes' }], afterMs: undefined },
  { what: 'everything is tolerated', tolerations: [{ operator: 'Exists' }], afterMs: undefined },
  { what: 'for a while', tolerations: [{ key: 'gpu', operator: 'Exists', tolerationSeconds: 60 }], afterMs: 60_000 },
  { what: 'for less than no time', tolerations: [{ key: 'gpu', operator: 'Exists', tolerationSeconds: -5 }], afterMs: 0 },
  {
    what: 'the first that fits',
    tolerations: [
      { key: 'gpu', operator: 'Exists' },
      { operator: 'Exists', tolerationSeconds: 5 },
    ],
    afterMs: undefined,
  },
])('$what', ({ tolerations, afterMs }) => {
  expect(leaving(tolerations, [{ ...taint, effect: 'NoSchedule' }, taint])?.afterMs).toBe(afterMs);
});

test('of several taints the shortest time counts, and is named', () => {
  const tolerations = [
    { key: 'gpu', operator: 'Exists', tolerationSeconds: 60 },
    { key: 'disk', operator: 'Exists', tolerationSeconds: 5 },
  ];
  expect(leaving(tolerations, [taint, { key: 'disk', effect: 'NoExecute' }])).toEqual({ afterMs: 5000, taint: 'disk:NoExecute' });
});
