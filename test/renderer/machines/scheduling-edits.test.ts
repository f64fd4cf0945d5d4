// Owns the proof of what the scheduling dialogs change.
// Must not draw them.
import { expect, test } from 'vitest';
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import {
  affinityOf,
  affinityPatch,
  affinityRules,
  isRule,
  newRule,
  requiredTerms,
} from '../../../renderer/features/machines/affinity-edits.ts';
import { hasLabels, nodeSelectorPatch, nodeSelectorText, ownCoresPatch } from '../../../renderer/features/machines/scheduling-edits.ts';
import { isToleration, tolerationRows, tolerationsOf, tolerationsPatch } from '../../../renderer/features/machines/toleration-edits.ts';

function machine(spec: object): VirtualMachine {
  return { spec: { template: { spec } } } as VirtualMachine;
}

const selectorPath = '/spec/template/spec/nodeSelector';
const cpuPath = '/spec/template/spec/domain/cpu';

test('a node selector is written, replaced only as it was seen, and taken away', () => {
  const none = machine({ domain: { devices: {} } });
  const some = machine({ domain: { devices: {} }, nodeSelector: { disk: 'ssd' } });
  expect([
    nodeSelectorText(some),
    nodeSelectorPatch(none, { disk: 'nvme' }),
    nodeSelectorPatch(some, { disk: 'nvme' }),
    nodeSelectorPatch(some, {}),
    nodeSelectorPatch(none, {}),
  ]).toEqual([
    'disk=ssd',
    [{ op: 'add', path: selectorPath, value: { disk: 'nvme' } }],
    [
      { op: 'test', path: selectorPath, value: { disk: 'ssd' } },
      { op: 'add', path: selectorPath, value: { disk: 'nvme' } },
    ],
    [
      { op: 'test', path: selectorPath, value: { disk: 'ssd' } },
      { op: 'remove', path: selectorPath },
    ],
    [],
  ]);
});

test('cores of its own come beside the topology, and take the free core of QEMU along when they go', () => {
  const shared = machine({ domain: { devices: {}, cpu: { cores: 2 } } });
  const own = machine({ domain: { devices: {}, cpu: { cores: 2, dedicatedCpuPlacement: true, isolateEmulatorThread: true } } });
  expect([ownCoresPatch(shared, true).at(-1), ownCoresPatch(own, false).at(-1), ownCoresPatch(own, true)]).toEqual([
    { op: 'add', path: cpuPath, value: { cores: 2, dedicatedCpuPlacement: true } },
    { op: 'add', path: cpuPath, value: { cores: 2 } },
    [],
  ]);
});

test('nodes match with every label', () => {
  const nodes = [
    { metadata: { name: 'a', labels: { disk: 'ssd', cpumanager: 'true' } } },
    { metadata: { name: 'b', labels: { disk: 'ssd' } } },
    { metadata: { name: 'c' } },
  ] as unknown as readonly Node[];
  const having = (labels: Readonly<Record<string, string>>) =>
    nodes.filter((node) => hasLabels(node, labels)).map(({ metadata }) => metadata.name);
  expect([having({ disk: 'ssd' }), having({ disk: 'ssd', cpumanager: 'true' }), having({})]).toEqual([['a', 'b'], ['a'], ['a', 'b', 'c']]);
});

const affinity = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'example.io/example-key', operator: 'In', values: ['example-value-1', 'example-value-2'] }] },
        { matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['old'] }] },
      ],
    },
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 1, preference: { matchExpressions: [{ key: 'ssd', operator: 'Exists' }] } },
    ],
  },
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: {
          namespaces: ['team'],
          topologyKey: 'kubernetes.io/hostname',
          labelSelector: { matchExpressions: [{ key: 'example-key-2', operator: 'In', values: ['example-value-2'] }] },
        },
      },
    ],
  },
};

test('affinity goes through the rules and back as it was, with what has no field', () => {
  const rules = affinityRules(machine({ affinity }));
  expect(rules.map(({ type, isRequired, weight }) => [type, isRequired, weight])).toEqual([
    ['nodeAffinity', true, 1],
    ['nodeAffinity', true, 1],
    ['nodeAffinity', false, 1],
    ['podAntiAffinity', false, 100],
  ]);
  expect(rules.every(isRule)).toBe(true);
  expect(affinityOf(rules)).toEqual(affinity);
  expect(requiredTerms(rules)).toHaveLength(2);
});

test('labels that are matched become expressions, and no rule leaves no affinity', () => {
  const term = { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'db' } } };
  const vm = machine({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } });
  const [rule] = affinityRules(vm);
  expect(rule?.expressions).toEqual([{ key: 'app', operator: 'In', values: 'db' }]);
  expect([affinityPatch(vm, []).at(-1), affinityPatch(machine({}), [])]).toEqual([
    { op: 'remove', path: '/spec/template/spec/affinity' },
    [],
  ]);
});

test.for([
  { what: 'no expression', change: { expressions: [] } },
  { what: 'no value', change: { expressions: [{ key: 'a', operator: 'In', values: ' , ' }] } },
  { what: 'no number', change: { expressions: [{ key: 'a', operator: 'Gt', values: 'x' }] } },
  { what: 'a weight of 0', change: { weight: 0 } },
  { what: 'a weight of 101', change: { weight: 101 } },
  { what: 'machines that are together nowhere', change: { type: 'podAffinity' as const, topologyKey: '' } },
])('a rule with $what cannot be saved', ({ change }) => {
  const fine = { ...newRule, expressions: [{ key: 'a', operator: 'In', values: 'b' }] };
  expect([isRule(fine), isRule({ ...fine, ...change })]).toEqual([true, false]);
});

test('tolerations go through the rows and back as they were', () => {
  const tolerations = [
    { key: 'key', operator: 'Equal', value: 'virtualization', effect: 'NoSchedule' },
    { key: 'slow', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
    { operator: 'Exists' },
  ];
  const vm = machine({ tolerations });
  const rows = tolerationRows(vm);
  expect([tolerationsOf(rows), rows.every(isToleration), tolerationsPatch(vm, []).at(-1)]).toEqual([
    tolerations,
    true,
    { op: 'remove', path: '/spec/template/spec/tolerations' },
  ]);
  // Equal to nothing tolerates nothing.
  expect(isToleration({ key: '', operator: 'Equal', value: '', effect: '', seconds: '' })).toBe(false);
});
