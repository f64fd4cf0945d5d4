// Owns the proof of what the engine does with devices of this computer: what a Node offers, who gets what, when it is free again.
// Must not repeat the rules of core; its tests and the golden cases have them.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import { type HostDeviceFacts, noHostDevices, type PciDevice } from '../../electron/api/host-devices.ts';
import type { HyperConverged, PermittedHostDevices } from '../../electron/api/kinds/hyper-converged.ts';
import type { Node } from '../../electron/api/kinds/node.ts';
import type { ResourceQuota } from '../../electron/api/kinds/resource-quota.ts';
import { resources } from '../../electron/api/resources.ts';
import { hyperConvergedKey } from '../../electron/engine/certificates.ts';
import { named, vm, type VmPart, withDomain, withRunStrategy } from '../fakes/builders.ts';
import { printable, startCore, type TestCore } from './harness.ts';

const empty = { names: {}, candidateDrivers: [], bootVga: false, hostUses: [] };

function card(address: string, more: Partial<PciDevice> = {}): PciDevice {
  const t4Card = { vendorId: '10de', deviceId: '1eb8', classCode: '030000', driver: 'vfio-pci', resetMethods: ['bus'] };
  return { ...empty, ...t4Card, address, iommuGroup: address, parents: ['0000:00:01.0'], ...more };
}

const t4 = 'nvidia.com/TU104GL_Tesla_T4';
const permitted: PermittedHostDevices = {
  pciHostDevices: [
    { pciDeviceSelector: '10DE:1EB8', resourceName: t4 },
    { pciDeviceSelector: '8086:6F54', resourceName: 'intel.com/qat', externalResourceProvider: true },
  ],
};
const withCard: VmPart = withDomain((domain) => ({
  ...domain,
  devices: { ...domain.devices, hostDevices: [{ name: 'hostdevices1', deviceName: t4 }] },
}));
const always = withRunStrategy('Always');

let core: TestCore;
beforeEach(async () => {
  core = await startCore();
});

async function computerHas(...pci: readonly PciDevice[]): Promise<void> {
  const facts: HostDeviceFacts = { ...noHostDevices, pci };
  core.host.world.hostDevices = facts;
}

async function permit(list: PermittedHostDevices | undefined): Promise<void> {
  const { permittedHostDevices: _before, ...spec } = (core.engine.get(hyperConvergedKey) as HyperConverged).spec;
  const object = core.engine.get(hyperConvergedKey);
  await core.engine.update(hyperConvergedKey, {
    ...object,
    spec: { ...spec, ...(list === undefined ? {} : { permittedHostDevices: list }) },
  });
  await core.settle();
}

const nodeHas = (): readonly unknown[] => {
  const { capacity, allocatable } = (core.engine.get({ resource: resources.nodes, name: 'workshop' }) as Node).status ?? {};
  return [capacity?.[t4], allocatable?.[t4], capacity?.['intel.com/qat']];
};

describe('what a Node offers', () => {
  test('as many as VFIO has, and 0 after the name was taken off the list', async () => {
    await computerHas(
      card('0000:01:00.0'),
      card('0000:02:00.0'),
      card('0000:03:00.0', { driver: 'nouveau' }),
      card('0000:04:00.0', { deviceId: '6f54', vendorId: '8086' }),
    );
    expect(nodeHas()).toEqual([undefined, undefined, undefined]);
    await permit(permitted);
    expect(nodeHas()).toEqual(['2', '2', '1']);
    await permit({ pciHostDevices: permitted.pciHostDevices?.slice(0, 1) ?? [] });
    expect(nodeHas()).toEqual(['2', '2', '0']);
    await permit(undefined);
    expect(nodeHas()).toEqual(['0', '0', '0']);
  });

  test('one more when one is handed over, one less when it is taken back', async () => {
    await computerHas(card('0000:01:00.0', { driver: 'nouveau' }));
    await permit(permitted);
    expect(nodeHas()[0]).toBe('0');
    core.host.world.hostDevices = {
      ...core.host.world.hostDevices,
      iommu: { ...noHostDevices.iommu, units: ['dmar0'], vfioPci: 'loaded' },
    };
    await core.engine.tryDevice({ address: '0000:01:00.0', seconds: 10 });
    await core.settle();
    expect(nodeHas()[0]).toBe('1');
    await core.clock.advance(12_000);
    await core.settle();
    expect(nodeHas()[0]).toBe('0');
  });
});

