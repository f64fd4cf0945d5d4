// Owns the proof that a machine is made with its instance type and preference, and keeps them as they were.
// Must not repeat the table of what each field does; core's tests have it.
import { describe, expect, test } from 'vitest';
import type { VirtualMachineSpec } from '../../electron/api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import { managedLabel } from '../../electron/core/instancetype/ready-made.ts';
import { claim, named, vm, type VmPart, withDisk, withDomain, withRunStrategy, withSpec } from '../fakes/builders.ts';
import { fakeHost } from '../fakes/fake-host.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { condition, machineKey, printable, refusal, startCore, type TestCore, temporaryPath, update } from './harness.ts';

const group = 'instancetype.kubevirt.io/v1beta1';

function sized(name: string, guest: number, memory: string): DraftObject {
  return {
    apiVersion: group,
    kind: 'VirtualMachineClusterInstancetype',
    metadata: { name },
    spec: { cpu: { guest }, memory: { guest: memory } },
  };
}

function liking(name: string, spec: object): DraftObject {
  return { apiVersion: group, kind: 'VirtualMachineClusterPreference', metadata: { name }, spec };
}

const withoutSize = withDomain(({ memory: _memory, ...domain }) => domain);

function choosing(choice: Pick<VirtualMachineSpec, 'instancetype' | 'preference'>): VmPart {
  return (draft) => withoutSize(withSpec((spec) => ({ ...spec, ...choice }))(draft));
}

/** Processors and memory of the run of `name`. */
function sizeOf(core: TestCore, name = 'web'): unknown {
  const domain = core.vmi(name)?.spec.domain;
  return [(domain?.cpu?.sockets ?? 0) * (domain?.cpu?.cores ?? 0) * (domain?.cpu?.threads ?? 0), domain?.memory?.guest];
}

function revisions(core: TestCore): readonly string[] {
  return core.store.list(resources.controllerRevisions, 'default').map(({ metadata }) => metadata.name);
}

async function resize(core: TestCore, name: string, spec: object): Promise<void> {
  const key = { resource: resources.clusterInstancetypes, name };
  const { metadata } = core.store.get(key) ?? { metadata: { name } };
  await core.engine.update(key, { apiVersion: group, kind: 'VirtualMachineClusterInstancetype', metadata, spec });
  await core.settle();
}

const two: VmPart = choosing({ instancetype: { name: 'two' }, preference: { name: 'cores' } });

async function twoCores(): Promise<TestCore> {
  const core = await startCore();
  await core.made(
    sized('two', 2, '512Mi'),
    liking('cores', { cpu: { preferredCPUTopology: 'cores' }, devices: { preferredDiskBus: 'sata' } }),
  );
  return core;
}

