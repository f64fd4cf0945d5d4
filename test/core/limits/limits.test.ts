// Owns the rules of limits: what is set of which manifest, what cannot be enforced, what of it changes while the machine runs.
// Must not make a control group.
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { enforceable, type LimitAbilities, limitCondition, limitWarnings } from '../../../electron/core/limits/enforcement.ts';
import { limitPlan } from '../../../electron/core/limits/limit-plan.ts';
import { withLimitsOf, withoutLimitAmounts } from '../../../electron/core/limits/live-limits.ts';
import { overheadMiB } from '../../../electron/core/placement/overhead.ts';

type Domain = Partial<VirtualMachineInstance['spec']['domain']>;

const mebibyte = 1024 * 1024;
const everything: LimitAbilities = { by: 'cgroup v2', can: ['memory', 'memoryHigh', 'swap', 'cpu', 'tasks'] };

function instance(domain: Domain): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { domain: { devices: {}, ...domain } },
  } as VirtualMachineInstance;
}

/** What is set, without the overhead: that is placement's. */
function planned(domain: Domain) {
  const vmi = instance(domain);
  const { memoryMaxBytes, memoryHighBytes, ...rest } = limitPlan(vmi, 'kvm');
  const overhead = overheadMiB(vmi, 'kvm');
  const mib = (bytes: number | undefined) => (bytes === undefined ? undefined : bytes / mebibyte - overhead);
  return { ...rest, overLimitMiB: mib(memoryMaxBytes), highMiB: mib(memoryHighBytes), overhead };
}

describe('of requests and limits', () => {
  test('beside huge pages, of the limit only what is above the guest is for the processes', () => {
    const pages = { guest: '1Gi', hugepages: { pageSize: '2Mi' } };
    const over = (limit: string) => planned({ memory: pages, resources: { limits: { memory: limit } } }).overLimitMiB;
    expect([over('1Gi'), over('1100Mi'), over('512Mi')]).toEqual([0, 76, 0]);
  });

  test('nothing asked: nothing is limited but the number of tasks, and it weighs as any program', () => {
    const plan = limitPlan(instance({ memory: { guest: '1Gi' } }), 'kvm');
    expect(plan).toEqual({ cpuWeight: 100, cpuShares: 1024, tasksMax: 516, oomScoreAdj: 100 });
  });

  test('a memory limit is for the guest; what QEMU needs is on top, and braking begins within that', () => {
    const { overLimitMiB, highMiB, overhead } = planned({ resources: { limits: { memory: '1Gi' }, requests: { memory: '512Mi' } } });
    expect(overLimitMiB).toBe(1024);
    expect(highMiB).toBe(1024 - Math.floor(overhead / 4));
    expect(highMiB).toBeGreaterThan(1024 - overhead);
  });

  test.each<[string, Domain, object]>([
    ['half a processor', { resources: { limits: { cpu: '500m' } } }, { cpuMilli: 500 }],
    ['two and a half', { resources: { limits: { cpu: '2500m' } } }, { cpuMilli: 2500 }],
    ['requested: two weigh as two programs', { resources: { requests: { cpu: '2' } } }, { cpuWeight: 200, cpuShares: 2048 }],
    ['requested: next to nothing', { resources: { requests: { cpu: '1m' } } }, { cpuWeight: 1, cpuShares: 2 }],
    ['requested: more than there is', { resources: { requests: { cpu: '4000' } } }, { cpuWeight: 10_000, cpuShares: 262_144 }],
    ['many vCPUs', { cpu: { sockets: 4, cores: 2, threads: 1 } }, { tasksMax: 544 }],
    [
      'cores of its own are bounded by being its own',
      { cpu: { cores: 2, dedicatedCpuPlacement: true }, resources: { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '2' } } },
      { cpuWeight: 100, swapMaxBytes: 0 },
    ],
    ['promised whole: no swap', { resources: { limits: { memory: '1Gi' }, requests: { memory: '1Gi' } } }, { swapMaxBytes: 0 }],
  ])('%s', (_name, domain, expected) => {
    const plan = limitPlan(instance({ memory: { guest: '1Gi' }, ...domain }), 'kvm');
    expect(plan).toMatchObject(expected);
    if (domain.cpu?.dedicatedCpuPlacement === true) expect(plan).not.toHaveProperty('cpuMilli');
  });

  test('huge pages are not counted: the limit is for what is beside them', () => {
    const { overLimitMiB } = planned({
      memory: { guest: '1Gi', hugepages: { pageSize: '2Mi' } },
      resources: { limits: { memory: '1Gi' } },
    });
    expect(overLimitMiB).toBe(0);
  });
});

