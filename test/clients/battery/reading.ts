// Owns what every kubectl must be able to do at reading objects: one row a task, each on objects of its own.
// Must not know which versions there are.
import { expect } from 'vitest';
import { machine, made, type Task } from './task.ts';

export const reading: readonly Task[] = [
  {
    name: 'get prints KubeVirt’s columns',
    run: async (kubectl) => {
      await made(kubectl, 'shown');
      const [head, row] = (await kubectl.ok('get vm shown')).split('\n');
      expect(head?.split(/\s+/)).toEqual(['NAME', 'AGE', 'STATUS', 'READY']);
      expect(row?.split(/\s+/)).toEqual(['shown', expect.stringMatching(/^\d+s$/) as string, 'Stopped', 'False']);
    },
  },
  {
    name: 'get in every other form',
    run: async (kubectl) => {
      await made(kubectl, 'formed');
      const { ok } = kubectl;
      expect(await ok('get vm formed -o name')).toBe('virtualmachine.kubevirt.io/formed\n');
      expect(await ok('get vm formed -o yaml')).toMatch(/^apiVersion: kubevirt\.io\/v1\nkind: VirtualMachine\n/);
      expect(JSON.parse(await ok('get vm formed -o json'))).toMatchObject({ spec: { runStrategy: 'Halted' } });
      expect(await ok('get vm formed -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('256Mi');
      expect(await ok('get vm formed -o custom-columns=N:.metadata.name,S:.spec.runStrategy --no-headers')).toMatch(/^formed\s+Halted\n$/);
      expect(await ok('get nodes -o wide')).toMatch(/INTERNAL-IP/);
      expect(await ok('get vms --sort-by=.metadata.name -o name')).toContain('/formed');
      expect(await ok('get vm -A --show-labels')).toContain('app=demo');
    },
  },
  {
    name: 'get all finds the category',
    run: async (kubectl) => {
      await made(kubectl, 'categorised');
      expect(await kubectl.ok('get all -o name')).toContain('virtualmachine.kubevirt.io/categorised');
    },
  },
  {
    name: 'selectors of labels and fields',
    run: async (kubectl) => {
      await made(kubectl, 'chosen', { labels: 'labels: {pick: me, tier: a}' });
      await made(kubectl, 'unchosen', { labels: 'labels: {pick: other}' });
      const { ok } = kubectl;
      expect(await ok('get vm -o name -l pick=me')).toBe('virtualmachine.kubevirt.io/chosen\n');
      expect(await ok("get vm -o name -l 'pick in (me,you),tier'")).toBe('virtualmachine.kubevirt.io/chosen\n');
      expect(await ok('get vm -o name --field-selector=metadata.name=unchosen')).toBe('virtualmachine.kubevirt.io/unchosen\n');
    },
  },
  {
    name: 'a long list comes in pieces',
    run: async (kubectl) => {
      const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `piece-${letter}`);
      await kubectl.ok('create -f -', { input: names.map((name) => machine(name, { labels: 'labels: {piece: "1"}' })).join('---\n') });
      const listed = await kubectl.ok('get vm --chunk-size=2 -l piece=1 -o name');
      expect(listed.trim().split('\n')).toEqual(names.map((name) => `virtualmachine.kubevirt.io/${name}`));
    },
  },
  {
    name: 'describe a machine, a node, a Secret',
    run: async (kubectl) => {
      await made(kubectl, 'described');
      await kubectl.ok('create secret generic described --from-literal=a=b');
      expect(await kubectl.ok('describe vm described')).toMatch(/Run Strategy: +Halted/);
      expect(await kubectl.ok('describe node')).toMatch(/Non-terminated Pods: +\(0 in total\)/);
      expect(await kubectl.ok('describe secret described')).toMatch(/a: +1 bytes/);
    },
  },
  {
    name: 'events of a machine',
    run: async (kubectl) => {
      await made(kubectl, 'eventful', { strategy: 'Always' });
      await kubectl.ok('wait vm/eventful --for=condition=Ready --timeout=60s');
      expect(await kubectl.ok('get events --field-selector=involvedObject.name=eventful')).toContain('SuccessfulCreate');
      await kubectl.ok('delete vm eventful');
    },
  },
  {
    name: 'kubectl events',
    since: 26,
    run: async (kubectl) => {
      await made(kubectl, 'told', { strategy: 'Always' });
      await kubectl.ok('wait vm/told --for=condition=Ready --timeout=60s');
      expect(await kubectl.ok('events --for virtualmachine.v1.kubevirt.io/told')).toContain('SuccessfulCreate');
      await kubectl.ok('delete vm told');
    },
  },
];
