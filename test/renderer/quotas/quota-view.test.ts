// Owns the proof of a quota's bars.
// Must not draw anything.
import { expect, test } from 'vitest';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import { memoryRooms } from '../../../renderer/features/create/memory-room.ts';
import { quotaView } from '../../../renderer/features/quotas/quota-view.ts';

test('every resource has its share, whatever it is counted in', () => {
  const hard = { 'requests.cpu': '2', memory: '8Gi', pods: '4', services: '0', 'limits.cpu': '1' };
  const used = { 'requests.cpu': '500m', memory: '2048Mi', pods: '5', services: '0' };
  const quota = {
    metadata: { namespace: 'lab', name: 'team' },
    spec: {
      hard,
      scopes: ['NotTerminating'],
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['gold'] }] },
    },
    status: { hard, used },
  } as unknown as ResourceQuota;
  const { id, shares, scopes } = quotaView(quota);
  expect([id, scopes, shares.map(({ resource, percent }) => [resource, percent])]).toEqual([
    'lab/team',
    ['NotTerminating', 'PriorityClass In gold'],
    [
      ['limits.cpu', 0],
      ['memory', 25],
      ['pods', 125],
      ['requests.cpu', 25],
      ['services', 100],
    ],
  ]);
});

test('a quota leaves the smaller of what its two names for memory leave, and another project nothing to say', () => {
  const quota = (namespace: string, hard: object): ResourceQuota =>
    ({
      metadata: { namespace, name: 'team' },
      spec: { hard },
      status: { hard, used: { memory: '3Gi', 'requests.memory': '3Gi' } },
    }) as unknown as ResourceQuota;
  const quotas = [
    quota('lab', { memory: '8Gi', 'requests.memory': '4Gi' }),
    quota('lab', { pods: '1' }),
    quota('other', { memory: '1Gi' }),
  ];
  expect([memoryRooms(quotas, 'lab'), memoryRooms(quotas, 'other')]).toEqual([
    [{ name: 'team', leftMiB: 1024 }],
    [{ name: 'team', leftMiB: 0 }],
  ]);
});
