// Owns the proof of what the engine does with quotas: who is refused, who waits, what is written down.
// Must not repeat the rules; core's tests have them.
import { describe, expect, test } from 'vitest';
import { resourceAnnotation } from '../../electron/api/annotations.ts';
import { noHostDevices, type PciDevice } from '../../electron/api/host-devices.ts';
import type { HyperConverged } from '../../electron/api/kinds/hyper-converged.ts';
import type { ResourceQuota } from '../../electron/api/kinds/resource-quota.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import { noNetworks } from '../../electron/core/network/network-facts.ts';
import { hyperConvergedKey } from '../../electron/engine/certificates.ts';
import {
  claim,
  named,
  vm,
  type VmPart,
  withDataVolumeTemplate,
  withDomain,
  withMemory,
  withRunStrategy,
  withSpec,
  withTemplate,
} from '../fakes/builders.ts';
import { condition, printable, startCore, type TestCore } from './harness.ts';

const always = withRunStrategy('Always');

function quota(hard: Readonly<Record<string, string>>, name = 'team'): DraftObject {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name }, spec: { hard } };
}

function used(core: TestCore): ResourceQuota['status'] {
  return (core.engine.get({ resource: resources.resourceQuotas, namespace: 'default', name: 'team' }) as ResourceQuota).status;
}

async function raise(core: TestCore, hard: Readonly<Record<string, string>>): Promise<void> {
  const key = { resource: resources.resourceQuotas, namespace: 'default', name: 'team' };
  await core.engine.update(key, { ...core.engine.get(key), spec: { hard } });
  await core.settle();
}

describe('starts', () => {
  test('one more than a quota has room for waits, says so, and starts when another stops', async () => {
    const core = await startCore();
    await core.made(quota({ pods: '1', 'requests.memory': '8Gi' }), vm(named('db'), always, withMemory('1Gi')));
    await core.made(vm(named('web'), always, withMemory('1Gi')));
    const sentence = 'exceeded quota: team, requested: pods=1, used: pods=1, limited: pods=1';
    expect(condition(core.vmi('web'), 'Synchronized')).toBe('False/FailedCreate');
    expect(core.vmi('web')?.status?.conditions?.find(({ type }) => type === 'Synchronized')?.message).toBe(sentence);
    expect([printable(core, 'web'), core.events('web').at(-1), used(core)?.used?.['pods']]).toEqual([
      'Starting',
      `FailedCreate: ${sentence}`,
      '1',
    ]);
    await core.act('stop', 'db');
    core.guest('db').powersOff();
    await core.settle();
    await core.settle();
    expect([printable(core, 'web'), used(core)?.used?.['pods']]).toEqual(['Running', '1']);
  });

  test('a raised quota lets them go at once', async () => {
    const core = await startCore();
    await core.made(quota({ pods: '0' }), vm(always));
    expect(printable(core)).toBe('Starting');
    await raise(core, { pods: '1' });
    expect(printable(core)).toBe('Running');
  });

  test('many at once: no more than fit', async () => {
    const core = await startCore();
    await core.create(quota({ pods: '2' }));
    for (const name of ['a', 'b', 'c', 'd']) await core.create(vm(named(name), always));
    await core.settle();
    const states = ['a', 'b', 'c', 'd'].map((name) => printable(core, name) ?? '').toSorted((a, b) => a.localeCompare(b));
    expect([states, used(core)]).toEqual([['Running', 'Running', 'Starting', 'Starting'], { hard: { pods: '2' }, used: { pods: '2' } }]);
  });

  test('the start check tells it with the field and what would do', async () => {
    const core = await startCore();
    await core.made(quota({ memory: '64Mi', 'limits.memory': '1Gi' }), vm(withMemory('1Gi')));
    const check = await core.engine.startCheck({ resource: resources.virtualMachines, namespace: 'default', name: 'web' });
    expect(check.causes.map(({ reason, field }) => [reason, field])).toEqual([
      ['QuotaDemandsLimits', 'spec.template.spec.domain.resources.limits.memory'],
      ['ExceededQuota', 'spec.template.spec.domain.memory.guest'],
    ]);
  });

  test('a LimitRange gives the limits that a quota demands', async () => {
    const core = await startCore();
    const range = {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'usual' },
      spec: { limits: [{ type: 'Container', default: { memory: '2Gi', cpu: 4 } }] },
    };
    await core.made(quota({ 'limits.memory': '4Gi', 'limits.cpu': '4' }), range, vm(always, withMemory('1Gi')));
    expect([printable(core), core.vmi()?.spec.domain.resources?.limits]).toEqual(['Running', { memory: '2Gi', cpu: '4' }]);
  });
});