describe('the order in which the kernel ends machines', () => {
  const adjOf = (domain: Domain): number => limitPlan(instance(domain), 'kvm').oomScoreAdj;
  const overcommitted = (request: string): Domain => ({ memory: { guest: '2048M' }, resources: { requests: { memory: request } } });

  test('who was promised least of what it believes to have goes first', () => {
    const order = [
      adjOf({ memory: { guest: '1Gi' }, resources: { requests: { memory: '1Gi' }, limits: { memory: '1Gi' } } }),
      adjOf({ memory: { guest: '1Gi' } }),
      adjOf({ memory: { guest: '1Gi' }, resources: { overcommitGuestOverhead: true } }),
      adjOf(overcommitted('2000M')),
      // The chapter's.
      adjOf(overcommitted('1024M')),
      adjOf(overcommitted('64M')),
    ];
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(order.length);
    expect(order[0]).toBe(0);
    expect(Math.max(...order)).toBeLessThan(1000);
  });
});

describe('what cannot be enforced', () => {
  const plan = limitPlan(instance({ memory: { guest: '1Gi' }, resources: { limits: { memory: '1Gi', cpu: '1' } } }), 'kvm');
  const noMemory: LimitAbilities = {
    by: 'systemd',
    can: ['cpu', 'tasks'],
    message: 'systemd was not given the controller for memory.',
    fix: 'Delegate it.',
  };

  test('is not set, is said before the start, and is a condition of the run', () => {
    expect(enforceable(plan, noMemory)).not.toHaveProperty('memoryMaxBytes');
    expect(enforceable(plan, noMemory)).toHaveProperty('cpuMilli', 1000);
    expect(limitWarnings(plan, noMemory)).toEqual([
      {
        reason: 'LimitNotEnforced',
        field: 'spec.domain.resources.limits.memory',
        message: 'limits.memory is counted, but nothing enforces it here. systemd was not given the controller for memory.',
        fix: 'Delegate it.',
      },
    ]);
    expect(limitCondition(plan, noMemory, [])).toMatchObject({ type: 'LimitsEnforced', status: 'False', reason: 'LimitNotEnforced' });
  });

  test('nobody asked: there is no condition', () => {
    expect(limitCondition(limitPlan(instance({ memory: { guest: '1Gi' } }), 'kvm'), noMemory, [])).toBeUndefined();
  });

  test('a value that the kernel did not take turns the condition', () => {
    expect(limitCondition(plan, everything, [])).toMatchObject({ status: 'True' });
    expect(limitCondition(plan, everything, [{ kind: 'memory', message: 'No.' }])).toMatchObject({ status: 'False', message: 'No.' });
  });

  test('version 1 cannot brake, and says so', () => {
    expect(limitCondition(plan, { by: 'cgroup v1', can: ['memory', 'cpu'] }, [])?.message).toMatch(/cgroup v1 has no memory\.high/);
  });
});

describe('changed while it runs', () => {
  const running = instance({ memory: { guest: '1Gi' }, resources: { limits: { memory: '2Gi', cpu: '1' } } }).spec;
  const wanted = (limits: Record<string, string>, more: Domain = {}) =>
    instance({ memory: { guest: '1Gi' }, resources: { limits }, ...more }).spec;
  const limitsOf = (spec: VirtualMachineInstance['spec']) => spec.domain.resources?.limits;

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['raised', { memory: '3Gi', cpu: '2' }, { memory: '3Gi', cpu: '2' }],
    ['lowered', { memory: '1Gi', cpu: '500m' }, { memory: '1Gi', cpu: '500m' }],
    ['memory below what the guest has', { memory: '512Mi', cpu: '2' }, { memory: '2Gi', cpu: '2' }],
    ['one taken away stays until the restart', { cpu: '1' }, { memory: '2Gi', cpu: '1' }],
  ])('%s', (_name, asked, expected) => {
    expect(limitsOf(withLimitsOf(running, wanted(asked)))).toEqual(expected);
  });

  test('the same: the very same object', () => {
    expect(withLimitsOf(running, wanted({ memory: '2Gi', cpu: '1' }))).toBe(running);
  });

  test('cores of its own keep theirs', () => {
    const own = wanted({ cpu: '2' }, { cpu: { cores: 2, dedicatedCpuPlacement: true } });
    expect(withLimitsOf(own, wanted({ cpu: '4' }))).toBe(own);
    expect(withoutLimitAmounts(own)).toBe(own);
  });

  test('amounts need no restart, a limit more or less does', () => {
    const compared = (limits: Record<string, string>) => JSON.stringify(withoutLimitAmounts(wanted(limits)));
    expect(compared({ memory: '2Gi' })).toBe(compared({ memory: '3Gi' }));
    expect(compared({ memory: '2Gi' })).not.toBe(compared({ memory: '2Gi', cpu: '1' }));
  });
});
