// Owns the proof of what the engine does with a placement: where machines go, what they wait for, whose threads are where.
// Must not repeat the rules of placement; core's tests have them.
import { describe, expect, test } from 'vitest';
import type { Node } from '../../electron/api/kinds/node.ts';
import { resources } from '../../electron/api/resources.ts';
import type { TopologyFact } from '../../electron/core/placement/topology.ts';
import { named, vm, type VmPart, withDomain, withMemory, withRunStrategy, withTemplate } from '../fakes/builders.ts';
import { fakeHostFacts, fakeTopology } from '../fakes/fake-computer.ts';
import { condition, printable, startCore, type TestCore } from './harness.ts';

/** Two memory nodes of two cores each. */
const twoNodes: TopologyFact = {
  cpus: fakeTopology.cpus.map((cpu) => ({ ...cpu, numaNode: cpu.id < 4 ? 0 : 1, sharesCache: cpu.id < 4 ? [0, 1, 2, 3] : [4, 5, 6, 7] })),
  numaNodes: [
    { id: 0, cpus: [0, 1, 2, 3], memoryMiB: 4096, availableMiB: 4096, distances: [10, 21], hugePages: [] },
    { id: 1, cpus: [4, 5, 6, 7], memoryMiB: 4096, availableMiB: 4096, distances: [21, 10], hugePages: [] },
  ],
};

async function coreOn(topology: TopologyFact): Promise<TestCore> {
  const core = await startCore();
  core.host.computer.become({ topology });
  return core;
}

async function label(core: TestCore, name: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const key = { resource: resources.nodes, name };
  const node = core.engine.get(key) as Node;
  await core.engine.update(key, { ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, ...labels } } });
  await core.settle();
}

const dedicated: VmPart = withDomain((domain) => ({ ...domain, cpu: { cores: 2, threads: 1, sockets: 1, dedicatedCpuPlacement: true } }));
const always = withRunStrategy('Always');

describe('nodes', () => {
  test('a computer of one memory node is one Node under its own name', async () => {
    const core = await startCore();
    await core.settle();
    expect(core.store.list(resources.nodes).map(({ metadata }) => metadata.name)).toEqual(['workshop']);
  });

  test('settings part it otherwise; a label of the user outlives the next look', async () => {
    const core = await startCore();
    await core.settle();
    await label(core, 'workshop', { disk: 'ssd' });
    const key = { resource: resources.settings, name: 'default' };
    const settings = core.engine.get(key);
    const domains = [
      { name: 'fast', cpus: '0-3' },
      { name: 'slow', cpus: '4-7' },
    ];
    await core.engine.update(key, { ...settings, spec: { ...(settings['spec'] as object), placement: { by: 'custom', domains } } });
    await core.settle();
    const parted = core.store.list(resources.nodes).map(({ metadata }) => metadata.name);
    await core.engine.update(key, { ...settings, metadata: { ...settings.metadata, resourceVersion: '' } });
    await core.settle();
    expect([parted, core.store.list(resources.nodes).map(({ metadata }) => metadata.name)]).toEqual([
      ['workshop-fast', 'workshop-slow'],
      ['workshop'],
    ]);
  });
});

