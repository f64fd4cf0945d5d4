// Owns the proof that a node's view adds up what runs on it.
// Must not test placement.
import { expect, test } from 'vitest';
import type { Node } from '../../../electron/api/kinds/node.ts';
import { nodeView } from '../../../renderer/features/nodes/node-view.ts';
import type { MappedNode, MappedProcessor, ProcessorOwner } from '../../../electron/api/node-map.ts';
import type { PlacementSettings } from '../../../electron/api/kinds/settings.ts';
import { draftOf, settingsOf } from '../../../renderer/features/nodes/placement-draft.ts';
import { ownersOf, processorGroups } from '../../../renderer/features/nodes/processor-groups.ts';
import { areTaints, taintsPatch } from '../../../renderer/features/nodes/taint-rows.ts';

function processor(id: number, owner: ProcessorOwner, parts: Partial<MappedProcessor> = {}): MappedProcessor {
  return { id, packageId: 0, dieId: 0, numaNode: 0, cache: 0, core: id - (id % 2), isolated: false, owner, ...parts };
}

const node: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'desk',
    uid: 'n',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: {
      disk: 'ssd',
      'kubernetes.io/arch': 'amd64',
      'virtdeck.io/accelerator': 'tcg',
      'cpu-model.node.kubevirt.io/Haswell': 'true',
      'cpu-feature.node.kubevirt.io/vmx': 'true',
      'cpu-feature.node.kubevirt.io/aes': 'true',
    },
  },
  spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] },
  status: {
    capacity: { cpu: '8', memory: '16Gi' },
    allocatable: { cpu: '7500m', memory: '15Gi' },
    conditions: [{ type: 'Ready', status: 'True', message: 'QEMU is here.' }],
  },
};

test('capacity, promises, labels', () => {
  const mapped: MappedNode = {
    name: 'desk',
    processors: [
      processor(0, { type: 'computer' }),
      processor(1, { type: 'machine', namespace: 'default', name: 'web', part: 'vcpu', vcpu: 0 }),
      processor(2, { type: 'machine', namespace: 'default', name: 'web', part: 'spare' }),
      processor(3, { type: 'shared' }),
    ],
    memory: {
      numaNodes: [0],
      totalMiB: 16_384,
      availableMiB: 12_000,
      reservedMiB: 1024,
      pooledMiB: 0,
      promisedMiB: 4300,
      hugePages: [],
    },
    machines: [
      { namespace: 'default', name: 'web', requests: { cpu: '1', memory: '2200Mi' } },
      { namespace: 'lab', name: 'db', requests: { cpu: '200m', memory: '2100Mi' } },
    ],
  };
  expect(nodeView(node, mapped)).toEqual({
    name: 'desk',
    isReady: true,
    isSchedulable: true,
    cpus: { promised: 1.2, allocatable: 7.5 },
    memoryMiB: { promised: 4300, allocatable: 15_360 },
    machines: [
      { namespace: 'default', name: 'web', cpus: 1, memoryMiB: 2200, ownCpus: [1, 2] },
      { namespace: 'lab', name: 'db', cpus: 0.2, memoryMiB: 2100, ownCpus: [] },
    ],
    accelerator: 'tcg',
    architecture: 'amd64',
    capacity: [
      { name: 'cpu', capacity: '8', allocatable: '7500m' },
      { name: 'memory', capacity: '16Gi', allocatable: '15Gi' },
    ],
    conditions: [{ type: 'Ready', status: 'True', message: 'QEMU is here.' }],
    taints: ['gpu=yes:NoSchedule'],
    labels: ['disk=ssd'],
    factLabels: ['kubernetes.io/arch=amd64', 'virtdeck.io/accelerator=tcg'],
    cpuModels: ['Haswell'],
    cpuFeatures: ['aes', 'vmx'],
  });
});

test('processors lie in packages, caches and cores', () => {
  const shared = { type: 'shared' } as const;
  const groups = processorGroups([
    processor(0, shared, { core: 0 }),
    processor(4, shared, { core: 0 }),
    processor(1, shared, { core: 1, cache: 1 }),
    processor(2, shared, { core: 2, numaNode: 1, packageId: 1, cache: 2 }),
  ]);
  const shape = groups.map(({ packageId, numaNode, caches }) => ({
    at: `${packageId}/${numaNode}`,
    caches: caches.map(({ cores }) => cores.map(({ threads }) => threads.map(({ id }) => id))),
  }));
  expect(shape).toEqual([
    { at: '0/0', caches: [[[0, 4]], [[1]]] },
    { at: '1/1', caches: [[[2]]] },
  ]);
});

test('machines have their colours in the order of their processors', () => {
  const of = (name: string): ProcessorOwner => ({ type: 'machine', namespace: 'a', name, part: 'vcpu', vcpu: 0 });
  expect(ownersOf([processor(0, of('y')), processor(1, of('x')), processor(2, of('y'))])).toEqual(['a/y', 'a/x']);
});

test('what is typed in becomes settings, and comes back as it was', () => {
  const settings: PlacementSettings = {
    by: 'custom',
    domains: [
      { name: 'fast', cpus: '0-3', memory: '4Gi' },
      { name: 'slow', cpus: '4-7', devices: ['0000:01:00.0', '1-4'] },
    ],
    reserved: { cores: 2, memory: '1Gi' },
  };
  expect(settingsOf(draftOf(settings))).toEqual(settings);
  expect(settingsOf(draftOf())).toEqual({ by: 'numa' });
  // Domains stay in the form when another way is tried, and do not count.
  expect(settingsOf({ ...draftOf(settings), by: 'cache' })).toEqual({
    by: 'cache',
    reserved: settings.reserved,
  });
});

test('taints: one key and effect once; the old ones are tested', () => {
  const row = { key: 'gpu', value: '', effect: 'NoSchedule' };
  expect([areTaints([row]), areTaints([row, { ...row, value: 'x' }]), areTaints([{ ...row, key: '' }])]).toEqual([true, false, false]);
  expect(taintsPatch(node, [row])).toEqual([
    { op: 'test', path: '/spec/taints', value: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] },
    { op: 'add', path: '/spec/taints', value: [{ key: 'gpu', effect: 'NoSchedule' }] },
  ]);
});