describe('a report', () => {
  test('reads the computer once', async () => {
    await computerHas(card('0000:01:00.0'));
    await permit(permitted);
    const reads = vi.spyOn(core.host.devices, 'facts');
    expect((await core.engine.hostDevices()).resources.map(({ name }) => name)).toContain(t4);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  test('alone asks what virtual functions are held to: a program answers that', async () => {
    const settings = { mac: '02:00:00:00:01:64', vlan: 100, qos: 0 };
    const network = { name: 'eth0', up: true, functions: { '0000:05:10.0': settings } };
    const sriov = { numvfs: 1, totalvfs: 7, vfs: ['0000:05:10.0'], network };
    await computerHas(card('0000:01:00.0'), card('0000:05:00.0', { driver: 'igb', classCode: '020000', sriov }));
    const asked = vi.spyOn(core.host.devices, 'functionSettings');
    await permit(permitted);
    await core.made(vm(always, withCard));
    expect(asked).not.toHaveBeenCalled();
    asked.mockResolvedValueOnce(new Map([['0000:05:10.0', { ...settings, vlan: 7 }]]));
    const { pci } = await core.engine.hostDevices();
    expect(asked.mock.calls).toEqual([['0000:05:00.0']]);
    expect(pci.find(({ address }) => address === '0000:05:00.0')?.sriov?.network?.functions).toEqual({
      '0000:05:10.0': { ...settings, vlan: 7 },
    });
  });
});

describe('a machine', () => {
  test('has its device for itself, written down before it starts; the next one waits until it has ended', async () => {
    await computerHas(card('0000:01:00.0'), card('0000:01:00.1', { deviceId: '10f8', classCode: '040300', iommuGroup: '0000:01:00.0' }));
    await permit(permitted);
    await core.made(vm(always, withCard), vm(named('second'), always, withCard));
    expect(core.vmi()?.metadata.annotations?.[annotations.hostDevices]).toBe('{"hostdevices1":["0000:01:00.0","0000:01:00.1"]}');
    const passed = core
      .guest()
      .plan.args.flatMap(({ value }) => (typeof value === 'object' && value['driver'] === 'vfio-pci' ? [value['host']] : []));
    expect(passed).toEqual(['0000:01:00.0', '0000:01:00.1']);
    expect(core.host.world.asked).toContainEqual(expect.objectContaining({ verb: 'memlock' }));
    expect(printable(core, 'second')).toBe('ErrorUnschedulable');
    expect(core.events('second').join(' ')).toContain('0000:01:00.0, 0000:01:00.1: in use by the machine default/web.');
    await core.act('stop');
    await core.clock.advance(60_000);
    await core.settle();
    expect(core.vmi('second')?.metadata.annotations?.[annotations.hostDevices]).toBe('{"hostdevices1":["0000:01:00.0","0000:01:00.1"]}');
  });

  test('is named when somebody wants its device back', async () => {
    await computerHas(card('0000:01:00.0', { driver: 'nouveau' }));
    core.host.world.hostDevices = {
      ...core.host.world.hostDevices,
      iommu: { ...noHostDevices.iommu, units: ['dmar0'], vfioPci: 'loaded' },
    };
    await permit(permitted);
    await core.engine.tryDevice({ address: '0000:01:00.0', seconds: 10 });
    await core.engine.keepDevice('0000:01:00.0');
    await core.made(vm(always, withCard));
    await expect(core.engine.revertDevice('0000:01:00.0')).rejects.toThrow('in use by the machine default/web');
    await core.act('stop');
    await core.clock.advance(60_000);
    await core.engine.revertDevice('0000:01:00.0');
    expect(core.host.world.hostDevices.pci[0]?.driver).toBe('nouveau');
  });

  test('is asked back when whoever was to end its trial was killed at the last step, and only the word of it is left', async () => {
    await computerHas(card('0000:01:00.0', { driver: 'nouveau' }));
    const unbound: string[] = [];
    Object.assign(core.host.devices, {
      bindings: () => Promise.resolve({ trials: [{ address: '0000:01:00.0', untilMs: 0, ending: true }], bound: [], interrupted: [] }),
      unbind: (address: string) => Promise.resolve(void unbound.push(address)),
    });
    expect((await core.engine.deviceTrials()).items).toMatchObject([{ state: 'ending' }]);
    await core.engine.revertDevice('0000:01:00.0');
    expect(unbound).toEqual(['0000:01:00.0']);
  });

  test('is driven as before when root starts the core, after a change of drivers that was left half-way', async () => {
    await computerHas(card('0000:01:00.0', { driver: 'vfio-pci' }));
    core.host.world.driversBefore.set('0000:01:00.0', 'nouveau');
    core.host.world.interrupted.add('0000:01:00.0');
    core.host.world.isRoot = true;
    core = await core.reborn();
    await core.settle();
    expect(core.host.world.hostDevices.pci[0]?.driver).toBe('nouveau');
  });

  test('waits for its name to be allowed, and starts when it is', async () => {
    await computerHas(card('0000:01:00.0'));
    await core.made(vm(always, withCard));
    expect(core.events().join(' ')).toContain(`HostDevice ${t4} is not permitted in permittedHostDevices configuration`);
    await permit(permitted);
    await core.settle();
    expect(core.vmi()?.status?.phase).toBe('Running');
  });

  test('a quota counts it', async () => {
    await computerHas(card('0000:01:00.0'), card('0000:02:00.0'));
    await permit(permitted);
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'cards' }, spec: { hard: { [`requests.${t4}`]: '1' } } };
    await core.made(quota, vm(always, withCard), vm(named('second'), always, withCard));
    const stored = core.store.get({ resource: resources.resourceQuotas, namespace: 'default', name: 'cards' }) as ResourceQuota;
    expect(stored.status?.used?.[`requests.${t4}`]).toBe('1');
    expect(core.vmi('second')?.status?.phase).not.toBe('Running');
    expect(core.events('second').join(' ')).toContain('exceeded quota: cards');
  });

  test('outlives the core with its device still its own', async () => {
    await computerHas(card('0000:01:00.0'));
    await permit(permitted);
    await core.made(vm(always, withCard));
    core = await core.reborn();
    await core.made(vm(named('second'), always, withCard));
    expect(core.events('second').join(' ')).toContain('in use by the machine default/web');
  });
});
