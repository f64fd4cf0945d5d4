// Owns the proof of what Kubernetes promises of every object: identity, versions, finalizers, owners.
// Must not test a kind's own rules.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import type { DraftObject, KubeObject, ObjectKey, OwnerReference } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import { claim, dataVolume, namespace, secret, vm, withMeta } from '../fakes/builders.ts';
import { machineKey, refusal, startCore, type TestCore } from './harness.ts';

const secretKey = (name: string): ObjectKey => ({ resource: resources.secrets, namespace: 'default', name });

describe('create', () => {
  test('completes the metadata, and takes nothing of it that is the server’s', async () => {
    const core = await startCore();
    const draft = secret({ name: 'token', stringData: { a: 'b' } });
    const made = await core.create({
      ...draft,
      metadata: {
        ...draft.metadata,
        uid: 'mine',
        resourceVersion: '',
        generation: 9,
        creationTimestamp: 'yesterday',
        deletionTimestamp: 'now',
        labels: { x: 'y' },
      },
    });
    expect(Object.keys(made)).toEqual(['apiVersion', 'kind', 'metadata', 'data', 'type']);
    expect(made.metadata).toEqual({
      name: 'token',
      namespace: 'default',
      uid: expect.stringMatching(/^0{8}-0{4}-4/),
      resourceVersion: String(core.store.resourceVersion()),
      generation: 1,
      creationTimestamp: '2026-01-02T03:04:05Z',
      labels: { x: 'y' },
    });
  });

  test('draws a name', async () => {
    const core = await startCore();
    const draft = { ...secret({ name: '', stringData: {} }), metadata: { generateName: 'token-' } };
    const names = [(await core.create(draft)).metadata.name, (await core.create(draft)).metadata.name];
    expect(names.map((name) => /^token-[a-z0-9]{5}$/.test(name)).concat(names[0] !== names[1])).toEqual([true, true, true]);
  });

  test('leaves status to the core, and annotations of its own, too', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    const draft = claim({ name: 'disk' });
    const made = await core.create({
      ...draft,
      metadata: { ...draft.metadata, annotations: { [annotations.diskPath]: '/etc/passwd', mine: 'yes' } },
      status: { phase: 'Bound' },
    });
    expect([made.status, made.metadata.annotations?.[annotations.diskPath], made.metadata.annotations?.['mine']]).toEqual([
      undefined,
      undefined,
      'yes',
    ]);
  });

  const refusals: readonly { readonly name: string; readonly create: (core: TestCore) => Promise<unknown>; readonly says: string }[] = [
    {
      name: 'twice',
      create: (core) => core.create(vm()).then(() => core.create(vm())),
      says: 'AlreadyExists: virtualmachines.kubevirt.io "web" already exists',
    },
    {
      name: 'in no project',
      create: (core) => core.create({ ...vm(), metadata: { name: 'web', namespace: 'nowhere' } }),
      says: 'NotFound: namespaces "nowhere" not found',
    },
    {
      name: 'without a name',
      create: (core) => core.create({ ...vm(), metadata: {} }),
      says: 'BadRequest: name or generateName is required',
    },
    {
      name: 'a project in a project',
      create: (core) => core.engine.create(resources.namespaces, 'default', namespace('inner')),
      says: 'BadRequest: namespaces belong to the whole computer and have no namespace',
    },
    {
      name: 'a machine without a project',
      create: (core) => core.engine.create(resources.virtualMachines, undefined, vm()),
      says: 'BadRequest: an empty namespace may not be set during creation of virtualmachines',
    },
    {
      name: 'an unknown kind',
      create: (core) => core.engine.create('unicorns', 'default', vm()),
      says: 'NotFound: the server could not find the requested resource unicorns',
    },
  ];
  test.each(refusals)('is refused $name', async ({ create, says }) => {
    const core = await startCore();
    expect(await refusal(create(core))).toBe(says);
  });

  test('is refused with every cause when the object is invalid', async () => {
    const core = await startCore();
    const draft = vm();
    const { runStrategy: _, ...spec } = draft.spec;
    expect(await refusal(core.create({ ...draft, spec }))).toMatch(/^Invalid: VirtualMachine\.kubevirt\.io "web" is invalid: /);
  });

  test('as a dry run answers the whole object and stores nothing', async () => {
    const core = await startCore();
    const version = core.store.resourceVersion();
    const would = await core.engine.create(resources.virtualMachines, 'default', vm(), { dryRun: true });
    await core.settle();
    expect([would.metadata.uid === '', would.spec === undefined, core.vm(), core.store.resourceVersion()]).toEqual([
      false,
      false,
      undefined,
      version,
    ]);
  });
});

