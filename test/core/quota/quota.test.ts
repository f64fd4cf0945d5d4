// Owns the proof of quotas and ranges: each rule with its sentence, and that no sequence of starts goes over.
// Must not need an engine.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LimitRange } from '../../../electron/api/kinds/limit-range.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { KubeObject } from '../../../electron/api/object.ts';
import { amountsOf } from '../../../electron/core/placement/amounts.ts';
import type { ChargeFacts } from '../../../electron/core/placement/charge.ts';
import { overheadMiB } from '../../../electron/core/placement/overhead.ts';
import { claimRangeCauses, completedItem } from '../../../electron/core/quota/limit-range.ts';
import { quotaCauses, usedByMachines } from '../../../electron/core/quota/machine-quota.ts';
import { objectQuotaCauses, quotaStatus } from '../../../electron/core/quota/object-quota.ts';
import { validate } from '../../../electron/core/validate/validate.ts';

type Domain = VirtualMachineInstance['spec']['domain'];
const metadata = { uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-02T03:04:05Z', namespace: 'default' };

function run(name: string, domain: Partial<Domain> = {}, spec: Partial<VirtualMachineInstance['spec']> = {}): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { ...metadata, name, uid: name },
    spec: { ...spec, domain: { devices: {}, memory: { guest: '1Gi' }, ...domain } },
  };
}

function quota(hard: Readonly<Record<string, string>>, more: Partial<ResourceQuota['spec']> = {}): ResourceQuota {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { ...metadata, name: 'q' }, spec: { hard: { ...hard }, ...more } };
}

function range(...limits: LimitRange['spec']['limits']): LimitRange {
  return { apiVersion: 'v1', kind: 'LimitRange', metadata: { ...metadata, name: 'r' }, spec: { limits: limits.map(completedItem) } };
}

const charging: ChargeFacts = { accelerator: 'kvm', networkResources: new Map() };

interface World {
  readonly quotas?: readonly ResourceQuota[];
  readonly limitRanges?: readonly LimitRange[];
  readonly machines?: readonly VirtualMachineInstance[];
}

function said(vmi: VirtualMachineInstance, { quotas = [], limitRanges = [], machines = [] }: World): readonly string[] {
  return quotaCauses(vmi, { quotas, limitRanges, machines }, charging).map(({ message }) => message);
}

const overhead = overheadMiB(run('web'), 'kvm');
const whole = `${1024 + overhead}Mi`;
const limited = { resources: { limits: { cpu: '2', memory: '2Gi' } } };

