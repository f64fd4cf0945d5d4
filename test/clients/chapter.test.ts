// Owns the proof that what chapter 8.14 prints on quotas, placement and processors does what it says there, asked for by a real kubectl.
// Must not hold the chapter; what it leaves out (three points) is given here.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { bytesOf } from '../../electron/api/quantity.ts';
import { fakeTopology } from '../fakes/fake-computer.ts';
import { completed, isChapterThere, manifests, where } from '../server/chapter-manifests.ts';
import { kubectls, runner, type Runner } from './kubectl.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

const { found } = isChapterThere ? await kubectls() : { found: [] };
// `wait --for=jsonpath` is of 1.23.
const newest = found.toSorted((a, b) => a.minor - b.minor).findLast(({ minor }) => minor >= 23);

/** The chapter's computer has 32 GB of memory, as the pretended one; and it wants pages of 1 GiB that were set aside. */
const pools = [{ pageBytes: 2 ** 30, total: 4, free: 4 }];
const computer = { topology: { ...fakeTopology, numaNodes: fakeTopology.numaNodes.map((node) => ({ ...node, hugePages: pools })) } };

/** A manifest that is printed without a name: with what is left out of it, and nothing else. */
function nameless(index: number, name: string): VirtualMachine {
  const manifest = manifests[index];
  if (manifest === undefined) throw new Error(`The chapter has no manifest ${index}.`);
  const vm = completed(manifest, index) as unknown as VirtualMachine;
  return { ...vm, metadata: { ...vm.metadata, name }, spec: { ...vm.spec, running: true } };
}

/** Of 8.14.7.1, 8.14.7.2 and 8.14.8.3. */
const memoryManifests = { overcommit: 8, overhead: 9, hugePages: 10 };

/** The number-th manifest of that name, with memory: the chapter's three points stand for the rest of the machine. */
function printed(name: string, number = 0): VirtualMachine {
  const index = manifests.map((manifest, at) => (manifest.metadata?.name === name ? at : -1)).filter((at) => at >= 0)[number] ?? -1;
  const manifest = manifests[index];
  if (manifest === undefined) throw new Error(`The chapter has no ${name}.`);
  const vm = completed(manifest, index) as unknown as VirtualMachine;
  const { template } = vm.spec;
  const domain = { memory: { guest: '64Mi' }, devices: {}, ...template.spec?.domain };
  return { ...vm, spec: { ...vm.spec, running: true, template: { ...template, spec: { ...template.spec, domain } } } };
}

