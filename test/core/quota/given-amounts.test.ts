// Owns the proof of what a run is given where its author says nothing, and that it is compared with its definition as it was given it.
// Must not need an engine.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import type { LimitRange } from '../../../electron/api/kinds/limit-range.ts';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { defaultedInstance } from '../../../electron/core/defaults/virtual-machine-instance.ts';
import { chargeOf } from '../../../electron/core/placement/charge.ts';
import { topologyOf } from '../../../electron/core/qemu/topology.ts';
import { defaultDensity } from '../../../electron/core/quota/density.ts';
import { type Surroundings, givenAmounts, givenTo, withAmounts, withGivenAmounts } from '../../../electron/core/quota/given-amounts.ts';
import { completedItem } from '../../../electron/core/quota/limit-range.ts';

type Domain = VirtualMachineInstance['spec']['domain'];
const metadata = { uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-02T03:04:05Z', namespace: 'default' };

function run(domain: Partial<Domain> = {}): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { ...metadata, name: 'web' },
    spec: { domain: { devices: {}, memory: { guest: '1Gi' }, ...domain } },
  };
}

function range(limit: Omit<LimitRange['spec']['limits'][number], 'type'>): LimitRange {
  const spec = { limits: [completedItem({ type: 'Container', ...limit })] };
  return { apiVersion: 'v1', kind: 'LimitRange', metadata: { ...metadata, name: 'r' }, spec };
}

function quota(hard: Readonly<Record<string, string>>): ResourceQuota {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { ...metadata, name: 'q' }, spec: { hard } };
}

function given(around: Partial<Surroundings>, domain: Partial<Domain> = {}): VirtualMachineInstance {
  return withGivenAmounts(run(domain), givenAmounts({ ranges: [], quotas: [], labels: {}, density: defaultDensity, ...around }));
}

function resources(around: Partial<Surroundings>, domain: Partial<Domain> = {}): Domain['resources'] {
  return given(around, domain).spec.domain.resources;
}

describe('a range', () => {
  const ranges = [range({ default: { memory: '2Gi' }, max: { cpu: '2' } })];
  test.each<[string, Partial<Domain>, Domain['resources']]>([
    // As the launcher names its request of processors before the range is asked.
    ['gives limits to a machine without', {}, { limits: { memory: '2Gi', cpu: '2' }, requests: { cpu: '100m' } }],
    [
      'leaves what a machine has',
      { resources: { limits: { memory: '3Gi' }, requests: { cpu: '1' } } },
      { limits: { memory: '3Gi', cpu: '2' }, requests: { cpu: '1' } },
    ],
    ['leaves the cores of a machine that has its own', { cpu: { dedicatedCpuPlacement: true } }, { limits: { memory: '2Gi' } }],
  ])('%s', (_what, domain, expected) => {
    expect(resources({ ranges }, domain)).toEqual(expected);
  });

  test('gives no processors to a guest: its limit of two leaves it one vCPU', () => {
    const facts = { uuid: 'u', architecture: 'amd64' } as const;
    expect(topologyOf(defaultedInstance(given({ ranges }), facts) as VirtualMachineInstance).vcpus).toBe(1);
  });

  test('gives memory to a machine that names none anywhere, and to no other', () => {
    const asking = [range({ defaultRequest: { memory: '512Mi' } })];
    expect([resources({ ranges: asking }, { memory: {} }), resources({ ranges: asking })]).toEqual([
      { requests: { memory: '512Mi' } },
      undefined,
    ]);
  });
});

