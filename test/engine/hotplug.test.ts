// Owns disks that come and go while a machine runs: requests, phases, guests that do not let go, kills in the middle.
import { describe, expect, test } from 'vitest';
import type { ObjectKey } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import type { VolumeRequest } from '../../electron/core/reconcile/volume-request.ts';
import { claim, dataVolume, named, vm, withDisk, withRunStrategy } from '../fakes/builders.ts';
import { condition, machineKey, startCore, type TestCore } from './harness.ts';

const run: ObjectKey = { resource: resources.virtualMachineInstances, namespace: 'default', name: 'web' };

function add(name: string, claimName = name, bus: 'scsi' | 'virtio' | 'sata' = 'scsi'): VolumeRequest {
  return { type: 'add', name, disk: { disk: { bus } }, source: { persistentVolumeClaim: { claimName } } };
}

function remove(name: string): VolumeRequest {
  return { type: 'remove', name };
}

async function running(...claims: readonly string[]): Promise<TestCore> {
  const core = await startCore();
  await core.made(
    claim({ name: 'root', size: '1Gi' }),
    ...claims.map((name) => claim({ name, size: '1Gi' })),
    vm(named('web'), withRunStrategy('Always'), withDisk('root', { claim: 'root' })),
  );
  return core;
}

async function change(core: TestCore, request: VolumeRequest, key = machineKey()): Promise<void> {
  await core.engine.changeVolumes(key, request);
  // QEMU takes a moment to let go of what it no longer has.
  await core.clock.advance(100);
}

function row(core: TestCore, name: string): object | undefined {
  return core.vmi()?.status?.volumeStatus?.find((one) => one.name === name);
}

const volumes = (core: TestCore) => ({
  definition: core.vm()?.spec.template.spec?.volumes?.map(({ name }) => name),
  run: core.vmi()?.spec.volumes?.map(({ name }) => name),
});

describe('a machine that runs', () => {
  test('gets a SCSI disk for good, with the controller that it lacks', async () => {
    const core = await running('data');
    await change(core, add('data'));
    expect(volumes(core)).toEqual({ definition: ['root', 'data'], run: ['root', 'data'] });
    expect(row(core, 'data')).toEqual({
      name: 'data',
      target: 'sda',
      hotplugVolume: {},
      persistentVolumeClaimInfo: { claimName: 'data' },
      phase: 'Ready',
      reason: 'VolumeReady',
      message: 'Successfully attach hotplugged volume data to VM',
    });
    expect(core.guest().devices.ids()).toEqual(expect.arrayContaining(['scsi0', 'disk-data']));
    expect(core.guest().devices.nodes()).toEqual(expect.arrayContaining(['disk-data', 'disk-data-file']));
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    expect(core.events()).toContain('VolumeReady: Successfully attach hotplugged volume data to VM');
  });

  test('gets disks of its own bus until the places are taken', async () => {
    const core = await running('a', 'b', 'c', 'd');
    for (const name of ['a', 'b', 'c', 'd']) await change(core, add(name, name, 'virtio'), run);
    const buses = core
      .guest()
      .qmpLog.filter(({ execute }) => execute === 'device_add')
      .map(({ arguments: args }) => JSON.stringify([args?.['id'], args?.['bus']]));
    expect(buses).toEqual(['["disk-a","port-disk1"]', '["disk-b","port-disk2"]', '["disk-c","port-disk3"]']);
    expect(row(core, 'd')).toMatchObject({ phase: 'Pending', reason: 'FailedAttach' });
    // A place that becomes free is taken.
    await change(core, remove('b'), run);
    await core.clock.advance(60_000);
    expect(row(core, 'd')).toMatchObject({ phase: 'Ready' });
    expect(core.guest().qmpLog.findLast(({ execute }) => execute === 'device_add')?.arguments?.['bus']).toBe('port-disk2');
  });

  test('gives a disk back when its guest lets go, and the claim is free then', async () => {
    const core = await running('data');
    core.host.world.behave({ releasesDevices: false });
    await change(core, add('data', 'data', 'virtio'));
    await change(core, remove('data'));
    expect(row(core, 'data')).toMatchObject({ phase: 'Detaching' });
    await core.delete(resources.persistentVolumeClaims, 'data');
    expect(core.claim('data')).toBeDefined();
    await core.clock.advance(31_000);
    expect(row(core, 'data')).toMatchObject({ phase: 'Detaching', message: expect.stringContaining('within 30 s') });
    expect(core.events()).toContainEqual(expect.stringMatching(/^FailedDetachVolume: /));
    core.guest().devices.release();
    await core.clock.advance(100);
    expect([row(core, 'data'), core.claim('data')]).toEqual([undefined, undefined]);
    expect(
      core
        .guest()
        .devices.nodes()
        .filter((node) => node.startsWith('disk-data')),
    ).toEqual([]);
    expect(volumes(core)).toEqual({ definition: ['root'], run: ['root'] });
  });

  test('gets a disk into this run alone, which asks for no restart', async () => {
    const core = await running('data');
    await change(core, add('data'), run);
    expect(volumes(core)).toEqual({ definition: ['root'], run: ['root', 'data'] });
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    await core.act('restart');
    await core.clock.advance(60_000);
    expect(volumes(core)).toEqual({ definition: ['root'], run: ['root'] });
  });

  test('waits for a disk that is still being made', async () => {
    const core = await running();
    core.host.disks.mode = { type: 'held' };
    await core.made(dataVolume({ name: 'data', source: { blank: {} } }));
    await core.engine.changeVolumes(machineKey(), { ...add('data'), source: { dataVolume: { name: 'data' } } } as VolumeRequest);
    await core.settle();
    expect(row(core, 'data')).toMatchObject({ phase: 'Pending', reason: 'VolumePending' });
    core.host.disks.fills.at(-1)?.finish();
    await core.settle();
    expect(row(core, 'data')).toMatchObject({ phase: 'Ready' });
  });

  test('says why a disk cannot be plugged in, tries again, and leaves nothing behind', async () => {
    const core = await running('data');
    await core.made(vm(named('other'), withRunStrategy('Always'), withDisk('data', { claim: 'data' })));
    await change(core, add('data'));
    expect(row(core, 'data')).toMatchObject({ phase: 'Pending', reason: 'FailedAttach', message: expect.stringContaining('in use by') });
    await core.delete(resources.virtualMachines, 'other');
    await core.clock.advance(120_000);
    expect(row(core, 'data')).toMatchObject({ phase: 'Ready' });
  });
});