describe('update', () => {
  test('changes what a client may change, counts generations of the definition alone', async () => {
    const core = await startCore();
    await core.made(vm());
    const first = core.vm() as KubeObject;
    const labelled = await core.engine.update(machineKey(), { ...first, metadata: { ...first.metadata, labels: { a: 'b' } } });
    const changed = await core.engine.update(machineKey(), {
      ...labelled,
      spec: { ...vm().spec, runStrategy: 'Manual' },
      metadata: { name: 'web' },
    });
    expect([
      labelled.metadata.generation,
      changed.metadata.generation,
      changed.metadata.labels,
      changed.metadata.uid,
      changed.metadata.finalizers,
    ]).toEqual([1, 2, undefined, first.metadata.uid, ['kubevirt.io/virtualMachineControllerFinalize']]);
  });

  test('leaves status to its subresource, and the definition to itself', async () => {
    const core = await startCore();
    await core.made(dataVolume({ name: 'disk' }));
    const key: ObjectKey = { resource: resources.dataVolumes, namespace: 'default', name: 'disk' };
    const before = core.dataVolume('disk') as KubeObject;
    const plain = await core.engine.update(key, { ...before, status: { phase: 'Failed' } });
    const status = await core.engine.update(key, { ...before, spec: {}, status: { phase: 'Paused' } }, { subresource: 'status' });
    expect([plain.status, status.status, status.spec]).toEqual([before.status, { phase: 'Paused' }, before.spec]);
  });

  const conflicts: readonly { readonly name: string; readonly draft: (stored: KubeObject) => DraftObject; readonly says: RegExp }[] = [
    {
      name: 'an old version',
      draft: (stored) => ({ ...stored, metadata: { ...stored.metadata, resourceVersion: '1' } }),
      says: /^Conflict: .* "token": the object has been modified; please apply your changes to the latest version and try again$/,
    },
    {
      name: 'another uid',
      draft: (stored) => ({ ...stored, metadata: { name: 'token', uid: 'other' } }),
      says: /^Conflict: .*UID in precondition: other/,
    },
    {
      name: 'another name',
      draft: (stored) => ({ ...stored, metadata: { name: 'other' } }),
      says: /^BadRequest: the name of the object \(other\)/,
    },
  ];
  test.each(conflicts)('is refused for $name', async ({ draft, says }) => {
    const core = await startCore();
    const stored = await core.create(secret({ name: 'token', stringData: {} }));
    expect(await refusal(core.engine.update(secretKey('token'), draft(stored)))).toMatch(says);
  });

  test('of what is being deleted may only take finalizers away, and the last one takes it along', async () => {
    const core = await startCore();
    const stored = await core.create({
      ...secret({ name: 'token', stringData: {} }),
      metadata: { name: 'token', finalizers: ['example/a', 'example/b'] },
    });
    const marked = await core.engine.delete(secretKey('token'));
    const fewer = await core.engine.update(secretKey('token'), {
      ...stored,
      metadata: { name: 'token', finalizers: ['example/b', 'example/new'] },
    });
    const there = core.store.get(secretKey('token')) !== undefined;
    await core.engine.update(secretKey('token'), { ...stored, metadata: { name: 'token' } });
    expect([marked.metadata.deletionTimestamp, fewer.metadata.finalizers, there, core.store.get(secretKey('token'))]).toEqual([
      '2026-01-02T03:04:05Z',
      ['example/b'],
      true,
      undefined,
    ]);
  });
});

