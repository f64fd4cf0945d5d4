// Owns the proof that what chapter 8.14 prints on quotas, placement and processors does what it says there, asked for by a real kubectl.
// Must not hold the chapter; what it leaves out (three points) is given here.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { completed, isChapterThere, manifests, where } from '../server/chapter-manifests.ts';
import { kubectls, runner, type Runner } from './kubectl.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

const { found } = isChapterThere ? await kubectls() : { found: [] };
// `wait --for=jsonpath` is of 1.23.
const newest = found.toSorted((a, b) => a.minor - b.minor).findLast(({ minor }) => minor >= 23);

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
    core = await serveCore();
    const folder = join(core.folder, 'chapter');
    await mkdir(folder);
    if (newest === undefined) return;
    client = runner({ kubectl: newest, kubeconfig: core.kubeconfigs.admin, namespace: 'default', folder });
    node = (await client.ok('get nodes -o name')).trim().split('\n')[0] ?? '';
  });
  afterAll(() => core.close());

  const create = (vm: object, namespace = 'default'): Promise<string> =>
    client.ok(`-n ${namespace} create -f -`, { input: JSON.stringify(vm) });
  const becomes = (name: string, status: string): Promise<string> =>
    client.ok(`wait vm/${name} --for=jsonpath={.status.printableStatus}=${status} --timeout=30s`);
  const reason = (name: string): Promise<string> =>
    client.ok(`get vmi ${name} -o jsonpath={.status.conditions[?(@.type=="PodScheduled")].message}`);

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
});