describe('virtual functions as network cards', () => {
  const resource = 'intel.com/igbvf';
  const counted = `requests.${resource}`;
  const functions = ['0000:05:10.0', '0000:05:10.1', '0000:05:10.2'];

  /** A card with three functions that VFIO has, and a network of them. */
  async function withFunctions(): Promise<TestCore> {
    const core = await startCore();
    const facts = { ...noNetworks, privilege: 'root' } as const;
    core.host.world.network = facts;
    core.host.computer.become({ network: facts });
    const empty = { names: {}, candidateDrivers: [], bootVga: false, hostUses: [], resetMethods: ['flr'], parents: ['0000:00:01.0'] };
    const card = { ...empty, vendorId: '8086', classCode: '020000' };
    const nic: PciDevice = {
      ...card,
      address: '0000:05:00.0',
      deviceId: '10c9',
      driver: 'igb',
      iommuGroup: '1',
      sriov: { numvfs: functions.length, totalvfs: 7, vfs: functions, network: { name: 'enp5s0', up: true, functions: {} } },
    };
    const vfs = functions.map((address): PciDevice => ({
      ...card,
      address,
      deviceId: '10ca',
      driver: 'vfio-pci',
      iommuGroup: address,
      physfn: nic.address,
    }));
    core.host.world.hostDevices = { ...noHostDevices, pci: [nic, ...vfs] };
    const object = core.engine.get(hyperConvergedKey) as HyperConverged;
    const pciHostDevices = [{ pciDeviceSelector: '8086:10CA', resourceName: resource }];
    await core.engine.update(hyperConvergedKey, { ...object, spec: { ...object.spec, permittedHostDevices: { pciHostDevices } } });
    await core.made(network('blue', resource));
    return core;
  }

  function network(name: string, resourceName?: string): DraftObject {
    return {
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      metadata: { name, ...(resourceName === undefined ? {} : { annotations: { [resourceAnnotation]: resourceName } }) },
      spec: { config: '{"type": "sriov", "vlan": 100}' },
    };
  }

  function on(name: string): VmPart {
    return withTemplate((spec) => ({
      ...spec,
      domain: { ...spec.domain, devices: { ...spec.domain.devices, interfaces: [{ name, sriov: {} }] } },
      networks: [{ name, multus: { networkName: name } }],
    }));
  }

  const sentence = `exceeded quota: team, requested: ${counted}=1, used: ${counted}=1, limited: ${counted}=1`;

  test('one more than the quota has waits, the check tells why, and a raised quota lets it go', async () => {
    const core = await withFunctions();
    await core.made(quota({ [counted]: '1' }), vm(named('db'), always, on('blue')));
    expect([printable(core, 'db'), used(core)?.used]).toEqual(['Running', { [counted]: '1' }]);
    await core.made(vm(named('web'), always, on('blue')));
    expect([condition(core.vmi('web'), 'Synchronized'), core.events('web').at(-1)]).toEqual([
      'False/FailedCreate',
      `FailedCreate: ${sentence}`,
    ]);
    await core.made(vm(named('mail'), withRunStrategy('Halted'), on('blue')));
    const check = await core.engine.startCheck({ resource: resources.virtualMachines, namespace: 'default', name: 'mail' });
    expect(check.causes.map(({ reason, message }) => [reason, message])).toEqual([['ExceededQuota', sentence]]);
    expect(check.charge?.requests[resource]).toBe('1');
    expect(check.charge?.quotas).toEqual([{ quota: 'team', resource: counted, takes: '1', used: '1', hard: '1', fits: false }]);
    await raise(core, { [counted]: '2' });
    expect([printable(core, 'web'), used(core)?.used]).toEqual(['Running', { [counted]: '2' }]);
  });

  test('a device of the same name is not plugged into a machine whose project has none left', async () => {
    const core = await withFunctions();
    await core.made(quota({ [counted]: '1' }), vm(named('db'), always, on('blue')), vm(named('web'), always));
    const key = { resource: resources.virtualMachines, namespace: 'default', name: 'web' };
    const machine = core.engine.get(key) as VirtualMachine;
    const plugged = withDomain((domain) => ({
      ...domain,
      devices: { ...domain.devices, hostDevices: [{ name: 'x', deviceName: resource }] },
    }))(machine);
    await core.engine.update(key, { ...plugged, status: undefined });
    await core.settle();
    expect(core.vmi('web')?.status?.conditions?.find(({ type }) => type === 'HostDevicesChange')?.message).toContain(sentence);
  });

  test('what is used follows the network that says which functions it has, and who waits hears of it', async () => {
    const core = await withFunctions();
    await core.made(
      network('red', resource),
      quota({ [counted]: '1' }),
      vm(named('db'), always, on('blue')),
      vm(named('web'), always, on('red')),
    );
    expect(condition(core.vmi('web'), 'Synchronized')).toBe('False/FailedCreate');
    const key = { resource: resources.networkAttachmentDefinitions, namespace: 'default', name: 'blue' };
    const say = async (resourceName?: string): Promise<string | undefined> => {
      const { metadata } = core.engine.get(key);
      const draft = network('blue', resourceName);
      await core.engine.update(key, { ...draft, metadata: { ...draft.metadata, resourceVersion: metadata.resourceVersion } });
      await core.settle();
      return used(core)?.used?.[counted];
    };
    expect([await say(), printable(core, 'web')]).toEqual(['1', 'Running']);
    expect([await say(resource), await say('intel.com/other'), await say(resource)]).toEqual(['2', '1', '2']);
    await core.engine.delete(key);
    await core.settle();
    expect(used(core)?.used).toEqual({ [counted]: '1' });
  });
});

