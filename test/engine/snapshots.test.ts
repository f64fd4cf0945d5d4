// Owns the proof of snapshots over a pretended computer: taken, gone back to, freed, and refused with every reason.
// Must not look inside the engine.
import { expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import type { VirtualMachineRestore, VirtualMachineSnapshot } from '../../electron/api/kinds/virtual-machine-snapshot.ts';
import { resources } from '../../electron/api/resources.ts';
import { claim, dataVolume, vm, type VmPart, withDisk, withDomain, withRunStrategy } from '../fakes/builders.ts';
import { refusal, startCore, type TestCore } from './harness.ts';

const source = { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web' };

function snapshot(name: string, of: object = source) {
  return {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name, namespace: 'default' },
    spec: { source: of },
  };
}

function restore(name: string, of: string) {
  const spec = { target: source, virtualMachineSnapshotName: of };
  return { apiVersion: 'snapshot.kubevirt.io/v1beta1', kind: 'VirtualMachineRestore', metadata: { name, namespace: 'default' }, spec };
}

const at = (name: string) => ({ namespace: 'default', name });
const taken = (core: TestCore, name: string) =>
  core.store.get({ ...at(name), resource: resources.snapshots }) as VirtualMachineSnapshot | undefined;
const restored = (core: TestCore, name: string) =>
  core.store.get({ ...at(name), resource: resources.restores }) as VirtualMachineRestore | undefined;

async function withMachine(...parts: readonly VmPart[]): Promise<TestCore> {
  const core = await startCore();
  await core.made(dataVolume({ name: 'root' }), vm(withDisk('root', { dataVolume: 'root' }), withRunStrategy('Manual'), ...parts));
  return core;
}

test('of a stopped machine: its disks are kept, gone back to, and freed', async () => {
  const core = await withMachine();
  await core.made(snapshot('one'));
  const tag = `vd-${taken(core, 'one')?.metadata.uid}`;
  await core.made(restore('back', 'one'));
  await core.delete(resources.snapshots, 'one');
  const path = core.claim('root')?.metadata.annotations?.[annotations.diskPath];
  expect([restored(core, 'back')?.status?.complete, taken(core, 'one'), core.host.world.imageSnapshots]).toEqual([
    true,
    undefined,
    [`take ${tag} ${path}`, `goBack ${tag} ${path}`, `forget ${tag} ${path}`],
  ]);
});

test('a tree: each stands on the one before, and on the one that was gone back to', async () => {
  const core = await withMachine();
  await core.made(snapshot('one'));
  await core.made(snapshot('two'));
  await core.made(restore('back', 'one'));
  await core.made(snapshot('three'));
  const parents = ['one', 'two', 'three'].map((name) => taken(core, name)?.metadata.annotations?.[annotations.parentSnapshot]);
  expect([parents, taken(core, 'one')?.status?.readyToUse, taken(core, 'one')?.metadata.ownerReferences?.[0]?.name]).toEqual([
    [undefined, 'one', 'one'],
    true,
    'web',
  ]);
});

test('without memory it waits until the machine is stopped', async () => {
  const core = await withMachine();
  await core.made(snapshot('one'));
  await core.act('start');
  await core.made(restore('back', 'one'));
  const waiting = restored(core, 'back')?.status;
  await core.act('stop');
  await core.clock.advance(5_000);
  expect([waiting?.complete, restored(core, 'back')?.status?.complete]).toEqual([false, true]);
});

test('a TPM and a raw disk are refused with their reasons', async () => {
  const core = await startCore();
  await core.made(
    claim({ name: 'raw', format: 'raw' }),
    vm(
      withDisk('raw', { claim: 'raw' }),
      withDomain((domain) => ({ ...domain, devices: { ...domain.devices, tpm: {} } })),
    ),
  );
  await core.made(snapshot('one'));
  expect([taken(core, 'one')?.status?.phase, taken(core, 'one')?.status?.error?.message]).toEqual([
    'Failed',
    'The TPM keeps its state outside of the disks and would not go back with them.',
  ]);
});

test('a machine that is not there is waited for; what is no machine is refused', async () => {
  const core = await startCore();
  await core.made(snapshot('early'));
  const before = taken(core, 'early')?.status?.phase;
  await core.made(dataVolume({ name: 'root' }), vm(withDisk('root', { dataVolume: 'root' })));
  expect([before, taken(core, 'early')?.status?.phase]).toEqual([undefined, 'Succeeded']);
  expect(await refusal(core.create(snapshot('wrong', { ...source, kind: 'Pod' })))).toContain('spec.source.kind: invalid kind');
});