describe('a machine with an instance type and a preference', () => {
  test('runs with them, and its definition stays as it was written', async () => {
    const core = await twoCores();
    await core.made(vm(two, withDisk('root', { bus: 'scsi' }), withRunStrategy('Always')));
    expect(printable(core)).toBe('Running');
    expect(core.vmi()?.spec.domain.cpu).toMatchObject({ sockets: 1, cores: 2, threads: 1 });
    expect(core.vmi()?.spec.domain.memory?.guest).toBe('512Mi');
    expect(core.vmi()?.metadata.annotations).toMatchObject({
      'kubevirt.io/cluster-instancetype-name': 'two',
      'kubevirt.io/cluster-preference-name': 'cores',
    });
    expect(core.vm()?.spec.template.spec?.domain).not.toHaveProperty('cpu');
    expect(core.vm()?.spec.template.spec?.domain).not.toHaveProperty('memory');
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    expect(condition(core.vm(), 'NotHonoured')).toBeUndefined();
  });

  test('keeps a revision of each, and names them in its status', async () => {
    const core = await twoCores();
    await core.made(vm(two));
    const { instancetypeRef, preferenceRef } = core.vm()?.status ?? {};
    expect([instancetypeRef?.name, preferenceRef?.name]).toEqual(['two', 'cores']);
    const names = [instancetypeRef?.controllerRevisionRef?.name ?? '', preferenceRef?.controllerRevisionRef?.name ?? ''];
    expect(new Set(names)).toEqual(new Set(revisions(core)));
    expect(core.store.get({ resource: resources.controllerRevisions, namespace: 'default', name: names[0] ?? '' })).toMatchObject({
      metadata: { labels: { 'instancetype.kubevirt.io/object-name': 'two' }, ownerReferences: [{ kind: 'VirtualMachine', name: 'web' }] },
      data: { kind: 'VirtualMachineClusterInstancetype', spec: { cpu: { guest: 2 } } },
    });
    await core.delete(resources.virtualMachines, 'web');
    expect(revisions(core)).toEqual([]);
  });

  test('that is deleted before anything is kept, keeps nothing and goes', async () => {
    const core = await twoCores();
    await core.create(vm(two));
    await core.delete(resources.virtualMachines, 'web');
    expect(core.vm()).toBeUndefined();
    expect(revisions(core)).toEqual([]);
    expect(core.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('is not touched by a later change, nor by the end of its instance type; a new machine is', async () => {
    const core = await twoCores();
    await core.made(vm(two, withRunStrategy('Always')));
    await resize(core, 'two', { cpu: { guest: 4 }, memory: { guest: '1Gi' } });
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    await core.act('restart', 'web', { gracePeriodSeconds: 0 });
    expect(sizeOf(core)).toEqual([2, '512Mi']);
    await core.made(vm(named('new'), two, withRunStrategy('Always')));
    expect(sizeOf(core, 'new')).toEqual([4, '1Gi']);
    await core.engine.delete({ resource: resources.clusterInstancetypes, name: 'two' });
    await core.settle();
    await core.act('restart', 'web', { gracePeriodSeconds: 0 });
    expect(sizeOf(core)).toEqual([2, '512Mi']);
    await update(core, (draft) => ({ ...draft, metadata: { ...draft.metadata, labels: { still: 'editable' } } }));
    expect(core.vm()?.metadata.labels).toEqual({ still: 'editable' });
  });

  test('is made anew with another one, at the next start', async () => {
    const core = await twoCores();
    await core.made(sized('three', 3, '768Mi'), vm(two, withRunStrategy('Always')));
    await update(core, (draft) => withSpec((spec) => ({ ...spec, instancetype: { name: 'three' } }))(draft as ReturnType<typeof vm>));
    expect(condition(core.vm(), 'RestartRequired')).toBe('True/RestartRequired');
    expect(sizeOf(core)).toEqual([2, '512Mi']);
    expect(core.vm()?.status?.instancetypeRef?.name).toBe('three');
    await core.act('restart', 'web', { gracePeriodSeconds: 0 });
    expect(sizeOf(core)).toEqual([3, '768Mi']);
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
  });

  test('goes back to a revision that its author names', async () => {
    const core = await twoCores();
    await core.made(vm(two));
    const revision = core.vm()?.status?.instancetypeRef?.controllerRevisionRef?.name ?? '';
    await resize(core, 'two', { cpu: { guest: 4 }, memory: { guest: '1Gi' } });
    await core.made(
      vm(named('old'), choosing({ instancetype: { name: 'two', revisionName: revision } }), withRunStrategy('Always')),
      vm(named('new'), choosing({ instancetype: { name: 'two' } }), withRunStrategy('Always')),
    );
    expect([sizeOf(core, 'old'), sizeOf(core, 'new')]).toEqual([
      [2, '512Mi'],
      [4, '1Gi'],
    ]);
  });

  test('is checked before the start as it would run', async () => {
    const core = await twoCores();
    await core.made(vm(two));
    const { command } = await core.engine.startCheck(machineKey());
    expect(command?.find(({ flag }) => flag === '-smp')?.value).toContain('cores=2');
    const drafted = await core.engine.startCheck(machineKey('draft'), [vm(named('draft'), two)]);
    expect(drafted.command?.find(({ flag }) => flag === '-m')?.value).toContain('512');
  });

  test('may be of its project', async () => {
    const core = await startCore();
    const own = { ...sized('own', 2, '512Mi'), kind: 'VirtualMachineInstancetype' };
    await core.made(own, vm(choosing({ instancetype: { name: 'own', kind: 'VirtualMachineInstancetype' } }), withRunStrategy('Always')));
    expect(sizeOf(core)).toEqual([2, '512Mi']);
    expect(core.vmi()?.metadata.annotations).toMatchObject({ 'kubevirt.io/instancetype-name': 'own' });
  });
});

describe('a preference says which machine type, and which storage, a new machine has', () => {
  test('once: the definition keeps them', async () => {
    const core = await startCore();
    await core.made(liking('old', { machine: { preferredMachineType: 'pc-q35-7.2' }, volumes: { preferredStorageClassName: 'local' } }));
    await core.made(
      vm(
        withSpec((spec) => ({
          ...spec,
          preference: { name: 'old' },
          dataVolumeTemplates: [
            { metadata: { name: 'root' }, spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '1Gi' } } } } },
          ],
        })),
        withDisk('root', { dataVolume: 'root' }),
      ),
    );
    expect(core.vm()?.spec.template.spec?.domain.machine?.type).toBe('pc-q35-7.2');
    expect(core.vm()?.spec.dataVolumeTemplates?.[0]?.spec.storage?.storageClassName).toBe('local');
  });
});