describe('delete', () => {
  test('is refused when it is not the object that was meant', async () => {
    const core = await startCore();
    const stored = await core.create(secret({ name: 'token', stringData: {} }));
    const answers = [
      await refusal(core.engine.delete(secretKey('token'), { preconditions: { uid: 'other' } })),
      await refusal(core.engine.delete(secretKey('token'), { preconditions: { resourceVersion: '1' } })),
      await refusal(core.engine.delete(secretKey('nobody'))),
      await refusal(core.engine.delete({ resource: resources.namespaces, name: 'default' })),
      await refusal(core.engine.delete(secretKey('token'), { dryRun: true })),
      await refusal(core.engine.delete(secretKey('token'), { preconditions: { uid: stored.metadata.uid } })),
    ];
    expect(answers.map((answer) => answer.slice(0, answer.indexOf(':') + 1))).toEqual([
      'Conflict:',
      'Conflict:',
      'NotFound:',
      'Forbidden:',
      '',
      '',
    ]);
    expect(core.store.get(secretKey('token'))).toBe(undefined);
  });

  test('never lengthens a grace period', async () => {
    const core = await startCore();
    await core.create({ ...secret({ name: 'token', stringData: {} }), metadata: { name: 'token', finalizers: ['example/a'] } });
    const periods: (number | undefined)[] = [];
    for (const gracePeriodSeconds of [60, 5, 30]) {
      periods.push((await core.engine.delete(secretKey('token'), { gracePeriodSeconds })).metadata.deletionGracePeriodSeconds);
    }
    expect(periods).toEqual([60, 5, 5]);
  });

  test('takes dependents along, all the way down; those with another owner stay', async () => {
    const core = await startCore();
    const owner = await core.create(secret({ name: 'owner', stringData: {} }));
    const other = await core.create(secret({ name: 'other', stringData: {} }));
    const child = await core.create({
      ...secret({ name: 'child', stringData: {} }),
      metadata: { name: 'child', ownerReferences: [ownedBy(owner)] },
    });
    await core.create({
      ...secret({ name: 'grandchild', stringData: {} }),
      metadata: { name: 'grandchild', ownerReferences: [ownedBy(child)] },
    });
    await core.create({
      ...secret({ name: 'shared', stringData: {} }),
      metadata: { name: 'shared', ownerReferences: [ownedBy(owner), ownedBy(other)] },
    });
    await core.engine.delete(secretKey('owner'));
    expect(
      core.store.list(resources.secrets).map(({ metadata }) => [metadata.name, metadata.ownerReferences?.map(({ name }) => name)]),
    ).toEqual([
      ['other', undefined],
      ['shared', ['other']],
    ]);
  });

  test('in the foreground the owner waits for dependents that wait for their finalizers', async () => {
    const core = await startCore();
    const owner = await core.create(secret({ name: 'owner', stringData: {} }));
    await core.create({
      ...secret({ name: 'child', stringData: {} }),
      metadata: { name: 'child', ownerReferences: [ownedBy(owner)], finalizers: ['example/a'] },
    });
    await core.engine.delete(secretKey('owner'), { propagation: 'Foreground' });
    const during = core.store
      .list(resources.secrets)
      .map(({ metadata }) => [metadata.name, metadata.finalizers, metadata.deletionTimestamp !== undefined]);
    await core.engine.update(secretKey('child'), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'child', ownerReferences: [ownedBy(owner)] },
    });
    expect([during, core.store.count(resources.secrets)]).toEqual([
      [
        ['child', ['example/a'], true],
        ['owner', ['foregroundDeletion'], true],
      ],
      0,
    ]);
  });

  test('as orphan leaves dependents without an owner', async () => {
    const core = await startCore();
    const owner = await core.create(secret({ name: 'owner', stringData: {} }));
    await core.create({ ...secret({ name: 'child', stringData: {} }), metadata: { name: 'child', ownerReferences: [ownedBy(owner)] } });
    await core.engine.delete(secretKey('owner'), { propagation: 'Orphan' });
    expect(core.store.list(resources.secrets).map(({ metadata }) => [metadata.name, metadata.ownerReferences])).toEqual([
      ['child', undefined],
    ]);
  });
});

describe('a project', () => {
  test('is there from the start, with the settings and the Node of this computer', async () => {
    const core = await startCore();
    expect([
      core.store.get({ resource: resources.namespaces, name: 'default' })?.status,
      core.store.get({ resource: resources.settings, name: 'default' })?.spec,
      core.store.list(resources.nodes).map(({ metadata }) => [metadata.name, metadata.labels?.['kubernetes.io/hostname']]),
    ]).toEqual([
      { phase: 'Active' },
      { language: 'auto', theme: 'auto', accelerator: 'auto', apiAccess: 'off', apiPort: 0, hostSleep: 'pause', closeToTray: 'ask' },
      [['workshop', 'workshop']],
    ]);
  });

  test('that is deleted takes machines and disks along, and takes nothing new meanwhile', async () => {
    const core = await startCore();
    await core.made(namespace('lab'));
    await core.made(
      { ...vm(withMeta({ namespace: 'lab' })), spec: { ...vm().spec, runStrategy: 'Always' } },
      claim({ name: 'disk', namespace: 'lab' }),
      secret({ name: 'token', namespace: 'lab', stringData: {} }),
    );
    const before = [core.host.world.guest('web', 'lab') !== undefined, core.host.world.files.size];
    await core.engine.delete({ resource: resources.namespaces, name: 'lab' });
    await core.settle();
    const during = core.store.get({ resource: resources.namespaces, name: 'lab' })?.status;
    const refused = await refusal(core.create({ ...vm(), metadata: { name: 'late', namespace: 'lab' } }));
    await core.clock.advance(5_000);
    expect({
      before,
      during,
      refused,
      left: [
        resources.namespaces,
        resources.virtualMachines,
        resources.virtualMachineInstances,
        resources.persistentVolumeClaims,
        resources.secrets,
      ].map(
        (resource) => core.store.list(resource).filter(({ metadata }) => metadata.namespace === 'lab' || metadata.name === 'lab').length,
      ),
      files: core.host.world.files.size,
      default: core.store.count(resources.namespaces),
    }).toEqual({
      before: [true, 1],
      during: { phase: 'Terminating' },
      refused:
        'Forbidden: virtualmachines.kubevirt.io is forbidden: unable to create new content in namespace lab because it is being terminated',
      left: [0, 0, 0, 0, 0],
      files: 0,
      default: 1,
    });
  });
});

function ownedBy({ apiVersion, kind, metadata: { name, uid } }: KubeObject): OwnerReference {
  return { apiVersion, kind, name, uid };
}
