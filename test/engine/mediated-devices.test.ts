// Owns the proof of what the engine does about mediated devices: made when they are wanted, removed when no machine has them, nobody asked twice.
// Must not repeat the rules of core.
import { beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import { noHostDevices } from '../../electron/api/host-devices.ts';
import type { HyperConverged } from '../../electron/api/kinds/hyper-converged.ts';
import type { Node } from '../../electron/api/kinds/node.ts';
import { resources } from '../../electron/api/resources.ts';
import { hyperConvergedKey } from '../../electron/engine/certificates.ts';
import { named, vm, withDomain, withRunStrategy } from '../fakes/builders.ts';
import { startCore, type TestCore } from './harness.ts';

const resourceName = 'nvidia.com/GRID_T4-2Q';
const vgpu = withDomain((domain) => ({ ...domain, devices: { ...domain.devices, gpus: [{ name: 'gpu1', deviceName: resourceName }] } }));
const machine = (name: string): ReturnType<typeof vm> => vm(named(name), vgpu, withRunStrategy('Always'));

let core: TestCore;
beforeEach(async () => {
  core = await startCore();
  const types = [
    { id: 'nvidia-222', name: 'GRID T4-1B', availableInstances: 4 },
    { id: 'nvidia-231', name: 'GRID T4-2Q', availableInstances: 2 },
  ];
  core.host.world.hostDevices = { ...noHostDevices, mdevParents: [{ name: '0000:01:00.0', types }] };
});

async function want(...mediatedDeviceTypes: readonly string[]): Promise<void> {
  const object = core.engine.get(hyperConvergedKey) as HyperConverged;
  const mediatedDevices = [{ mdevNameSelector: 'GRID T4-2Q', resourceName }];
  const spec = { ...object.spec, permittedHostDevices: { mediatedDevices }, mediatedDevicesConfiguration: { mediatedDeviceTypes } };
  await core.engine.update(hyperConvergedKey, { ...object, spec });
  await core.settle();
}

const made = (): readonly string[] => (core.host.world.hostDevices.mdevs ?? []).map(({ typeId }) => typeId);
const asked = (): readonly string[] => core.host.world.asked.map(({ verb }) => verb).filter((verb) => verb.startsWith('mdev-'));
const offered = (): string | undefined =>
  (core.engine.get({ resource: resources.nodes, name: 'workshop' }) as Node).status?.capacity?.[resourceName];

function condition(): string | undefined {
  const { status } = core.engine.get(hyperConvergedKey) as HyperConverged;
  const found = status?.conditions?.find(({ type }) => type === 'MediatedDevicesConfigured');
  return found === undefined ? undefined : `${found.status} ${found.reason ?? ''} ${found.message ?? ''}`;
}

test('made when wanted, offered by the Node, removed when wanted no more', async () => {
  await want('nvidia-231');
  expect(made()).toEqual(['nvidia-231', 'nvidia-231']);
  expect(offered()).toBe('2');
  expect(condition()).toBe('True MediatedDevicesMade 2 mediated devices are there, as wanted.');
  // Another type of the same card: those that are there make room.
  await want('nvidia-222');
  expect(made()).toEqual(['nvidia-222', 'nvidia-222', 'nvidia-222', 'nvidia-222']);
  expect(offered()).toBe('0');
  await want();
  expect(made()).toEqual([]);
});

test('one that a machine has goes when the machine stops', async () => {
  await want('nvidia-231');
  await core.engine.create(resources.virtualMachines, 'default', machine('web'));
  await core.settle();
  await want();
  expect(made()).toEqual(['nvidia-231']);
  expect(condition()).toContain('False HostDeviceInUse');
  const { mdevCauses } = await core.engine.hostDevices();
  expect(mdevCauses.map(({ actions }) => actions)).toEqual([[{ type: 'StopMachine', namespace: 'default', name: 'web' }]]);
  await core.engine.act('stop', { resource: resources.virtualMachines, namespace: 'default', name: 'web' }, { gracePeriodSeconds: 0 });
  await core.settle();
  expect(made()).toEqual([]);
  expect(condition()).toBe('True MediatedDevicesMade 0 mediated devices are there, as wanted.');
});

test('who was refused is not asked again until something else is wanted, or somebody asks', async () => {
  core.host.world.stuckDevices.add('0000:01:00.0');
  await want('nvidia-231');
  expect(asked()).toEqual(['mdev-create']);
  expect(condition()).toBe('False MakingFailed No administrator agreed.');
  const { metadata } = core.engine.get(hyperConvergedKey) as HyperConverged;
  await core.engine.rotateCertificates('servers');
  await core.settle();
  expect(asked()).toEqual(['mdev-create']);
  expect((core.engine.get(hyperConvergedKey) as HyperConverged).metadata.generation).toBe(metadata.generation);
  core.host.world.stuckDevices.clear();
  core.engine.retryMediatedDevices();
  await core.settle();
  expect(made()).toEqual(['nvidia-231', 'nvidia-231']);
  expect(condition()).toContain('True');
});

test('while somebody is asked for a password, certificates and the end of the program do not wait', async () => {
  const making = vi.spyOn(core.host.devices, 'makeMdev').mockReturnValue(new Promise<void>(() => undefined));
  await want('nvidia-231');
  expect(condition()).toBe(
    'False MediatedDevicesPending Mediated devices are being made or removed; an administrator may be asked for a password.',
  );
  await want('nvidia-222');
  const { status, metadata } = core.engine.get(hyperConvergedKey) as HyperConverged;
  // Written after the certificates were looked at.
  expect(status?.observedGeneration).toBe(metadata.generation);
  expect(making).toHaveBeenCalledTimes(1);
  await core.engine.close();
});

test('what was wanted meanwhile comes after the answer', async () => {
  const answer = Promise.withResolvers<void>();
  vi.spyOn(core.host.devices, 'makeMdev').mockReturnValueOnce(answer.promise);
  await want('nvidia-231');
  await want('nvidia-222');
  answer.reject(new AppError('Forbidden', 'No administrator agreed.'));
  await core.settle();
  expect(made()).toEqual(['nvidia-222', 'nvidia-222', 'nvidia-222', 'nvidia-222']);
  expect(condition()).toContain('True');
});

test('a look that fails is no refusal: it is logged, and all is tried again', async () => {
  vi.spyOn(core.host.devices, 'makeMdev').mockRejectedValueOnce(new Error('EMFILE'));
  await want('nvidia-231');
  expect(core.log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields?.['error'])).toEqual(['EMFILE']);
  await core.clock.advance(1_000);
  expect(made()).toEqual(['nvidia-231', 'nvidia-231']);
});

test('what somebody else has still passes, and is tried again at the first look after a while', async () => {
  await want('nvidia-231');
  for (const { uuid } of core.host.world.hostDevices.mdevs ?? []) core.host.world.openDevices.add(uuid);
  await want();
  expect(made()).toEqual(['nvidia-231', 'nvidia-231']);
  expect(condition()).toBe('False MakingFailed a machine has it');
  const before = asked();
  core.host.world.openDevices.clear();
  await core.clock.advance(30_000);
  expect(asked()).toEqual(before);
  await core.engine.rotateCertificates('servers');
  await core.settle();
  expect(made()).toEqual([]);
  expect(condition()).toContain('True');
});

test('while all is as wanted, a look reads the devices of the computer once', async () => {
  await want('nvidia-231');
  const reads = vi.spyOn(core.host.devices, 'facts');
  core.engine.retryMediatedDevices();
  await core.settle();
  expect(reads).toHaveBeenCalledTimes(1);
});

test('nothing is asked of the computer while nothing is wanted', async () => {
  await core.settle();
  expect(asked()).toEqual([]);
  expect(condition()).toBeUndefined();
});