describe('a start', () => {
  test.each<[string, VirtualMachineInstance, World, readonly string[]]>([
    ['fits exactly', run('web'), { quotas: [quota({ 'requests.memory': whole, 'requests.cpu': '100m', pods: '1' })] }, []],
    [
      'is too much with what is used',
      run('web'),
      { quotas: [quota({ 'requests.memory': '2Gi' })], machines: [run('db')] },
      [`exceeded quota: q, requested: requests.memory=${whole}, used: requests.memory=${whole}, limited: requests.memory=2Gi`],
    ],
    [
      'names every resource, in the order of the alphabet',
      run('web'),
      { quotas: [quota({ pods: '0', memory: '1Gi', cpu: '50m', 'count/pods': '5' })] },
      [`exceeded quota: q, requested: cpu=100m,memory=${whole},pods=1, used: cpu=0,memory=0,pods=0, limited: cpu=50m,memory=1Gi,pods=0`],
    ],
    [
      'counts huge pages and devices',
      run('web', {
        memory: { guest: '1Gi', hugepages: { pageSize: '2Mi' } },
        devices: { gpus: [{ name: 'g', deviceName: 'nvidia.com/T4' }] },
      }),
      { quotas: [quota({ 'hugepages-2Mi': '512Mi', 'requests.nvidia.com/T4': '0', services: '0' })] },
      [
        'exceeded quota: q, requested: hugepages-2Mi=1Gi,requests.nvidia.com/T4=1, used: hugepages-2Mi=0,requests.nvidia.com/T4=0, limited: hugepages-2Mi=512Mi,requests.nvidia.com/T4=0',
      ],
    ],
    [
      'needs the limits that a quota limits',
      run('web'),
      { quotas: [quota({ 'limits.cpu': '4', 'limits.memory': '8Gi' })] },
      ['failed quota: q: must specify limits.cpu for: compute; limits.memory for: compute'],
    ],
    ['has them', run('web', limited), { quotas: [quota({ 'limits.cpu': '4', 'limits.memory': '8Gi' })] }, []],
    [
      'needs 100Mi between request and limit where a quota limits memory',
      run('web', { resources: { requests: { memory: '128Mi' }, limits: { memory: '227Mi' } } }),
      { quotas: [quota({ 'limits.memory': '8Gi' })] },
      ['limits.memory must be at least requests.memory + 100Mi where a quota limits memory: requests.memory=128Mi, limits.memory=227Mi'],
    ],
    [
      'has them at exactly 100Mi',
      run('web', { resources: { requests: { memory: '128Mi' }, limits: { memory: '228Mi' } } }),
      { quotas: [quota({ 'limits.memory': '8Gi' })] },
      [],
    ],
    [
      'with whole cores has both equal',
      run('web', { cpu: { cores: 1, dedicatedCpuPlacement: true }, resources: { requests: { memory: '1Gi' }, limits: { memory: '1Gi' } } }),
      { quotas: [quota({ 'limits.memory': '8Gi', 'limits.cpu': '1' })] },
      [],
    ],
    ['is not about a quota of what ends by itself', run('web'), { quotas: [quota({ pods: '0' }, { scopes: ['Terminating'] })] }, []],
    ['is never best effort', run('web'), { quotas: [quota({ pods: '0' }, { scopes: ['BestEffort'] })] }, []],
    [
      'is about one of what runs on',
      run('web'),
      { quotas: [quota({ pods: '0' }, { scopes: ['NotTerminating', 'NotBestEffort'] })] },
      ['exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0'],
    ],
    [
      'is about one of its class, which others do not use up',
      run('web', {}, { priorityClassName: 'gold' }),
      {
        quotas: [
          quota({ pods: '1' }, { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['gold'] }] } }),
        ],
        machines: [run('db')],
      },
      [],
    ],
    [
      'is between the least and the most of a range',
      run('web', { resources: { limits: { memory: '4Gi' } } }),
      {
        limitRanges: [
          {
            ...range({
              type: 'Container',
              min: { memory: '2Gi' },
              max: { memory: '2Gi', cpu: '1' },
              maxLimitRequestRatio: { memory: '2' },
            }),
          },
        ],
      },
      [
        `minimum memory usage per Container is 2Gi, but request is ${whole}`,
        `maximum memory usage per Container is 2Gi, but limit is ${4096 + overhead}Mi`,
        'maximum cpu usage per Container is 1.  No limit is specified',
        `memory max limit to request ratio per Container is 2, but provided ratio is ${((4096 + overhead) / (1024 + overhead)).toFixed(6)}`,
      ],
    ],
  ])('%s', (...[, vmi, world, sentences]) => {
    expect(said(vmi, world)).toEqual(sentences);
  });

  test('every quota is told, each with what would do', () => {
    const facts = { quotas: [quota({ pods: '1' }), quota({ memory: '1Gi' })], limitRanges: [], machines: [run('db')] };
    expect(quotaCauses(run('web'), facts, charging).map(({ field, fix }) => [field, fix])).toEqual([
      ['spec', 'Stop db, or raise quota q: pods to at least 2.'],
      ['spec.domain.memory.guest', `Stop db, or raise quota q: memory to at least ${2 * (1024 + overhead)}Mi.`],
    ]);
  });

  test('no sequence of starts and stops goes over', () => {
    const machine = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      mib: fc.integer({ min: 64, max: 4096 }),
      stop: fc.boolean(),
    });
    const hard = fc.record({
      memory: fc.integer({ min: 0, max: 8192 }),
      pods: fc.integer({ min: 0, max: 5 }),
      cpu: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(hard, fc.array(machine, { maxLength: 40 }), ({ memory, pods, cpu }, steps) => {
        const limit = quota({ 'requests.memory': `${memory}Mi`, pods: String(pods), 'requests.cpu': `${cpu}m` });
        const most = amountsOf(limit.spec.hard);
        let machines: readonly VirtualMachineInstance[] = [];
        for (const { name, mib, stop } of steps) {
          machines = machines.filter((other) => other.metadata.name !== name);
          const vmi = run(name, { memory: { guest: `${mib}Mi` } });
          if (!stop && quotaCauses(vmi, { quotas: [limit], limitRanges: [], machines }, charging).length === 0)
            machines = [...machines, vmi];
          const used = usedByMachines(limit, machines, charging);
          for (const resource of Object.keys(most)) expect(used[resource] ?? 0).toBeLessThanOrEqual(most[resource] ?? 0);
        }
      }),
    );
  });
});