describe('refused', () => {
  const ofWeb = 'VirtualMachine.kubevirt.io "web" is invalid:';
  test.each<[string, VmPart, string]>([
    [
      'an instance type that is not there',
      choosing({ instancetype: { name: 'none' } }),
      `Invalid: ${ofWeb} spec.instancetype: Failure to find instancetype: virtualmachineclusterinstancetypes.instancetype.kubevirt.io "none" not found`,
    ],
    [
      'a preference that is not there',
      choosing({ preference: { name: 'none', kind: 'VirtualMachinePreference' } }),
      `Invalid: ${ofWeb} spec.preference: Failure to find preference: virtualmachinepreferences.instancetype.kubevirt.io "none" not found`,
    ],
    [
      'another kind',
      choosing({ instancetype: { name: 'two', kind: 'Secret' } }),
      `Invalid: ${ofWeb} spec.instancetype: Failure to find instancetype: got unexpected kind in InstancetypeMatcher: Secret`,
    ],
    [
      'a revision that is not there',
      choosing({ instancetype: { name: 'two', revisionName: 'r' } }),
      `Invalid: ${ofWeb} spec.instancetype: Failure to find instancetype: controllerrevisions.apps "r" not found`,
    ],
    [
      'no name',
      choosing({ preference: {} }),
      `Invalid: ${ofWeb} spec.preference: Either Name or InferFromVolume should be provided within the PreferenceMatcher`,
    ],
    [
      "the machine's own size",
      withSpec((spec) => ({ ...spec, instancetype: { name: 'two' } })),
      `Invalid: ${ofWeb} spec.template.spec.domain.memory.guest: VM field(s) spec.template.spec.domain.memory.guest conflicts with selected instance type`,
    ],
    [
      'less than the preference requires',
      choosing({ instancetype: { name: 'two' }, preference: { name: 'large' } }),
      `Invalid: ${ofWeb} spec.instancetype: failure checking preference requirements: insufficient CPU resources of 2 vCPU provided by instance type, preference requires 4 vCPU`,
    ],
    [
      'what would be wrong with it once applied',
      choosing({ instancetype: { name: 'two' }, preference: { name: 'secure' } }),
      `Invalid: ${ofWeb} spec.template.spec.domain: spec.template.spec.domain has EFI SecureBoot enabled. SecureBoot requires SMM, which is currently disabled.`,
    ],
  ])('%s', async (...[, part, want]) => {
    const core = await twoCores();
    await core.made(
      liking('large', { requirements: { cpu: { guest: 4 } } }),
      liking('secure', { firmware: { preferredEfi: { secureBoot: true } } }),
    );
    expect(await refusal(core.create(vm(part)))).toBe(want);
    expect(core.vm()).toBeUndefined();
  });

  test('another name with the revision of the former', async () => {
    const core = await twoCores();
    await core.made(vm(named('first'), two));
    const revisionName = core.vm('first')?.status?.instancetypeRef?.controllerRevisionRef?.name ?? '';
    await core.made(sized('three', 3, '1Gi'), vm(choosing({ instancetype: { name: 'two', revisionName } })));
    const change = update(core, (draft) => choosing({ instancetype: { name: 'three', revisionName } })(draft as ReturnType<typeof vm>));
    expect(await refusal(change)).toBe(
      `Invalid: ${ofWeb} spec.instancetype.revisionName: the Matcher Name has been updated without updating the RevisionName`,
    );
  });

  test('a revision is not rewritten', async () => {
    const core = await twoCores();
    await core.made(vm(two));
    const [name = ''] = revisions(core);
    const key = { resource: resources.controllerRevisions, namespace: 'default', name };
    const stored = core.store.get(key);
    expect(await refusal(core.engine.update(key, { ...stored, data: {} } as unknown as DraftObject))).toMatch(
      /data: Invalid value: field is immutable/,
    );
  });
});