test.each([
  { request: add('root', 'data'), says: 'Unable to add volume [root] because volume with that name already exists' },
  { request: add('more', 'root'), says: 'Unable to add volume source [root] because it already exists' },
  { request: remove('gone'), says: 'Unable to remove volume [gone] because it does not exist' },
  { request: remove('root'), says: 'Unable to remove volume [root] because it is not hotpluggable' },
])('is refused: $says', async ({ request, says }) => {
  const core = await running('data');
  await expect(core.engine.changeVolumes(machineKey(), request)).rejects.toThrow(
    `Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": ${says}`,
  );
  await expect(core.engine.changeVolumes(run, request)).rejects.toThrow(says);
});

test('a machine at rest gets a disk in its definition; its run does not exist', async () => {
  const core = await startCore();
  await core.made(claim({ name: 'data', size: '1Gi' }), vm(named('web'), withRunStrategy('Halted')));
  await expect(core.engine.changeVolumes(run, add('data'))).rejects.toThrow('not found');
  await core.engine.changeVolumes(machineKey(), add('data'), { dryRun: true });
  expect(volumes(core).definition ?? []).toEqual([]);
  await change(core, add('data'));
  expect(core.vm()?.spec.template.spec?.volumes).toEqual([
    { name: 'data', persistentVolumeClaim: { claimName: 'data', hotpluggable: true } },
  ]);
  await core.act('start');
  expect(row(core, 'data')).toMatchObject({ phase: 'Ready', hotplugVolume: {} });
  await change(core, remove('data'));
  expect([row(core, 'data'), volumes(core)]).toEqual([undefined, { definition: [], run: [] }]);
});

test('a disk on a bus that cannot be plugged is refused with what can', async () => {
  const core = await running('data');
  await change(core, add('data', 'data', 'sata'));
  expect(row(core, 'data')).toMatchObject({ phase: 'Pending', message: expect.stringContaining('does not use a scsi or virtio bus') });
});

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14])(
  'a core that is killed at call %i of a plug-in is finished by the next',
  async (call) => {
    const core = await running('data');
    core.host.crashAt(call, call % 2 === 0 ? 'before' : 'after');
    await core.engine.changeVolumes(machineKey(), add('data'));
    await core.settle();
    const next = await core.reborn();
    await next.clock.advance(120_000);
    expect(row(next, 'data')).toMatchObject({ phase: 'Ready' });
    expect(
      next
        .guest()
        .devices.ids()
        .filter((id) => id === 'disk-data'),
    ).toEqual(['disk-data']);
    await change(next, remove('data'));
    expect([
      row(next, 'data'),
      next
        .guest()
        .devices.nodes()
        .filter((node) => node.startsWith('disk-data')),
    ]).toEqual([undefined, []]);
  },
);
