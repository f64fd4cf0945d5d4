// Owns what every kubectl must be able to do at looking around: one row a task, each on objects of its own.
// Must not know which versions there are.
import { expect } from 'vitest';
import { type Task } from './task.ts';

export const lookingAround: readonly Task[] = [
  {
    name: 'version tells the server’s',
    run: async ({ ok }) => expect(await ok('version')).toMatch(/Server Version.*v1\.\d+\.0\+virtdeck/),
  },
  {
    name: 'api-resources lists short names and kinds',
    run: async ({ ok }) => {
      expect(await ok('api-resources')).toMatch(/virtualmachines +vm,vms +kubevirt\.io\/v1 +true +VirtualMachine/);
      expect(await ok('api-resources --namespaced=false -o name')).toContain('nodes');
    },
  },
  {
    name: 'api-versions',
    run: async ({ ok }) => expect((await ok('api-versions')).split('\n')).toEqual(expect.arrayContaining(['v1', 'kubevirt.io/v1'])),
  },
  {
    name: 'explain describes a deep field',
    run: async ({ ok }) => {
      expect(await ok('explain vm.spec.template.spec.domain.memory')).toMatch(/guest\s+<\w+>/);
      expect(await ok('explain secret.data')).toContain('base64');
    },
  },
  { name: 'get --raw', run: async ({ ok }) => expect(await ok('get --raw /readyz')).toBe('ok') },
  {
    name: 'auth can-i',
    run: async ({ ok }) => {
      expect(await ok('auth can-i create vm')).toBe('yes\n');
      expect(await ok('auth can-i get /version')).toBe('yes\n');
      expect(await ok('auth can-i --list')).toMatch(/\*\.\*\s+\[\]\s+\[\]\s+\[\*\]/);
    },
  },
  { name: 'auth whoami', since: 28, run: async ({ ok }) => expect(await ok('auth whoami')).toMatch(/virtdeck:admin/) },
];
