// Owns what placement and quotas offer to press when a machine has no place.
// Must not repeat the reasons; place.test.ts has them.
import { expect, test } from 'vitest';
import { type FixAction, fixLabel } from '../../../electron/api/fix-actions.ts';
import { place } from '../../../electron/core/placement/place.ts';
import type { Candidate, PlacementWorld } from '../../../electron/core/placement/world.ts';
import { candidate, node, placed, world } from './worlds.ts';

const gib = 1024 ** 3;

function offered(asked: Candidate, around: PlacementWorld): readonly FixAction[] {
  return place(asked, around).verdicts.flatMap(({ refusals }) => refusals.flatMap(({ actions }) => actions?.() ?? []));
}

const diskAsk = { requirement: { key: 'disk', operator: 'In', values: ['ssd'] }, field: 'spec.nodeSelector' };

test('a label of the node selector can be preferred, or given to the node', () => {
  const actions = offered(candidate({ asks: [diskAsk], nodeSelector: { disk: 'ssd', zone: 'a' } }), world([node('n1')]));
  expect(actions.map(fixLabel)).toEqual(['Prefer nodes with disk=ssd instead of asking for them', 'Label node n1 with disk=ssd']);
  expect(actions[0]).toMatchObject({
    patch: [
      { op: 'test', path: '/spec/nodeSelector', value: { disk: 'ssd', zone: 'a' } },
      { op: 'add', path: '/spec/nodeSelector', value: { zone: 'a' } },
      {
        op: 'add',
        path: '/spec/affinity',
        value: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] } },
            ],
          },
        },
      },
    ],
  });
});

test('a label that follows from facts cannot be given', () => {
  const ask = {
    requirement: { key: 'cpu-model.node.kubevirt.io/Penryn', operator: 'In', values: ['true'] },
    field: 'spec.domain.cpu.model',
  };
  expect(offered(candidate({ asks: [ask] }), world([node('n1')]))).toEqual([]);
});

test('who alone holds enough can be stopped, the smallest first', () => {
  const machines = [
    placed('large', 'n1', { requests: { memory: 5 * gib } }),
    placed('small', 'n1', { requests: { memory: gib } }),
    placed('middle', 'n1', { requests: { memory: 2 * gib } }),
  ];
  const actions = offered(candidate({ requests: { memory: 2 * gib } }), world([node('n1')], machines));
  expect(actions.map(fixLabel)).toEqual(['Stop middle', 'Stop large']);
});

test('a taint can be tolerated or taken off, a cordon lifted', () => {
  const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
  const other = { key: 'soft', effect: 'PreferNoSchedule' };
  const actions = offered(candidate(), world([node('n1', { taints: [taint, other], unschedulable: true })]));
  expect(actions.map(fixLabel)).toEqual([
    'Allow scheduling on node n1 again',
    'Tolerate gpu',
    'Take the taint gpu=yes:NoSchedule off node n1',
  ]);
  expect(actions[2]).toMatchObject({ taints: [other] });
});

test('anti-affinity: the rule can be a preference, the one that runs can be stopped', () => {
  const term = { labelSelector: { matchLabels: { app: 'db' } }, topologyKey: 'kubernetes.io/hostname' };
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  const actions = offered(candidate({ affinity }), world([node('n1')], [placed('db', 'n1', { labels: { app: 'db' } })]));
  expect(actions.map(fixLabel)).toEqual(['Make “apart from” a preference', 'Stop db']);
  expect(actions[0]).toMatchObject({
    patch: [
      { op: 'test' },
      {
        value: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] } },
      },
    ],
  });
});