describe('objects', () => {
  test('a claim over the quota is forbidden, in Kubernetes words, and nothing is stored', async () => {
    const core = await startCore();
    await core.made(quota({ 'requests.storage': '1Mi', 'count/secrets': '0' }));
    await expect(core.create(claim({ name: 'disk' }))).rejects.toMatchObject({
      code: 'Forbidden',
      message: expect.stringMatching(/^persistentvolumeclaims "disk" is forbidden: exceeded quota: team, requested: requests.storage=/),
    });
    expect(core.claim('disk')).toBeUndefined();
  });

  test('a DataVolume waits for room and says so', async () => {
    const core = await startCore();
    await core.made(quota({ persistentvolumeclaims: '0' }), vm(withDataVolumeTemplate('root')));
    expect(JSON.stringify(core.dataVolume('root')?.status)).toContain('ErrExceededQuota');
    const { causes } = await core.engine.startCheck({ resource: resources.virtualMachines, namespace: 'default', name: 'web' });
    expect(causes.map(({ reason, message, actions }) => [reason, message, actions?.[0]])).toEqual([
      [
        'ExceededQuota',
        'The disk root is not made: exceeded quota: team, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=0, limited: persistentvolumeclaims=0.',
        { type: 'RaiseQuota', namespace: 'default', name: 'team', hard: { persistentvolumeclaims: '1' } },
      ],
    ]);
    await raise(core, { persistentvolumeclaims: '1' });
    expect([core.claim('root') === undefined, used(core)?.used]).toEqual([false, { persistentvolumeclaims: '1' }]);
  });
});

