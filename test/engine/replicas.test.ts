// Owns the proof that sets of runs and pools of machines keep their number, and that presets fill runs.
// Must not look inside the engine.
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstanceReplicaSet } from '../../electron/api/kinds/replicas.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import { named, vm, vmi, withDomain, withMeta, withRunStrategy, withTemplate } from '../fakes/builders.ts';
import { condition, refusal, startCore, type TestCore, update } from './harness.ts';

const labels = { app: 'web' };
const key = (resource: string, name = 'set') => ({ resource, namespace: 'default', name });

function set(replicas: number, spec: object = {}): DraftObject {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstanceReplicaSet',
    metadata: { name: 'set' },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: vmi().spec }, ...spec },
  };
}

function pool(replicas: number): DraftObject {
  return {
    apiVersion: 'pool.kubevirt.io/v1beta1',
    kind: 'VirtualMachinePool',
    metadata: { name: 'set' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      virtualMachineTemplate: { metadata: { labels }, spec: vm(withRunStrategy('Always')).spec },
    },
  };
}

function names(core: TestCore, resource: string): readonly string[] {
  return core.store.list(resource, 'default').map(({ metadata }) => metadata.name);
}

function status(core: TestCore, resource: string): unknown {
  const { replicas, readyReplicas, labelSelector } =
    (core.store.get(key(resource)) as VirtualMachineInstanceReplicaSet | undefined)?.status ?? {};
  return { replicas, readyReplicas, labelSelector };
}

async function scale(core: TestCore, resource: string, draft: DraftObject): Promise<void> {
  await core.engine.update(key(resource), draft);
  await core.settle();
}

describe('a set of runs', () => {
  test('makes as many as are asked for, each with a name of its own, and counts them', async () => {
    const core = await startCore();
    await core.made(set(3));
    const made = names(core, resources.virtualMachineInstances);
    expect(made).toHaveLength(3);
    expect(made.every((name) => /^set[a-z0-9]{5}$/.test(name))).toBe(true);
    expect(status(core, resources.replicaSets)).toEqual({ replicas: 3, readyReplicas: 3, labelSelector: 'app=web' });
    expect(core.events('set').filter((line) => line.startsWith('SuccessfulCreate'))).toHaveLength(3);
  });

  test('replaces one that is deleted, and one that ended', async () => {
    const core = await startCore();
    await core.made(set(2));
    const [first = '', second = ''] = names(core, resources.virtualMachineInstances);
    await core.delete(resources.virtualMachineInstances, first, { gracePeriodSeconds: 0 });
    core.guest(second).powersOff();
    await core.settle();
    const now = names(core, resources.virtualMachineInstances);
    expect(now).toHaveLength(2);
    expect(now).not.toContain(first);
    expect(now).not.toContain(second);
  });

  test('shrinks, rests while it is paused, and takes its runs along', async () => {
    const core = await startCore();
    await core.made(set(3));
    await scale(
      core,
      resources.replicaSets,
      set(1, { template: { metadata: { labels }, spec: { ...vmi().spec, terminationGracePeriodSeconds: 0 } } }),
    );
    await core.clock.advance(60_000);
    expect(names(core, resources.virtualMachineInstances)).toHaveLength(1);
    await scale(core, resources.replicaSets, set(5, { paused: true }));
    expect(names(core, resources.virtualMachineInstances)).toHaveLength(1);
    await core.delete(resources.replicaSets, 'set', { gracePeriodSeconds: 0 });
    await core.clock.advance(60_000);
    expect(names(core, resources.virtualMachineInstances)).toEqual([]);
  });

  test('that would not find what it makes is refused', async () => {
    const core = await startCore();
    expect(await refusal(core.create(set(1, { template: { metadata: {}, spec: vmi().spec } })))).toBe(
      'Invalid: VirtualMachineInstanceReplicaSet.kubevirt.io "set" is invalid: spec.selector: selector does not match labels.',
    );
  });
});

