// Owns the proof that a node's view adds up what runs on it.
// Must not test placement.
import { expect, test } from 'vitest';
import type { Node } from '../../../electron/api/kinds/node.ts';
import { nodeView } from '../../../renderer/features/nodes/node-view.ts';
import { withDomain } from '../../fakes/builders.ts';
import { storedVm, storedVmi } from '../machines/machines.ts';

test('capacity, promises, labels', () => {
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
  const machine = (name: string, cores: number) =>
    storedVm(
      name,
      {},
      withDomain((domain) => ({ ...domain, cpu: { cores }, memory: { guest: '2Gi' } })),
    );
  const vmis = [
    storedVmi(machine('web', 4), { phase: 'Running', nodeName: 'desk' }),
    storedVmi(machine('db', 2), { phase: 'Scheduled', nodeName: 'desk' }),
    storedVmi(machine('over', 1), { phase: 'Succeeded', nodeName: 'desk' }),
    storedVmi(machine('elsewhere', 1), { phase: 'Running', nodeName: 'other' }),
  ];
  expect(nodeView(node, vmis)).toEqual({
    name: 'desk',
    isReady: true,
    cpus: { promised: 6, allocatable: 7.5 },
    memoryMiB: { promised: 4096, allocatable: 15_360 },
    machines: [
      { namespace: 'default', name: 'web' },
      { namespace: 'default', name: 'db' },
    ],
    accelerator: 'tcg',
    architecture: 'amd64',
    capacity: [
      { name: 'cpu', capacity: '8', allocatable: '7500m' },
      { name: 'memory', capacity: '16Gi', allocatable: '15Gi' },
    ],
    conditions: [{ type: 'Ready', status: 'True', message: 'QEMU is here.' }],
    taints: ['gpu=yes:NoSchedule'],
    labels: ['kubernetes.io/arch=amd64', 'virtdeck.io/accelerator=tcg'],
    cpuModels: ['Haswell'],
    cpuFeatures: ['aes', 'vmx'],
  });
});
