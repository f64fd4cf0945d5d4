// Owns processors and memory that come while a machine runs: plugging, guests that do not take them, no room, kills in between.
import { describe, expect, test } from 'vitest';
import type { ResourceQuota } from '../../electron/api/kinds/resource-quota.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import { vm, withRunStrategy, withTemplate, type VmPart } from '../fakes/builders.ts';
import { condition, startCore, type TestCore, update } from './harness.ts';

type Domain = NonNullable<VirtualMachine['spec']['template']['spec']>['domain'];
interface Size {
  readonly sockets?: number;
  readonly guest?: string;
  readonly maxSockets?: number;
}

function sized(domain: Domain, { sockets, guest, maxSockets }: Size): Domain {
  return {
    ...domain,
    cpu: { ...domain.cpu, ...(sockets === undefined ? {} : { sockets }), ...(maxSockets === undefined ? {} : { maxSockets }) },
    memory: { ...domain.memory, ...(guest === undefined ? {} : { guest }) },
  };
}

const roomy: VmPart = withTemplate((spec) => ({
  ...spec,
  domain: { ...spec.domain, cpu: { sockets: 1, cores: 2, maxSockets: 4 }, memory: { guest: '1Gi', maxGuest: '4Gi' } },
}));

async function running(...before: readonly DraftObject[]): Promise<TestCore> {
  const core = await startCore();
  await core.made(...before, vm(withRunStrategy('Always'), roomy));
  return core;
}

async function ask(core: TestCore, size: Size): Promise<void> {
  await update(core, (draft) => {
    const { spec } = draft as unknown as VirtualMachine;
    const template = spec.template.spec!;
    return { ...draft, spec: { ...spec, template: { ...spec.template, spec: { ...template, domain: sized(template.domain, size) } } } };
  });
  await core.settle();
}

const added = (core: TestCore): readonly unknown[] =>
  core
    .guest()
    .qmpLog.filter(({ execute }) => execute === 'device_add')
    .map(({ arguments: args }) => args?.['id']);

const resized = (core: TestCore): readonly unknown[] =>
  core
    .guest()
    .qmpLog.filter(({ execute }) => execute === 'qom-set')
    .map(({ arguments: args }) => args?.['value']);

const gibibyte = 2 ** 30;

