// Owns what may be done to a pool of huge pages, row by row.
// Must not ask for it.
import { expect, test } from 'vitest';
import type { HugePageChange } from '../../../electron/api/huge-pages.ts';
import { hugePagePlan, type PoolFacts, poolReports } from '../../../electron/core/memory/huge-page-change.ts';

const mib = 1024 * 1024;
const node = (id: number): PoolFacts['topology']['numaNodes'][number] => ({
  id,
  cpus: [id],
  memoryMiB: 4096,
  availableMiB: 1000,
  distances: [10, 21],
  hugePages: [
    { pageBytes: 2 * mib, total: 100, free: 60 },
    { pageBytes: 1024 * mib, total: 0, free: 0 },
  ],
});
const twoNodes: PoolFacts = { topology: { numaNodes: [node(0), node(1)] }, kept: [{ numaNode: 1, sizeKiB: 2048, count: 64 }] };
const oneNode: PoolFacts = { topology: { numaNodes: [node(0)] }, kept: [{ sizeKiB: 2048, count: 32 }] };

test('pools are told by node and size, with what is reserved at the start of the computer', () => {
  expect(poolReports(twoNodes).map(({ numaNode, pageSize, total, free, atBoot }) => [numaNode, pageSize, total, free, atBoot])).toEqual([
    [0, '2Mi', 100, 60, 0],
    [0, '1Gi', 0, 0, 0],
    [1, '2Mi', 100, 60, 64],
    [1, '1Gi', 0, 0, 0],
  ]);
  expect(poolReports(oneNode).map(({ atBoot }) => atBoot)).toEqual([32, 0]);
});

test.each<readonly [string, PoolFacts, HugePageChange, object]>([
  ['all', twoNodes, { numaNode: 1, pageSize: '2Mi', count: 200 }, { verb: 'hugepages-set', node: 1, sizeKiB: 2048, count: 200 }],
  ['more', twoNodes, { numaNode: 0, pageSize: '2Mi', more: 12 }, { verb: 'hugepages-set', node: 0, sizeKiB: 2048, count: 112 }],
  [
    'fewer, none in use',
    twoNodes,
    { numaNode: 0, pageSize: '2Mi', count: 40 },
    { verb: 'hugepages-set', node: 0, sizeKiB: 2048, count: 40 },
  ],
  [
    'one memory node',
    oneNode,
    { numaNode: 0, pageSize: '2Mi', count: 0, when: 'boot' },
    { verb: 'hugepages-keep', sizeKiB: 2048, count: 0 },
  ],
  [
    'more than there is memory, at boot',
    twoNodes,
    { numaNode: 0, pageSize: '1Gi', more: 2, when: 'boot' },
    { verb: 'hugepages-keep', node: 0, sizeKiB: 1_048_576, count: 2 },
  ],
])('%s', (...[, facts, change, request]) => {
  expect(hugePagePlan(facts, change)).toEqual({ ok: true, request });
});

test.each<readonly [HugePageChange, string]>([
  [{ numaNode: 2, pageSize: '2Mi', count: 1 }, 'Memory node 2 has no pool of pages of 2Mi.'],
  [{ numaNode: 0, pageSize: '4Mi', count: 1 }, 'Memory node 0 has no pool of pages of 4Mi.'],
  [{ numaNode: 0, pageSize: '2Mi' }, 'Either count or more says how many pages.'],
  [{ numaNode: 0, pageSize: '2Mi', count: 1, more: 1 }, 'Either count or more says how many pages.'],
  [{ numaNode: 0, pageSize: '2Mi', count: -1 }, '-1 is no number of pages.'],
  [{ numaNode: 0, pageSize: '2Mi', count: 0.5 }, '0.5 is no number of pages.'],
  [{ numaNode: 0, pageSize: '2Mi', count: 39 }, '40 pages of 2Mi on memory node 0 are in use.'],
  [{ numaNode: 0, pageSize: '2Mi', more: 501 }, '501 more pages of 2Mi take 1002 MiB; memory node 0 has 1000 MiB available.'],
])('%j is refused', (change, message) => {
  const plan = hugePagePlan(twoNodes, change);
  expect(plan.ok ? [] : plan.causes.map((cause) => cause.message)).toEqual([message]);
});