describe('limits by ratio', () => {
  const labels = { 'alpha.kubevirt.io/auto-memory-limits-ratio': '1.5' };
  const quotas = [quota({ 'limits.memory': '8Gi' })];
  test.each<[string, Partial<Surroundings>, Partial<Domain>, string | undefined]>([
    ['the project says so and a quota demands them', { labels, quotas }, {}, '1536Mi'],
    ['of the request, where there is one', { labels, quotas }, { resources: { requests: { memory: '512Mi' } } }, '768Mi'],
    ['a limit stays', { labels, quotas }, { resources: { limits: { memory: '3Gi' } } }, '3Gi'],
    ['the range was first', { labels, quotas, ranges: [range({ default: { memory: '4Gi' } })] }, {}, '4Gi'],
    ['no quota demands them', { labels, quotas: [quota({ memory: '8Gi' })] }, {}, undefined],
    ['the project says nothing', { labels: {}, quotas }, {}, undefined],
    ['the ratio is none', { labels: { [Object.keys(labels)[0] ?? '']: 'much' }, quotas }, {}, undefined],
  ])('%s', (...[, around, domain, limit]) => {
    expect(resources(around, domain)?.limits?.['memory']).toBe(limit);
  });

  test('as many processors as vCPUs in the projects that HyperConverged selects', () => {
    const autoCpuLimitOf = { matchLabels: { team: 'a' } };
    const cpu = { sockets: 4 };
    expect(resources({ autoCpuLimitOf, labels: { team: 'a' } }, { cpu })).toEqual({ limits: { cpu: '4' }, requests: { cpu: '400m' } });
    expect(resources({ autoCpuLimitOf, labels: { team: 'b' } }, { cpu })).toBeUndefined();
  });
});

describe('density', () => {
  const dense = { density: { memoryOvercommitPercentage: 150, cpuAllocationRatio: 4 } };
  const third = String(Math.floor((1024 ** 3 * 100) / 150));
  test.each<[string, Partial<Domain>, string | undefined]>([
    ['sets less aside than the guest is told', {}, third],
    ['leaves a request', { resources: { requests: { memory: '1Gi' } } }, '1Gi'],
    ['follows a limit, as KubeVirt does', { resources: { limits: { memory: '1Gi' } } }, undefined],
    ['lends no huge pages', { memory: { guest: '1Gi', hugepages: { pageSize: '2Mi' } } }, undefined],
    ['lends nothing that a device may reach', { devices: { gpus: [{ name: 'g', deviceName: 'v/g' }] } }, undefined],
    ['lends nothing that a virtual function may reach', { devices: { interfaces: [{ name: 'n', sriov: {} }] } }, undefined],
    ['lends nothing of a machine with dedicated resources', { cpu: { cores: 1, dedicatedCpuPlacement: true } }, undefined],
  ])('%s', (_what, domain, request) => {
    expect(resources(dense, domain)?.requests?.['memory']).toBe(request);
  });

  test.each<[number, number | undefined, number]>([
    [3, undefined, 300],
    [3, 4, 750],
    [3, 1, 3000],
    [1, 3, 334],
  ])('%i vCPUs at a ratio of %s are %i thousandths of a processor', (sockets, cpuAllocationRatio, milli) => {
    const density = { ...defaultDensity, ...(cpuAllocationRatio === undefined ? {} : { cpuAllocationRatio }) };
    expect(chargeOf(given({ density }, { cpu: { sockets } }), { accelerator: 'kvm', networkResources: new Map() }).requests['cpu']).toBe(
      milli,
    );
  });
});

describe('the note', () => {
  test('is not there where nothing was given', () => {
    expect([given({}).metadata.annotations, givenTo(run())]).toEqual([undefined, {}]);
  });

  test('leaves memory whole that a run was not lent, when its device is gone', () => {
    const density = { memoryOvercommitPercentage: 200, cpuAllocationRatio: 10 };
    const whole = given({ density }, { devices: { hostDevices: [{ name: 'nic', deviceName: 'intel.com/nic' }] } });
    expect(withAmounts(run(), givenTo(whole)).spec).toEqual(run().spec);
    expect(withAmounts(run(), givenTo(given({ density }))).spec.domain.resources).toEqual({ requests: { memory: '512Mi' } });
  });

  test('makes the same run of the same definition, whatever the project says since', () => {
    const around = {
      ranges: [range({ default: { memory: '2Gi', cpu: '1' } })],
      density: { memoryOvercommitPercentage: 200, cpuAllocationRatio: 10 },
    };
    const started = given(around);
    expect(withAmounts(run(), givenTo(started)).spec).toEqual(started.spec);
    expect(Object.keys(started.metadata.annotations ?? {})).toEqual([annotations.givenAmounts]);
  });
});