describe('a pool of machines', () => {
  test('numbers its machines, fills gaps, and counts those that are ready', async () => {
    const core = await startCore();
    await core.made(pool(3));
    expect(names(core, resources.virtualMachines)).toEqual(['set-0', 'set-1', 'set-2']);
    expect(status(core, resources.pools)).toEqual({ replicas: 3, readyReplicas: 3, labelSelector: 'app=web' });
    // Its successor has another number while it is still there.
    await core.delete(resources.virtualMachines, 'set-1', { gracePeriodSeconds: 0 });
    await core.settle();
    expect(names(core, resources.virtualMachines)).toEqual(['set-0', 'set-2', 'set-3']);
    await scale(core, resources.pools, pool(4));
    expect(names(core, resources.virtualMachines)).toEqual(['set-0', 'set-1', 'set-2', 'set-3']);
  });

  test('leaves a machine of somebody else alone', async () => {
    const core = await startCore();
    await core.made(vm(named('set-0')), pool(1));
    expect(names(core, resources.virtualMachines)).toEqual(['set-0', 'set-1']);
    await scale(core, resources.pools, pool(0));
    await core.clock.advance(60_000);
    expect(names(core, resources.virtualMachines)).toEqual(['set-0']);
  });
});

describe('a preset', () => {
  const preset = (name: string, domain: object, matchLabels: Readonly<Record<string, string>> = labels): DraftObject => ({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstancePreset',
    metadata: { name },
    spec: { selector: { matchLabels }, domain: { devices: {}, ...domain } },
  });
  const bare = withDomain(({ memory: _memory, ...domain }) => domain);
  const labelled = withMeta({ labels });

  test('fills what a run with its labels leaves open, and marks it', async () => {
    const core = await startCore();
    await core.made(
      preset('small', { memory: { guest: '128Mi' }, cpu: { cores: 2 } }),
      preset('other', { cpu: { cores: 4 } }, { app: 'db' }),
    );
    await core.made(vmi(bare, labelled), vmi(named('own'), labelled), vmi(named('none')));
    expect(core.vmi()?.spec.domain).toMatchObject({ memory: { guest: '128Mi' }, cpu: { cores: 2 } });
    expect(core.vmi()?.metadata.annotations).toMatchObject({ 'virtualmachinepreset.kubevirt.io/small': 'kubevirt.io/v1' });
    expect(core.vmi('own')?.spec.domain).toMatchObject({ memory: { guest: '256Mi' }, cpu: { cores: 2 } });
    expect(core.vmi('none')?.spec.domain.cpu?.cores).toBe(1);
  });

  test('fills the runs of a machine, too, without asking for a restart', async () => {
    const core = await startCore();
    await core.made(preset('two', { cpu: { cores: 2 } }));
    const machine = vm(withRunStrategy('Always'));
    await core.made({ ...machine, spec: { ...machine.spec, template: { ...machine.spec.template, metadata: { labels } } } });
    expect(core.vmi()?.spec.domain.cpu?.cores).toBe(2);
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    await update(core, (draft) => withTemplate((spec) => ({ ...spec, hostname: 'other' }))(draft as ReturnType<typeof vm>));
    expect(condition(core.vm(), 'RestartRequired')).toBe('True/RestartRequired');
  });

  test('that says otherwise than another is in the way of both', async () => {
    const core = await startCore();
    await core.made(preset('a', { cpu: { cores: 2 } }), preset('b', { cpu: { cores: 4 } }));
    expect(await refusal(core.create(vmi(labelled)))).toBe(
      "BadRequest: VirtualMachinePreset conflict: presets 'a' and 'b' conflict: spec.cpu",
    );
    await core.made(vmi(withMeta({ labels, annotations: { 'virtualmachineinstancepresets.admission.kubevirt.io/exclude': 'true' } })));
    expect(core.vmi()?.spec.domain.cpu?.cores).toBe(1);
  });
});
