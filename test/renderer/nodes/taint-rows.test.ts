// Owns the proof of which machines the form of taints says are shut down.
// Must not save any; node-view.test.ts shows what is written.
import { expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { evictedBy, type TaintRow } from '../../../renderer/features/nodes/taint-rows.ts';

const taint: TaintRow = { key: 'gpu', value: 'yes', effect: 'NoExecute' };

type Tolerations = VirtualMachineInstance['spec']['tolerations'];

function machine(tolerations: Tolerations, status: VirtualMachineInstance['status'] = { nodeName: 'desk', phase: 'Running' }) {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '' },
    spec: { domain: { devices: {} }, ...(tolerations === undefined ? {} : { tolerations }) },
    status,
  } satisfies VirtualMachineInstance;
}

interface Row {
  readonly what: string;
  readonly tolerations?: Tolerations;
  readonly taints?: readonly TaintRow[];
  readonly status?: VirtualMachineInstance['status'];
  readonly isEvicted: boolean;
}

test.for<Row>([
  { what: 'nobody tolerates it', isEvicted: true },
  { what: 'another value', tolerations: [{ key: 'gpu', value: 'no' }], isEvicted: true },
  { what: 'for ever', tolerations: [{ key: 'gpu', value: 'yes' }], isEvicted: false },
  { what: 'for a while', tolerations: [{ key: 'gpu', operator: 'Exists', tolerationSeconds: 60 }], isEvicted: true },
  {
    what: 'the first that fits is for ever',
    tolerations: [
      { key: 'gpu', operator: 'Exists' },
      { operator: 'Exists', tolerationSeconds: 5 },
    ],
    isEvicted: false,
  },
  {
    what: 'the first that fits is for a while',
    tolerations: [
      { operator: 'Exists', tolerationSeconds: 5 },
      { key: 'gpu', operator: 'Exists' },
    ],
    isEvicted: true,
  },
  {
    what: 'one of two taints',
    tolerations: [{ key: 'gpu', operator: 'Exists' }],
    taints: [taint, { ...taint, key: 'disk' }],
    isEvicted: true,
  },
  { what: 'one that only keeps away', taints: [{ ...taint, effect: 'NoSchedule' }], isEvicted: false },
  { what: 'one that has no key yet', taints: [{ ...taint, key: '' }], isEvicted: false },
  { what: 'it runs elsewhere', status: { nodeName: 'other', phase: 'Running' }, isEvicted: false },
  { what: 'it does not run', status: { nodeName: 'desk', phase: 'Succeeded' }, isEvicted: false },
])('$what: shut down $isEvicted', ({ tolerations, taints = [taint], status, isEvicted }) => {
  expect(evictedBy(taints, [machine(tolerations, status)], 'desk')).toEqual(isEvicted ? ['web'] : []);
});