describe('a machine', () => {
  test('is bound to the node it goes to: threads and memory', async () => {
    const core = await coreOn(twoNodes);
    await core.made(
      vm(
        always,
        withMemory('1Gi'),
        withTemplate((spec) => ({ ...spec, nodeSelector: { 'topology.virtdeck.io/numa': '1' } })),
      ),
    );
    const { plan, threads } = core.guest();
    expect([core.vmi()?.status?.nodeName, plan.binding, threads]).toEqual([
      'workshop-numa1',
      { node: 'workshop-numa1', memoryNodes: [1], cpus: [4, 5, 6, 7] },
      { cpus: [4, 5, 6, 7] },
    ]);
  });

  test('that fits nowhere waits, says why in numbers, and starts when another one makes room', async () => {
    const core = await coreOn(twoNodes);
    await core.made(vm(named('first'), always, withMemory('2Gi')), vm(named('second'), always, withMemory('2Gi')));
    const places = [core.vmi('first')?.status?.nodeName, core.vmi('second')?.status?.nodeName];
    await core.made(vm(named('third'), always, withMemory('2Gi')));
    const waiting = [printable(core, 'third'), condition(core.vmi('third'), 'PodScheduled')];
    await core.act('stop', 'first');
    await core.clock.advance(2_000);
    expect([places, waiting, printable(core, 'third'), core.vmi('third')?.status?.nodeName]).toEqual([
      ['workshop-numa0', 'workshop-numa1'],
      ['ErrorUnschedulable', 'False/Unschedulable'],
      'Running',
      'workshop-numa0',
    ]);
  });

  test('that waits for a label starts when somebody writes it', async () => {
    const core = await startCore();
    await core.made(
      vm(
        always,
        withTemplate((spec) => ({ ...spec, nodeSelector: { disk: 'ssd' } })),
      ),
    );
    const before = [printable(core), core.vmi()?.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message];
    await label(core, 'workshop', { disk: 'ssd' });
    expect([before, printable(core)]).toEqual([
      [
        'ErrorUnschedulable',
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. Node workshop does not have disk=ssd: it has no label disk.",
      ],
      'Running',
    ]);
  });
});

test('who must be with another machine has a place as soon as that one runs, without the clock moving', async () => {
  const core = await startCore();
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'db' } } };
  const beside = withTemplate((spec) => ({
    ...spec,
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
  }));
  await core.made(vm(named('web'), always, beside));
  const before = printable(core, 'web');
  const db = vm(named('db'), always);
  const labelled = { ...db, spec: { ...db.spec, template: { ...db.spec.template, metadata: { labels: { app: 'db' } } } } };
  await core.made(labelled);
  expect([before, printable(core, 'db'), printable(core, 'web')]).toEqual(['ErrorUnschedulable', 'Running', 'Running']);
});

describe('cores of its own', () => {
  async function withOwnCores(): Promise<TestCore> {
    const core = await startCore();
    await core.made(vm(named('neighbour'), always));
    await label(core, 'workshop', { cpumanager: 'true' });
    await core.made(vm(always, dedicated));
    return core;
  }

  test('are whole, the neighbours are moved off them, and back when it ends', async () => {
    const core = await withOwnCores();
    const [own, moved] = [core.guest().threads, core.guest('neighbour').threads];
    await core.act('stop');
    await core.clock.advance(2_000);
    expect([own, moved, core.guest('neighbour').threads]).toEqual([
      { vcpus: [2, 3], cpus: [0, 1, 4, 5, 6, 7] },
      { cpus: [0, 1, 4, 5, 6, 7] },
      { cpus: [0, 1, 2, 3, 4, 5, 6, 7] },
    ]);
  });

  test('are held by one: the next gets others, and waits when there are none', async () => {
    const core = await withOwnCores();
    const three = withDomain((domain) => ({ ...domain, cpu: { cores: 3, threads: 1, sockets: 1, dedicatedCpuPlacement: true } }));
    await core.made(vm(named('second'), always, three));
    await core.made(vm(named('third'), always, dedicated));
    expect([core.guest('second').threads.vcpus, printable(core, 'third')]).toEqual([[4, 5, 6], 'ErrorUnschedulable']);
  });

  test('are still its own after kill -9 of the core', async () => {
    const core = await withOwnCores();
    const next = await core.reborn();
    await next.settle();
    await next.made(vm(named('second'), always, dedicated));
    expect([next.guest().threads.vcpus, next.guest('second').threads.vcpus]).toEqual([
      [2, 3],
      [4, 5],
    ]);
  });

  test('threads that somebody moves are found and moved back, and it is told', async () => {
    const core = await withOwnCores();
    core.guest().threads = { vcpus: [0, 1], cpus: [0] };
    await core.clock.advance(60_000);
    expect([core.guest().threads.vcpus, core.events().filter((text) => text.startsWith('AffinityDrifted'))]).toEqual([
      [2, 3],
      ['AffinityDrifted: 1 thread was found on other processors and moved back to 2-3 and 0-1,4-7.'],
    ]);
  });

  test('nor does one that shares drift from its node; where nobody is bound nothing is looked at', async () => {
    const core = await coreOn(twoNodes);
    await core.made(vm(always));
    core.guest().threads = { cpus: [0] };
    await core.clock.advance(60_000);
    const found = core.events().filter((text) => text.startsWith('AffinityDrifted'));
    const quiet = await startCore();
    await quiet.made(vm(always));
    quiet.guest().threads = { cpus: [0] };
    await quiet.clock.advance(600_000);
    expect([found, quiet.guest().threads]).toEqual([
      ['AffinityDrifted: 1 thread was found on other processors and moved back to 0-3.'],
      { cpus: [0] },
    ]);
  });
});

