// Owns the proof of what the scheduling dialogs change.
// Must not draw them.
import { expect, test } from 'vitest';
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { matchingNodes, nodeSelectorPatch, nodeSelectorText, ownCoresPatch } from '../../../renderer/features/machines/scheduling-edits.ts';

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
  expect([
    matchingNodes(nodes, { disk: 'ssd' }),
    matchingNodes(nodes, { disk: 'ssd', cpumanager: 'true' }),
    matchingNodes(nodes, {}),
  ]).toEqual([['a', 'b'], ['a'], ['a', 'b', 'c']]);
});
