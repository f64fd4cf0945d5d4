// Owns the proof of a quota's bars.
// Must not draw anything.
import { expect, test } from 'vitest';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
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
