// Owns the proof that quotas and limit ranges go through their forms and back, and of what cannot be saved.
// Must not draw anything.
import { expect, test } from 'vitest';
import type { LimitRange } from '../../../electron/api/kinds/limit-range.ts';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import { areHard, handedOutDevices, hardPatch, hardRows, quotaDraft } from '../../../renderer/features/quotas/quota-draft.ts';
import { areRanges, isRange, newRange, rangePatch, rangeRows } from '../../../renderer/features/quotas/range-draft.ts';

const quota = {
  metadata: { namespace: 'lab', name: 'team' },
  spec: { hard: { 'requests.memory': '8Gi', services: '2' }, scopes: ['NotTerminating'] },
  status: { hard: {}, used: { 'requests.memory': '1Gi' } },
} as unknown as ResourceQuota;

test('a quota shows what is used, and what is taken out is null', () => {
  const rows = hardRows(quota);
  expect(rows).toEqual([
    { resource: 'requests.memory', hard: '8Gi', used: '1Gi' },
    { resource: 'services', hard: '2', used: '0' },
  ]);
  expect(hardPatch(quota, [{ resource: 'pods', hard: ' 3 ', used: '' }])).toEqual({
    spec: { hard: { 'requests.memory': null, services: null, pods: '3' } },
  });
  expect(quotaDraft({ namespace: 'lab', name: 'team' }, rows).spec).toEqual({ hard: { 'requests.memory': '8Gi', services: '2' } });
});

test('devices that a node hands out can be counted, those taken off the list not', () => {
  const node = (capacity: Readonly<Record<string, string>>) => ({ status: { capacity } });
  const nodes = [
    node({ cpu: '8', 'hugepages-2Mi': '0', pods: '110', 'nvidia.com/T4': '1', 'intel.com/old': '0', 'devices.kubevirt.io/tun': '1k' }),
    node({ 'nvidia.com/T4': '0', 'intel.com/igbvf': '2' }),
  ];
  expect(handedOutDevices(nodes)).toEqual(['intel.com/igbvf', 'nvidia.com/T4']);
});

test.for([
  { what: 'nothing', rows: [], is: false },
  { what: 'an amount', rows: [{ resource: 'requests.cpu', hard: '500m', used: '' }], is: true },
  { what: 'no amount', rows: [{ resource: 'requests.cpu', hard: 'much', used: '' }], is: false },
  { what: 'an empty amount', rows: [{ resource: 'pods', hard: '', used: '' }], is: false },
  { what: 'one resource twice', rows: [1, 2].map((hard) => ({ resource: 'pods', hard: String(hard), used: '' })), is: false },
])('a quota with $what: $is', ({ rows, is }) => {
  expect(areHard(rows)).toBe(is);
});

const limits = [
  { type: 'Container', default: { memory: '2Gi', cpu: '2' }, defaultRequest: { memory: '1Gi' }, max: { memory: '8Gi' } },
  { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '100Gi' } },
];

test('a limit range goes through the rows and back as it was', () => {
  const rows = rangeRows({ spec: { limits } } as unknown as LimitRange);
  expect(rows.map(({ type, resource }) => [type, resource])).toEqual([
    ['Container', 'memory'],
    ['Container', 'cpu'],
    ['PersistentVolumeClaim', 'storage'],
  ]);
  expect([areRanges(rows), rangePatch(rows)]).toEqual([true, { spec: { limits } }]);
});

test.for([
  { what: 'says nothing', row: {}, is: false },
  { what: 'has a default for a pod', row: { type: 'Pod', default: '1Gi' }, is: false },
  { what: 'bounds a pod', row: { type: 'Pod', max: '1Gi' }, is: true },
  { what: 'bounds a machine by storage', row: { resource: 'storage', max: '1Gi' }, is: false },
  { what: 'bounds a disk', row: { type: 'PersistentVolumeClaim', resource: 'storage', min: '1Gi' }, is: true },
])('a row that $what: $is', ({ row, is }) => {
  expect(isRange({ ...newRange, ...row })).toBe(is);
});