describe('a range', () => {
  test('of claims has a least and a most', () => {
    const ranges = [range({ type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } })];
    expect(['512Mi', '1Gi', '3Gi'].map((size) => claimRangeCauses(size, ranges).map(({ message }) => message))).toEqual([
      ['minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 512Mi'],
      [],
      ['maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi'],
    ]);
  });
});

function claim(size: string): PersistentVolumeClaim & KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { ...metadata, name: 'disk' },
    spec: { storageClassName: 'fast', resources: { requests: { storage: size } } },
  };
}

describe('objects', () => {
  const resource = 'persistentvolumeclaims';
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'storage',
      { 'requests.storage': '15Gi' },
      ['exceeded quota: q, requested: requests.storage=10Gi, used: requests.storage=10Gi, limited: requests.storage=15Gi'],
    ],
    ['storage of another class', { 'slow.storageclass.storage.k8s.io/requests.storage': '0' }, []],
    [
      'number',
      { persistentvolumeclaims: '1' },
      ['exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=1, limited: persistentvolumeclaims=1'],
    ],
    ['number, under the newer name', { 'count/persistentvolumeclaims': '2' }, []],
  ])('%s', (_what, hard, sentences) => {
    expect(objectQuotaCauses({ resource, after: claim('10Gi') }, [quota(hard)], [claim('10Gi')]).map(({ message }) => message)).toEqual(
      sentences,
    );
  });

  test('a claim that grows asks for what it grows by; one that is as it was asks for nothing', () => {
    const over = [quota({ 'requests.storage': '5Gi', persistentvolumeclaims: '0' })];
    const change = (size: string) =>
      objectQuotaCauses({ resource, before: claim('10Gi'), after: claim(size) }, over, [claim('10Gi')]).length;
    expect([change('10Gi'), change('11Gi')]).toEqual([0, 1]);
  });

  test('status names what is in hard and nothing else', () => {
    const limit = quota({
      'requests.memory': '8Gi',
      pods: '3',
      'requests.storage': '20Gi',
      'count/virtualmachines.kubevirt.io': '1',
      services: '2',
    });
    const objects = (kind: string): readonly KubeObject[] => (kind === resource ? [claim('10Gi')] : [run('web')]);
    expect(quotaStatus(limit, { machines: [run('web')], ...charging, objects }).used).toEqual({
      'requests.memory': whole,
      pods: '1',
      'requests.storage': '10Gi',
      'count/virtualmachines.kubevirt.io': '1',
      services: '0',
    });
  });
});

describe('what is refused', () => {
  test.each([
    ['resourcequotas', { hard: { pods: '-1' } }, ['spec.hard[pods]']],
    ['resourcequotas', { hard: { pods: '500m', cpu: '500m' } }, ['spec.hard[pods]']],
    ['resourcequotas', { scopes: ['CrossNamespacePodAffinity'] }, ['spec.scopes[0]']],
    ['limitranges', { limits: [{ type: 'Image' }] }, ['spec.limits[0].type']],
    ['limitranges', { limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] }, ['spec.limits[0].min[cpu]']],
  ])('%s %j', (resource, spec, fields) => {
    const draft = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'x' }, spec };
    expect(validate(resource, draft).map(({ field }) => field)).toEqual(fields);
  });
});
