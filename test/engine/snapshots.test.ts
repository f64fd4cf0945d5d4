// Owns the proof of snapshots over a pretended computer: taken, gone back to, freed, and refused with every reason.
// Must not look inside the engine.
import { expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import type {
  VirtualMachineRestore,
  VirtualMachineSnapshot,
  VirtualMachineSnapshotContent,
} from '../../electron/api/kinds/virtual-machine-snapshot.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { resources } from '../../electron/api/resources.ts';
import { claim, dataVolume, vm, type VmPart, withDisk, withDomain, withRunStrategy } from '../fakes/builders.ts';
import { machineKey, refusal, startCore, type TestCore, update } from './harness.ts';

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

const failureOf = (core: TestCore, name: string) =>
  restored(core, name)?.status?.conditions?.find(({ type }) => type === 'Failure')?.reason;

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

test('memory goes back to the hardware that it belongs to alone; with other hardware the disks go back when the machine is stopped', async () => {
  const core = await withMachine();
  await core.act('start');
  await core.made(snapshot('one'));
  await core.made(restore('same', 'one'));
  expect(restored(core, 'same')?.status?.complete).toBe(true);
  await core.made(claim({ name: 'more', format: 'qcow2' }));
  const disk = { disk: { bus: 'virtio' }, name: 'more' } as const;
  const claimed = { persistentVolumeClaim: { claimName: 'more', hotpluggable: true } };
  await core.engine.changeVolumes(machineKey(), { type: 'add', name: 'more', disk, source: claimed });
  await core.settle();
  await core.made(restore('other', 'one'));
  const waiting = restored(core, 'other')?.status;
  // As QEMU has left it in the image.
  const path = core.claim('root')?.metadata.annotations?.[annotations.diskPath];
  core.host.world.imageSnapshots.push(`take vd-${taken(core, 'one')?.metadata.uid} ${path}`);
  await core.act('stop');
  await core.clock.advance(5_000);
  expect([
    waiting?.complete,
    waiting?.conditions?.find(({ type }) => type === 'Ready')?.reason,
    restored(core, 'other')?.status?.complete,
  ]).toEqual([
    false,
    expect.stringMatching(/^The machine has other hardware than when the snapshot was taken: its memory cannot go back\./),
    true,
  ]);
});

test('a raw disk is refused with its reason', async () => {
  const core = await startCore();
  await core.made(claim({ name: 'raw', format: 'raw' }), vm(withDisk('raw', { claim: 'raw' })));
  await core.made(snapshot('one'));
  expect([taken(core, 'one')?.status?.phase, taken(core, 'one')?.status?.error?.message]).toEqual([
    'Failed',
    'The disk raw is no qcow2 image of the pool: only those can hold snapshots.',
  ]);
});

test('the definition is kept, and comes back; whether the machine is to run does not', async () => {
  const core = await withMachine(withDomain((domain) => ({ ...domain, memory: { guest: '512Mi' } })));
  await core.made(snapshot('one'));
  const name = taken(core, 'one')?.status?.virtualMachineSnapshotContentName ?? '';
  const content = core.store.get({ ...at(name), resource: resources.snapshotContents }) as VirtualMachineSnapshotContent | undefined;
  const before = core.vm('web');
  expect(name).toBe(`vmsnapshot-content-${taken(core, 'one')?.metadata.uid}`);
  expect(content?.spec).toMatchObject({
    source: { virtualMachine: { metadata: { name: 'web', uid: before?.metadata.uid }, spec: before?.spec } },
    virtualMachineSnapshotName: 'one',
    volumeBackups: [{ volumeName: 'root', persistentVolumeClaim: { metadata: { name: 'root' } } }],
  });
  await update(core, (draft) => {
    const spec = draft['spec'] as VirtualMachine['spec'];
    return {
      ...draft,
      spec: { ...spec, runStrategy: 'Halted', template: { spec: { domain: { devices: {}, memory: { guest: '1Gi' } } } } },
    };
  });
  await core.made(restore('back', 'one'));
  const after = core.vm('web');
  expect([after?.spec.template, after?.spec.runStrategy]).toEqual([before?.spec.template, 'Halted']);
  const [newest] = core.engine.revisions({ resource: resources.virtualMachines, name: 'web' });
  expect([newest?.manager, newest?.operation]).toEqual(['restore', 'update']);
  await core.delete(resources.snapshots, 'one');
  expect(core.store.get({ ...at(name), resource: resources.snapshotContents })).toBeUndefined();
});

test('the state of a TPM goes with the disks; of one that forgets there is nothing to keep', async () => {
  const core = await withMachine(withDomain((domain) => ({ ...domain, devices: { ...domain.devices, tpm: { persistent: true } } })));
  await core.made(snapshot('one'));
  await core.made(restore('back', 'one'));
  await core.delete(resources.snapshots, 'one');
  const tag = core.host.world.imageSnapshots[0]?.split(' ')[1];
  const owner = core.vm('web')?.metadata.uid;
  expect(core.host.world.tpmCopies).toEqual([`take ${tag} ${owner}`, `goBack ${tag} ${owner}`, `forget ${tag} ${owner}`]);
});

test('a disk of then that is gone, or was made anew, is a reason not to go back', async () => {
  const core = await withMachine();
  await core.made(snapshot('one'));
  core.host.world.imageSnapshots.length = 0;
  await core.made(restore('anew', 'one'));
  expect(failureOf(core, 'anew')).toMatch(/does not hold this snapshot: it was made anew since then\.$/);
});

test('a machine that is not there is waited for; what is no machine is refused', async () => {
  const core = await startCore();
  await core.made(snapshot('early'));
  const before = taken(core, 'early')?.status?.phase;
  await core.made(dataVolume({ name: 'root' }), vm(withDisk('root', { dataVolume: 'root' })));
  expect([before, taken(core, 'early')?.status?.phase]).toEqual([undefined, 'Succeeded']);
  expect(await refusal(core.create(snapshot('wrong', { ...source, kind: 'Pod' })))).toContain('spec.source.kind: invalid kind');
});