describe.skipIf(newest === undefined)(`the chapter by kubectl${where}`, () => {
  let core: ServingCore;
  let client: Runner;
  let node: string;
  beforeAll(async () => {
    core = await serveCore({ computer });
    const folder = join(core.folder, 'chapter');
    await mkdir(folder);
    if (newest === undefined) return;
    client = runner({ kubectl: newest, kubeconfig: core.kubeconfigs.admin, namespace: 'default', folder });
    node = (await client.ok('get nodes -o name')).trim().split('\n')[0] ?? '';
  });
  afterAll(() => core.close());

  const create = (vm: object, namespace = 'default'): Promise<string> =>
    client.ok(`-n ${namespace} create -f -`, { input: JSON.stringify(vm) });
  const becomes = (name: string, status: string, namespace = 'default'): Promise<string> =>
    client.ok(`-n ${namespace} wait vm/${name} --for=jsonpath={.status.printableStatus}=${status} --timeout=30s`);
  const reason = (name: string, condition = 'PodScheduled', namespace = 'default'): Promise<string> =>
    client.ok(`-n ${namespace} get vmi ${name} -o jsonpath={.status.conditions[?(@.type=="${condition}")].message}`);
  /** The chapter's `oc create -f <file_name>.yaml` and `oc apply -f …`: oc takes what kubectl takes. */
  const byFile = async (verb: 'create' | 'apply', vm: VirtualMachine, namespace: string): Promise<string> => {
    const file = `${vm.metadata.name}.yaml`;
    await writeFile(join(client.folder, file), stringify(vm));
    return client.ok(`-n ${namespace} ${verb} -f ${file}`);
  };

  test('8.14.1: a quota of limits wants limits, and takes those that are printed', async () => {
    await client.ok('create namespace limited');
    await client.ok('-n limited create quota team --hard=limits.memory=2Gi');
    const vm = printed('with-limits');
    const inLimited = { ...vm, metadata: { ...vm.metadata, namespace: 'limited' } };
    await create(inLimited, 'limited');
    await client.ok('-n limited wait vm/with-limits --for=jsonpath={.status.printableStatus}=Running --timeout=30s');
    expect(await client.ok('-n limited get vmi with-limits -o jsonpath={.spec.domain.resources}')).toBe(
      '{"limits":{"memory":"256Mi"},"requests":{"memory":"128Mi"}}',
    );
    await client.ok('-n limited delete vm with-limits');

    const refusal = async (resources: object): Promise<string> => {
      const { template } = vm.spec;
      const domain = { devices: {}, ...template.spec?.domain, resources };
      await create({ ...inLimited, spec: { ...vm.spec, template: { ...template, spec: { ...template.spec, domain } } } }, 'limited');
      await becomes('with-limits', 'Starting', 'limited');
      await client.ok('-n limited wait vmi/with-limits --for=condition=Synchronized=false --timeout=30s');
      const message = await reason('with-limits', 'Synchronized', 'limited');
      await client.ok('-n limited delete vm with-limits');
      return message;
    };
    const requests = { memory: '128Mi' };
    expect(await refusal({ requests })).toContain('failed quota: team: must specify limits.memory for: compute');
    expect(await refusal({ requests, limits: { memory: '227Mi' } })).toContain('limits.memory must be at least requests.memory + 100Mi');
  });

  test('8.14.2.2.1: node selector: waits for both labels, then runs', async () => {
    await create(printed('example-vm-node-selector'));
    await becomes('example-vm-node-selector', 'ErrorUnschedulable');
    await client.ok(`label ${node} example-key-1=example-value-1`);
    expect(await reason('example-vm-node-selector')).toContain("didn't match Pod's node affinity/selector");
    await client.ok(`label ${node} example-key-2=example-value-2`);
    await becomes('example-vm-node-selector', 'Running');
  });

  test('8.14.2.2.2: pod affinity: runs when a machine with the label does; the preferred rule never stops it', async () => {
    await create(printed('example-vm-pod-affinity'));
    await becomes('example-vm-pod-affinity', 'ErrorUnschedulable');
    const friend = printed('example-vm-node-selector');
    const { nodeSelector: _nodeSelector, ...spec } = friend.spec.template.spec ?? { domain: { devices: {} } };
    const labels = { 'example-key-1': 'example-value-1', 'example-key-2': 'example-value-2' };
    await create({ ...friend, metadata: { name: 'friend' }, spec: { ...friend.spec, template: { metadata: { labels }, spec } } });
    await becomes('friend', 'Running');
    await becomes('example-vm-pod-affinity', 'Running');
  });

  test('8.14.2.2.3: node affinity: either of two values; the preferred rule never stops it', async () => {
    await client.ok(`label ${node} example-node-label-key=example-node-label-value`);
    await create(printed('example-vm-node-affinity'));
    await becomes('example-vm-node-affinity', 'ErrorUnschedulable');
    await client.ok(`label ${node} example.io/example-key=example-value-2`);
    await becomes('example-vm-node-affinity', 'Running');
  });

  test('8.14.2.2.4: tolerations: a tainted node takes only the machine that tolerates it, and those that run stay', async () => {
    await client.ok(`taint nodes ${node.replace('node/', '')} key=virtualization:NoSchedule`);
    const other = printed('example-vm-tolerations');
    const { tolerations: _tolerations, ...spec } = other.spec as unknown as Record<string, unknown>;
    await create({ ...other, metadata: { name: 'intolerant' }, spec });
    await create(other);
    await becomes('example-vm-tolerations', 'Running');
    await becomes('intolerant', 'ErrorUnschedulable');
    expect(await reason('intolerant')).toContain('untolerated taint {key: virtualization}');
    await becomes('friend', 'Running');
    await client.ok(`taint nodes ${node.replace('node/', '')} key=virtualization:NoSchedule-`);
    await becomes('intolerant', 'Running');
  });

  test.each([
    { section: '8.14.10.2', number: 0, asked: '"features":[{"name":"apic","policy":"require"}]' },
    { section: '8.14.10.3', number: 1, asked: '"model":"Conroe"' },
    { section: '8.14.10.4', number: 2, asked: '"model":"host-model"' },
  ])('$section: a machine that the node can run, runs', async ({ number, asked }) => {
    await create(printed('myvm', number));
    await becomes('myvm', 'Running');
    expect(await client.ok('get vmi myvm -o jsonpath={.spec.domain.cpu}')).toContain(asked);
    await client.ok('delete vm myvm');
  });

  describe('8.14.7 and 8.14.8', () => {
    beforeAll(async () => {
      await client.ok('create namespace memory');
      await client.ok('-n memory create quota team --hard=requests.memory=64Gi,limits.memory=64Gi,requests.hugepages-1Gi=8Gi');
    });
    const used = async (name: string): Promise<number> => {
      const quota = JSON.parse(await client.ok('-n memory get quota team -o json')) as { status: { used: Record<string, string> } };
      return bytesOf(quota.status.used[name]) ?? 0;
    };
    /** A quota of limits wants a limit, which the chapter's note speaks of. */
    const limited = (vm: VirtualMachine): VirtualMachine => {
      const template = vm.spec.template as unknown as { readonly resources: object };
      return {
        ...vm,
        spec: { ...vm.spec, template: { ...template, resources: { ...template.resources, limits: { memory: '2Gi' } } } },
      } as never;
    };
    const forget = (name: string): Promise<string> => client.ok(`-n memory delete vm ${name}`);

    test('8.14.7.1: told 2048M, charged for the 1024M that it asks for and for what runs it', async () => {
      expect(await byFile('create', limited(nameless(memoryManifests.overcommit, 'told-more')), 'memory')).toContain('created');
      await becomes('told-more', 'Running', 'memory');
      expect(await client.ok('-n memory get vmi told-more -o jsonpath={.spec.domain.memory.guest}')).toBe('2048M');
      expect(await used('requests.memory')).toBeGreaterThan(1024e6);
      expect(await used('requests.memory')).toBeLessThan(2048e6);
      await forget('told-more');
    });

    test('8.14.7.2: without its overhead it is charged exactly what it asks for; a limit still has it', async () => {
      expect(await byFile('create', limited(nameless(memoryManifests.overhead, 'no-overhead')), 'memory')).toContain('created');
      await becomes('no-overhead', 'Running', 'memory');
      expect(await used('requests.memory')).toBe(1024e6);
      expect(await used('limits.memory')).toBeGreaterThan(2 ** 31);
      await forget('no-overhead');
    });

    test('8.14.7.1: eight machines of 4 GB on 32 GB, each asking for half; one that asks for all of its 8 GB finds no room beside them', async () => {
      const printedTwice = stringify(nameless(memoryManifests.overcommit, 'NAME'))
        .replaceAll('2048M', '4096M')
        .replaceAll('1024M', '2048M');
      const names = Array.from({ length: 8 }, (_, index) => `lent-${index}`);
      await client.ok('create namespace crowd');
      const crowd = names.map((name) => printedTwice.replace('NAME', name)).join('---\n');
      await client.ok('-n crowd create -f -', { input: crowd });
      for (const name of names) await becomes(name, 'Running', 'crowd');
      const whole = printedTwice.replace('NAME', 'whole').replaceAll('4096M', '8192M').replaceAll('2048M', '8192M');
      await client.ok('-n crowd create -f -', { input: whole });
      await becomes('whole', 'ErrorUnschedulable', 'crowd');
      expect(await reason('whole', 'PodScheduled', 'crowd')).toContain('Insufficient memory');
      await client.ok('-n crowd delete vm --all');
    });

    // As later releases document it beside 8.14.7: https://docs.openshift.com, "Configuring higher VM workload density".
    test('8.14.7: HyperConverged overcommits memory in percent for machines that say only what their guest has', async () => {
      const density = (percentage: number): Promise<string> =>
        client.ok(
          `patch -n openshift-cnv hyperconverged/kubevirt-hyperconverged --type=json -p [{"op":"replace","path":"/spec/higherWorkloadDensity/memoryOvercommitPercentage","value":${percentage}}]`,
        );
      await client.ok('create namespace dense');
      expect(await density(150)).toContain('patched');
      const domain = { memory: { guest: '1Gi' }, devices: {} };
      await create(
        {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachine',
          metadata: { name: 'lent' },
          spec: { running: true, template: { spec: { domain } } },
        },
        'dense',
      );
      await becomes('lent', 'Running', 'dense');
      const [requests, restart] = await Promise.all([
        client.ok('-n dense get vmi lent -o jsonpath={.spec.domain.resources.requests.memory}'),
        client.ok('-n dense get vm lent -o jsonpath={.status.conditions[?(@.type=="RestartRequired")].status}'),
      ]);
      expect([requests, restart]).toEqual([String(Math.floor(2 ** 30 / 1.5)), '']);
      await density(100);
      await client.ok('-n dense delete vm --all');
    });

    test('8.14.8.3: four pages of 1Gi are taken from the pool; the next one waits for them; what is not whole pages is refused', async () => {
      const [first, second] = ['huge', 'huge-too'].map((name) => nameless(memoryManifests.hugePages, name));
      if (first === undefined || second === undefined) throw new Error('two');
      expect(await client.ok(`get ${node} -o jsonpath={.status.allocatable.hugepages-1Gi}`)).toBe('4Gi');
      // It is no quota of limits that this machine has to fit in.
      await client.ok('create namespace pages');
      expect(await byFile('apply', first, 'pages')).toContain('created');
      await becomes('huge', 'Running', 'pages');
      // Again, as after an edit: its fields are beside their place in the patch, too.
      expect(await byFile('apply', first, 'pages')).toContain('configured');
      expect(await client.ok('-n pages get vm huge -o jsonpath={.status.conditions[*].type}')).not.toContain('RestartRequired');
      await byFile('apply', second, 'pages');
      await becomes('huge-too', 'ErrorUnschedulable', 'pages');
      expect(await reason('huge-too', 'PodScheduled', 'pages')).toContain('Insufficient hugepages-1Gi');
      await client.ok('-n pages delete vm huge');
      await becomes('huge-too', 'Running', 'pages');
      const odd = stringify(nameless(memoryManifests.hugePages, 'odd')).replace('4Gi', '500Mi');
      expect(await client.fails('-n pages create -f -', { input: odd })).toContain("'500Mi' must be equal to or larger than page size");
      await client.ok('-n pages delete vm --all');
    });
  });

  test('8.14.9: whole cores on a node labelled cpumanager=true alone; a change waits until the machine is off', async () => {
    const vm = printed('myvm', 1);
    const cpu = { cores: 2, threads: 1, sockets: 1 };
    const { template } = vm.spec;
    const domain = { ...template.spec?.domain, cpu: { ...cpu, dedicatedCpuPlacement: true } };
    await create({ ...vm, spec: { ...vm.spec, template: { ...template, spec: { ...template.spec, domain } } } });
    await becomes('myvm', 'ErrorUnschedulable');
    await client.ok(`label ${node} cpumanager=true`);
    await becomes('myvm', 'Running');
    const own = '{.metadata.annotations.virtdeck\\.io/own-cpus}';
    expect(await client.ok(`get vmi myvm -o jsonpath=${own}`)).toBe('{"vcpus":[2,3]}');
    const patch = { spec: { template: { spec: { domain: { cpu: { dedicatedCpuPlacement: false } } } } } };
    await client.ok(`patch vm myvm --type merge -p '${JSON.stringify(patch)}'`);
    // `wait --for=condition` would wait for ever: observedGeneration is that of the run, as in KubeVirt.
    const types = (): Promise<string> => client.ok('get vm myvm -o jsonpath={.status.conditions[*].type}');
    await expect.poll(types, { timeout: 30_000 }).toContain('RestartRequired');
    expect(await client.ok(`get vmi myvm -o jsonpath=${own}`)).toBe('{"vcpus":[2,3]}');
    await client.ok('delete vm myvm');
    await client.ok(`label ${node} cpumanager-`);
  });

  // The pretended processor has apic, and lacks avx512f.
  test.each([
    { policy: 'force', name: 'avx512f', status: 'Running' },
    { policy: 'require', name: 'avx512f', status: 'ErrorUnschedulable' },
    { policy: 'optional', name: 'avx512f', status: 'Running' },
    { policy: 'disable', name: 'apic', status: 'Running' },
    { policy: 'forbid', name: 'apic', status: 'ErrorUnschedulable' },
    { policy: 'forbid', name: 'avx512f', status: 'Running' },
  ])('8.14.10.1: $policy $name: $status', async ({ policy, name, status }) => {
    const own = `myvm-${policy}-${name}`;
    const text = JSON.stringify(printed('myvm')).replace('"name":"apic","policy":"require"', `"name":"${name}","policy":"${policy}"`);
    await client.ok('create -f -', { input: text.replace('"name":"myvm"', `"name":"${own}"`) });
    await becomes(own, status);
    await client.ok(`delete vm ${own} --wait=false`);
  });
});