test('a Node is labelled anew when QEMU can run other processors', async () => {
  const core = await startCore();
  await core.made(vm());
  const labels = (): readonly string[] =>
    Object.keys(core.engine.get({ resource: resources.nodes, name: 'workshop' }).metadata.labels ?? {}).filter((name) =>
      name.startsWith('host-model-cpu'),
    );
  const before = labels();
  core.host.computer.become({
    accelerator: { inUse: 'kvm', kvm: 'works', message: 'KVM works.' },
    ...(fakeHostFacts.qemu === undefined
      ? {}
      : { qemu: { ...fakeHostFacts.qemu, hostModel: { kvm: { name: 'EPYC-Rome', added: [], removed: [] } } } }),
  });
  // Facts are asked for at every start, and at every rehearsal of one.
  await core.engine.startCheck({ resource: resources.virtualMachines, namespace: 'default', name: 'web' });
  await core.settle();
  expect([before, labels()]).toEqual([['host-model-cpu.node.kubevirt.io/max'], ['host-model-cpu.node.kubevirt.io/EPYC-Rome']]);
});

describe('a NoExecute taint', () => {
  async function taint(core: TestCore, taints: Node['spec']['taints']): Promise<void> {
    const key = { resource: resources.nodes, name: 'workshop' };
    const node = core.engine.get(key) as Node;
    await core.engine.update(key, { ...node, spec: { ...node.spec, taints } });
    await core.settle();
  }
  const tolerating = (tolerationSeconds?: number): VmPart =>
    withTemplate((spec) => ({
      ...spec,
      tolerations: [{ key: 'maintenance', operator: 'Exists', ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }) }],
    }));

  test('shuts down who does not tolerate it, at once or in time, and lets him wait until it is gone', async () => {
    const core = await startCore();
    await core.made(vm(always), vm(named('patient'), always, tolerating(60)), vm(named('calm'), always, tolerating()));
    const states = () => ['web', 'patient', 'calm'].map((name) => printable(core, name));
    await taint(core, [{ key: 'maintenance', effect: 'NoExecute' }]);
    expect([states(), core.events('web').some((event) => event.startsWith('TaintManagerEviction: Node workshop has the taint'))]).toEqual([
      ['Stopping', 'Running', 'Running'],
      true,
    ]);
    core.guest('web').powersOff();
    await core.settle();
    await core.clock.advance(59_999);
    await core.settle();
    expect(states()).toEqual(['ErrorUnschedulable', 'Running', 'Running']);
    await core.clock.advance(1);
    await core.settle();
    expect(states()).toEqual(['ErrorUnschedulable', 'Stopping', 'Running']);
    core.guest('patient').powersOff();
    await core.settle();
    await taint(core, []);
    await core.settle();
    expect(states()).toEqual(['Running', 'Running', 'Running']);
  });

  test('that is gone in time is forgotten', async () => {
    const core = await startCore();
    await core.made(vm(always, tolerating(60)));
    await taint(core, [{ key: 'maintenance', effect: 'NoExecute' }]);
    await core.clock.advance(30_000);
    await taint(core, []);
    await taint(core, [{ key: 'maintenance', effect: 'NoExecute' }]);
    await core.clock.advance(40_000);
    await core.settle();
    expect(printable(core)).toBe('Running');
  });
});
