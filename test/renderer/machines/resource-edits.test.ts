// Owns the proof of what the dialog for requests and limits changes, and of what it says of quotas.
// Must not draw it.
import { expect, test } from 'vitest';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import {
  areResources,
  demandedLimits,
  isLimitTooClose,
  resourcesDraft,
  resourcesPatch,
} from '../../../renderer/features/machines/resource-edits.ts';

function machine(resources?: object): VirtualMachine {
  return { spec: { template: { spec: { domain: { devices: {}, ...(resources === undefined ? {} : { resources }) } } } } } as VirtualMachine;
}

const empty = resourcesDraft(machine());
const path = '/spec/template/spec/domain/resources';

test("the chapter's limits are written beside what has no field", () => {
  const vm = machine({ requests: { memory: '64Mi', 'example.com/gpu': '1' } });
  const draft = { ...resourcesDraft(vm), requestsMemory: '128Mi', limitsMemory: '256Mi' };
  expect(resourcesPatch(vm, draft)).toEqual([
    { op: 'test', path, value: { requests: { memory: '64Mi', 'example.com/gpu': '1' } } },
    { op: 'add', path, value: { requests: { 'example.com/gpu': '1', memory: '128Mi' }, limits: { memory: '256Mi' } } },
  ]);
  expect(resourcesPatch(vm, resourcesDraft(vm))).toEqual([]);
});

test('what is emptied is taken away', () => {
  const vm = machine({ requests: { memory: '64Mi' }, overcommitGuestOverhead: true });
  expect(resourcesPatch(vm, empty).at(-1)).toEqual({ op: 'add', path, value: {} });
});

test.for([
  { limit: '256Mi', request: '128Mi', close: false },
  { limit: '227Mi', request: '128Mi', close: true },
  { limit: '228Mi', request: '128Mi', close: false },
  // Nothing requested: as much as the guest.
  { limit: '612Mi', request: '', close: false },
  { limit: '611Mi', request: '', close: true },
  { limit: '', request: '128Mi', close: false },
])('limit $limit over request $request of a guest of 512 MiB is too close: $close', ({ limit, request, close }) => {
  expect(isLimitTooClose({ ...empty, limitsMemory: limit, requestsMemory: request }, 512)).toBe(close);
});

test('limits are demanded by the quotas of its own project; amounts are quantities', () => {
  const quota = {
    metadata: { namespace: 'lab', name: 'a' },
    spec: { hard: { 'limits.memory': '4Gi', pods: '2' } },
  } as unknown as ResourceQuota;
  expect([demandedLimits([quota], 'lab'), demandedLimits([quota], 'default')]).toEqual([['limits.memory'], []]);
  expect([areResources({ ...empty, limitsCpu: '500m' }), areResources({ ...empty, limitsMemory: 'much' })]).toEqual([true, false]);
});