describe('what a project and this computer give', () => {
  const hyperConverged = { resource: resources.hyperConvergeds, namespace: 'openshift-cnv', name: 'kubevirt-hyperconverged' } as const;
  const range = (limit: Readonly<Record<string, string>>): DraftObject => ({
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'usual' },
    spec: { limits: [{ type: 'Container', default: limit }] },
  });

  async function edited(core: TestCore, change: (spec: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
    const key = { resource: resources.virtualMachines, namespace: 'default', name: 'web' };
    const { status: _status, ...object } = core.engine.get(key) as unknown as DraftObject & {
      spec: Record<string, unknown>;
      status: unknown;
    };
    await core.engine.update(key, { ...object, spec: change(structuredClone(object.spec)) });
    await core.settle();
  }

  test('waits for no restart: neither after the start, nor when the range changes or goes', async () => {
    const core = await startCore();
    await core.made(range({ memory: '2Gi', cpu: '2' }), vm(always, withMemory('1Gi')));
    expect([printable(core), core.vmi()?.spec.domain.cpu?.sockets]).toEqual(['Running', 1]);
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    const key = { resource: resources.limitRanges, namespace: 'default', name: 'usual' };
    await core.engine.update(key, { ...core.engine.get(key), ...range({ memory: '4Gi' }) });
    await core.engine.delete(key);
    await edited(core, (spec) => ({ ...spec, template: { ...(spec['template'] as object), metadata: { labels: { a: 'b' } } } }));
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    expect(core.vmi()?.spec.domain.resources?.limits).toEqual({ memory: '2Gi', cpu: '2' });
  });

  test('a limit that its author took away is no default: that waits', async () => {
    const core = await startCore();
    await core.made(
      range({ cpu: '2' }),
      vm(
        always,
        withMemory('1Gi'),
        withDomain((domain) => ({ ...domain, resources: { limits: { memory: '2Gi' } } })),
      ),
    );
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    await edited(core, (spec) => {
      delete (spec as { template: { spec: { domain: { resources?: object } } } }).template.spec.domain.resources;
      return spec;
    });
    expect(condition(core.vm(), 'RestartRequired')).toBe('True/RestartRequired');
  });

  test('HyperConverged says how much is promised from the next start on, and a patch finds its defaults', async () => {
    const core = await startCore();
    const spec = (core.engine.get(hyperConverged) as unknown as { readonly spec: Record<string, unknown> }).spec;
    expect([spec['higherWorkloadDensity'], spec['resourceRequirements']]).toEqual([
      { memoryOvercommitPercentage: 100 },
      { vmiCPUAllocationRatio: 10 },
    ]);
    await core.made(vm(named('before'), always, withMemory('1Gi')));
    await core.engine.update(hyperConverged, {
      ...core.engine.get(hyperConverged),
      spec: { ...spec, higherWorkloadDensity: { memoryOvercommitPercentage: 200 }, resourceRequirements: { vmiCPUAllocationRatio: 2 } },
    });
    await core.made(vm(always, withMemory('1Gi')));
    expect([core.vmi('before')?.spec.domain.resources, core.vmi()?.spec.domain.resources]).toEqual([
      undefined,
      { requests: { memory: '512Mi' } },
    ]);
    const check = await core.engine.startCheck({ resource: resources.virtualMachines, namespace: 'default', name: 'web' });
    expect([check.charge?.memory[0], check.charge?.requests['cpu']]).toEqual([{ what: 'Request', mib: 512 }, '500m']);
    expect(['before', 'web'].map((name) => condition(core.vm(name), 'RestartRequired'))).toEqual([undefined, undefined]);
  });

  test('nobody but the core says what a run was given', async () => {
    const core = await startCore();
    const annotated = withSpec((spec) => ({
      ...spec,
      template: {
        ...spec.template,
        metadata: { annotations: { 'virtdeck.io/given-amounts': '{', 'virtdeck.io/own-cpus': '{"vcpus":[0]}' } },
      },
    }));
    await core.made(vm(always, withMemory('1Gi'), annotated));
    expect(printable(core)).toBe('Running');
    expect(Object.keys(core.vmi()?.metadata.annotations ?? {}).filter((name) => /given|own-cpus/.test(name))).toEqual([]);
  });
});
