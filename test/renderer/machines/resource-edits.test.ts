// Owns the proof of what the dialog for requests and limits changes, and of what it says of quotas.
// Must not draw it.
import { expect, test } from 'vitest';
import type { LimitRange } from '../../../electron/api/kinds/limit-range.ts';
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

test('limits are demanded by a quota where nobody gives them; amounts are quantities', () => {
  const hard = { 'limits.memory': '4Gi', 'limits.cpu': '4', pods: '2' };
  const rules = { quotas: [{ spec: { hard } } as unknown as ResourceQuota], ranges: [], labels: {}, density: undefined };
  const range = { spec: { limits: [{ type: 'Container', default: { memory: '2Gi' } }] } } as unknown as LimitRange;
  const density = { resourceRequirements: { autoCPULimitNamespaceLabelSelector: { matchLabels: { team: 'a' } } } };
  expect([
    demandedLimits(rules),
    demandedLimits({ ...rules, ranges: [range] }),
    demandedLimits({ ...rules, labels: { 'alpha.kubevirt.io/auto-memory-limits-ratio': '2' } }),
    demandedLimits({ ...rules, density, labels: { team: 'a' } }),
    demandedLimits({ ...rules, quotas: [] }),
  ]).toEqual([['limits.cpu', 'limits.memory'], ['limits.cpu'], ['limits.cpu'], ['limits.memory'], []]);
  expect([areResources({ ...empty, limitsCpu: '500m' }), areResources({ ...empty, limitsMemory: 'much' })]).toEqual([true, false]);
});