describe('what a disk says of itself', () => {
  const labels = {
    'instancetype.kubevirt.io/default-instancetype': 'two',
    'instancetype.kubevirt.io/default-preference': 'cores',
    'instancetype.kubevirt.io/default-preference-kind': 'VirtualMachineClusterPreference',
  };
  const fromRoot: VmPart = choosing({ instancetype: { inferFromVolume: 'root' }, preference: { inferFromVolume: 'root' } });

  test('is taken from its claim, once', async () => {
    const core = await twoCores();
    const disk = claim({ name: 'disk' });
    await core.made(
      { ...disk, metadata: { ...disk.metadata, labels } },
      vm(fromRoot, withDisk('root', { claim: 'disk' }), withRunStrategy('Always')),
    );
    expect(core.vm()?.spec.instancetype).toEqual({ name: 'two' });
    expect(core.vm()?.spec.preference).toEqual({ name: 'cores', kind: 'VirtualMachineClusterPreference' });
    expect(core.vmi()?.spec.domain.cpu).toMatchObject({ cores: 2 });
  });

  test.each<[string, VmPart, string]>([
    [
      'no such volume',
      (draft) => fromRoot(draft),
      'BadRequest: unable to find volume root to infer defaults. unable to find volume root to infer defaults',
    ],
    [
      'another sort of volume',
      (draft) => withDisk('root')(choosing({ instancetype: { inferFromVolume: 'root' } })(draft)),
      'BadRequest: unable to infer defaults from volume root as type is not supported',
    ],
    [
      'a disk that says nothing',
      (draft) => withDisk('root', { claim: 'silent' })(choosing({ instancetype: { inferFromVolume: 'root' } })(draft)),
      'BadRequest: unable to find required instancetype.kubevirt.io/default-instancetype label on the volume',
    ],
    [
      'a disk that is not there',
      (draft) => withDisk('root', { dataVolume: 'none' })(choosing({ instancetype: { inferFromVolume: 'root' } })(draft)),
      'BadRequest: persistentvolumeclaims "none" not found',
    ],
  ])('is missed: %s', async (...[, part, want]) => {
    const core = await twoCores();
    await core.made(claim({ name: 'silent' }));
    expect(await refusal(core.create(vm(part)))).toBe(want);
  });

  test('may be missed when its author says so; the memory beside it is for that case alone', async () => {
    const core = await twoCores();
    const disk = claim({ name: 'disk' });
    const maybe = withSpec((spec) => ({ ...spec, instancetype: { inferFromVolume: 'root', inferFromVolumeFailurePolicy: 'Ignore' } }));
    await core.made({ ...disk, metadata: { ...disk.metadata, labels } }, claim({ name: 'silent' }));
    await core.made(vm(maybe, withDisk('root', { claim: 'disk' })), vm(named('silent'), maybe, withDisk('root', { claim: 'silent' })));
    expect(core.vm()?.spec).toMatchObject({ instancetype: { name: 'two' } });
    expect(core.vm()?.spec.template.spec?.domain.memory).toBeUndefined();
    expect(core.vm('silent')?.spec.instancetype).toBeUndefined();
    expect(core.vm('silent')?.spec.template.spec?.domain.memory?.guest).toBe('256Mi');
  });
});

describe('ready-made ones', () => {
  const marked = (guest: number): DraftObject => {
    const draft = sized('u1.two', guest, '512Mi');
    return { ...draft, metadata: { ...draft.metadata, labels: managedLabel } };
  };

  test('are made at the first start and put right at the next, while they are marked', async () => {
    const clock = manualClock();
    const shared = { clock, host: fakeHost({ clock }), path: temporaryPath() };
    const key = { resource: resources.clusterInstancetypes, name: 'u1.two' };
    const core = await startCore({ ...shared, readyMade: () => [marked(2)] });
    await core.made(vm(choosing({ instancetype: { name: 'u1.two' } })));
    const first = core.store.get(key);
    expect(first?.spec).toEqual({ cpu: { guest: 2 }, memory: { guest: '512Mi' } });

    const next = async (before: TestCore, guest: number): Promise<TestCore> => {
      await before.engine.close();
      before.store.close();
      return startCore({ ...shared, readyMade: () => [marked(guest)] });
    };
    const same = await next(core, 2);
    expect(same.store.get(key)?.metadata.resourceVersion).toBe(first?.metadata.resourceVersion);
    const changed = await next(same, 3);
    expect(changed.store.get(key)?.spec).toEqual({ cpu: { guest: 3 }, memory: { guest: '512Mi' } });
    await changed.act('start');
    expect(sizeOf(changed)).toEqual([2, '512Mi']);
    await changed.act('stop', 'web', { gracePeriodSeconds: 0 });

    await changed.engine.update(key, sized('u1.two', 7, '512Mi'));
    const kept = await next(changed, 3);
    expect(kept.store.get(key)?.spec).toEqual({ cpu: { guest: 7 }, memory: { guest: '512Mi' } });
  });
});