describe('a machine with room', () => {
  test('gets the processors of another socket, with no restart', async () => {
    const core = await running();
    await ask(core, { sockets: 2 });
    expect(added(core)).toEqual(['cpu-1-0-0-0', 'cpu-1-0-1-0']);
    expect(core.vmi()?.status?.currentCPUTopology).toEqual({ cores: 2, sockets: 2, threads: 1 });
    expect([condition(core.vmi(), 'HotVCPUChange'), condition(core.vm(), 'RestartRequired')]).toEqual([undefined, undefined]);
    expect(core.events()).toContain('ProcessorsPlugged: 2 processors were plugged in.');
  });

  test('gets memory, and gives it back down to that of its start', async () => {
    const core = await running();
    await ask(core, { guest: '3Gi' });
    expect(resized(core)).toEqual([2 * gibibyte]);
    expect(core.vmi()?.status?.memory).toEqual({ guestAtBoot: '1Gi', guestCurrent: '3Gi', guestRequested: '3Gi' });
    await ask(core, { guest: '1Gi' });
    expect([resized(core).at(-1), core.vmi()?.status?.memory?.guestCurrent]).toEqual([0, '1Gi']);
    expect([condition(core.vmi(), 'HotMemoryChange'), condition(core.vm(), 'RestartRequired')]).toEqual([undefined, undefined]);
    // It has none that would follow.
    expect(core.events().some((event) => event.startsWith('LimitsChanged'))).toBe(false);
  });

  test('whose guest cannot give all of it back says how much is left', async () => {
    const core = await running();
    await ask(core, { guest: '2Gi' });
    core.host.world.behave({ takesMemory: false });
    await ask(core, { guest: '1Gi' });
    core.guest().emits('MEMORY_DEVICE_SIZE_CHANGE', { id: 'memory1', size: 2 * 1024 * 1024 });
    await core.settle();
    const told = core.vmi()?.status?.conditions?.find(({ type }) => type === 'HotMemoryChange');
    expect(told?.message).toBe('The guest has 1026 MiB and is to have 1024 MiB: it gives back 2 MiB when it no longer uses them.');
    expect(core.vmi()?.status?.memory?.guestCurrent).toBe('1026Mi');
  });

  test('whose guest does not take the memory says so until it does', async () => {
    const core = await running();
    core.host.world.behave({ takesMemory: false });
    await ask(core, { guest: '2Gi' });
    const told = core.vmi()?.status?.conditions?.find(({ type }) => type === 'HotMemoryChange');
    expect([told?.status, told?.message]).toEqual(['True', 'The guest has 1024 MiB of the 2048 MiB that it may have.']);
    expect(condition(core.vm(), 'HotMemoryChange')).toBe('True');
    core.guest().emits('MEMORY_DEVICE_SIZE_CHANGE', { id: 'memory1', size: gibibyte });
    await core.settle();
    expect([condition(core.vmi(), 'HotMemoryChange'), core.vmi()?.status?.memory?.guestCurrent]).toEqual([undefined, '2Gi']);
  });

  test('goes on with it after the core was killed, and plugs nothing twice', async () => {
    const core = await running();
    await ask(core, { sockets: 2, guest: '2Gi' });
    const next = await core.reborn();
    expect([added(next).length, resized(next).length]).toEqual([2, 1]);
    await ask(next, { sockets: 3 });
    expect(added(next).slice(2)).toEqual(['cpu-2-0-0-0', 'cpu-2-0-1-0']);
    expect(next.vmi()?.status?.currentCPUTopology?.sockets).toBe(3);
  });

  test.each([
    [{ sockets: 5, maxSockets: 8 }, "CPU sockets updated in template spec to a value higher than what's available"],
    [{ maxSockets: 8 }, 'a non-live-updatable field was changed in the template spec'],
  ])('%j takes a restart, in the words of KubeVirt', async (size, message) => {
    const core = await running();
    await ask(core, size);
    expect(core.vm()?.status?.conditions?.find(({ type }) => type === 'RestartRequired')?.message).toBe(message);
    expect(added(core)).toEqual([]);
    await ask(core, { sockets: 1, maxSockets: 4 });
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
  });

  test('that loses a socket takes a restart', async () => {
    const core = await running();
    await ask(core, { sockets: 2 });
    await ask(core, { sockets: 1 });
    expect(core.vm()?.status?.conditions?.find(({ type }) => type === 'RestartRequired')?.message).toBe(
      'Reduction of CPU socket count requires a restart',
    );
  });

  test('that somebody gave a processor by hand gets the rest of the socket alone', async () => {
    const core = await running();
    // A processor is there that nobody of ours has plugged in, half of a socket.
    core.guest().devices.answer('device_add', { driver: 'max-x86_64-cpu', 'socket-id': 1, 'die-id': 0, 'core-id': 1, 'thread-id': 0 });
    await ask(core, { sockets: 2 });
    expect(core.vmi()?.status?.currentCPUTopology?.sockets).toBe(2);
    expect(added(core)).toEqual(['cpu-1-0-0-0']);
  });
});

describe('where there is no room', () => {
  const quota = (memory: string): DraftObject => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team' },
    spec: { hard: { 'requests.memory': memory } },
  });

  test('a quota holds it back, says so without a restart, and lets it go when it is raised', async () => {
    const core = await running(quota('2Gi'));
    await ask(core, { guest: '3Gi' });
    expect([condition(core.vm(), 'HotMemoryChange'), condition(core.vm(), 'RestartRequired')]).toEqual(['False/FailedCreate', undefined]);
    expect(core.events().at(-1)).toContain('FailedHotplug: exceeded quota: team');
    expect([core.vmi()?.spec.domain.memory?.guest, resized(core)]).toEqual(['1Gi', []]);
    const key = { resource: resources.resourceQuotas, namespace: 'default', name: 'team' };
    await core.engine.update(key, { ...core.engine.get(key), spec: { hard: { 'requests.memory': '4Gi' } } });
    await core.settle();
    expect([resized(core), condition(core.vm(), 'HotMemoryChange')]).toEqual([[2 * gibibyte], undefined]);
    // And what it has now counts.
    const used = (core.engine.get(key) as ResourceQuota).status?.used?.['requests.memory'];
    expect(used?.startsWith('3')).toBe(true);
  });

  test('a definition that asks for less again takes the waiting back', async () => {
    const core = await running(quota('2Gi'));
    await ask(core, { guest: '3Gi' });
    await ask(core, { guest: '1Gi' });
    expect(condition(core.vm(), 'HotMemoryChange')).toBeUndefined();
  });
});
