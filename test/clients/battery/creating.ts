// Owns what every kubectl must be able to do at making objects: one row a task, each on objects of its own.
// Must not know which versions there are.
import { expect } from 'vitest';
import { machine, type Task } from './task.ts';

export const creating: readonly Task[] = [
  {
    name: 'create, and again: AlreadyExists',
    run: async (kubectl) => {
      expect(await kubectl.ok('create -f -', { input: machine('twice') })).toBe('virtualmachine.kubevirt.io/twice created\n');
      expect(await kubectl.fails('create -f -', { input: machine('twice') })).toContain(
        'Error from server (AlreadyExists): error when creating "STDIN": virtualmachines.kubevirt.io "twice" already exists',
      );
    },
  },
  {
    name: 'create of the kinds that kubectl sends as protobuf',
    run: async ({ ok, namespace }) => {
      expect(await ok(`create namespace ${namespace}-typed`)).toBe(`namespace/${namespace}-typed created\n`);
      await ok('create secret generic typed --from-literal=user=me --from-literal=empty=');
      expect(JSON.parse(await ok('get secret typed -o json'))).toMatchObject({ type: 'Opaque', data: { user: 'bWU=', empty: '' } });
      await ok('create configmap typed --from-literal=a=b');
      expect(await ok('get configmap typed -o jsonpath={.data.a}')).toBe('b');
      await ok(`create priorityclass ${namespace}-typed --value=7 --description=seven`);
      expect(JSON.parse(await ok(`get priorityclass ${namespace}-typed -o json`))).toMatchObject({ value: 7, description: 'seven' });
      await ok(`delete priorityclass ${namespace}-typed`);
      await ok(`delete namespace ${namespace}-typed`);
    },
  },
  {
    name: 'several documents and a List at once',
    run: async ({ ok }) => {
      const list = JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'listed' } }],
      });
      const said = await ok('create -f -', { input: `${machine('first-of-two')}---\n${list}` });
      expect(said).toBe('virtualmachine.kubevirt.io/first-of-two created\nsecret/listed created\n');
    },
  },
  {
    name: 'a field that nobody knows is refused',
    run: async ({ fails }) => {
      const typo = machine('typo').replace('runStrategy', 'runStrategie');
      expect(await fails('create -f -', { input: typo })).toMatch(/unknown field "?(spec\.)?runStrategie/);
    },
  },
  {
    name: '--validate=warn and =ignore take it, and drop it',
    since: 25,
    run: async ({ run, ok }) => {
      const typo = (name: string): string => machine(name).replace('runStrategy:', 'runStrategie: x\n  runStrategy:');
      const warned = await run(['create', '--validate=warn', '-f', '-'], { input: typo('warned') });
      expect(warned).toMatchObject({ code: 0, stderr: expect.stringMatching(/unknown field "spec\.runStrategie"/) as string });
      const ignored = await run(['create', '--validate=ignore', '-f', '-'], { input: typo('ignored') });
      expect(ignored).toMatchObject({ code: 0, stderr: '' });
      expect(await ok('get vm warned -o jsonpath={.spec.runStrategie}')).toBe('');
    },
  },
  {
    name: 'a value that cannot be is refused with its field',
    run: async ({ fails }) => {
      const said = await fails('create --validate=false -f -', { input: machine('bad', { strategy: 'Sometimes' }) });
      expect(said).toMatch(/Invalid RunStrategy \(Sometimes\)/);
    },
  },
  {
    name: '--dry-run=server stores nothing',
    run: async ({ ok, fails }) => {
      expect(await ok('create --dry-run=server -f -', { input: machine('dry') })).toBe(
        'virtualmachine.kubevirt.io/dry created (server dry run)\n',
      );
      expect(await fails('get vm dry')).toContain('Error from server (NotFound): virtualmachines.kubevirt.io "dry" not found');
    },
  },
];
