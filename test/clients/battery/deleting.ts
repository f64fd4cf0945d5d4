// Owns what every kubectl must be able to do at deleting: one row a task, each on objects of its own.
// Must not know which versions there are.
import { expect } from 'vitest';
import { machine, made, type Task } from './task.ts';

export const deleting: readonly Task[] = [
  {
    name: 'delete by name, by file, by selector',
    run: async (kubectl) => {
      await made(kubectl, 'gone-by-name');
      await made(kubectl, 'gone-by-file');
      await made(kubectl, 'gone-by-label', { labels: 'labels: {gone: "yes"}' });
      const { ok, fails } = kubectl;
      expect(await ok('delete vm gone-by-name')).toMatch(/^virtualmachine\.kubevirt\.io "gone-by-name" deleted/);
      await ok('delete -f -', { input: machine('gone-by-file') });
      await ok('delete vm -l gone=yes');
      expect(await fails('get vm gone-by-name gone-by-file gone-by-label')).toContain('NotFound');
      expect(await ok('delete vm gone-by-name --ignore-not-found')).toBe('');
    },
  },
  {
    name: 'delete waits until a running machine has gone',
    run: async (kubectl) => {
      await made(kubectl, 'doomed', { strategy: 'Always' });
      const { ok, fails } = kubectl;
      await ok('wait vm/doomed --for=condition=Ready --timeout=60s');
      await ok('delete vm doomed --wait --timeout=60s');
      expect(await fails('get vm,vmi doomed')).toContain('NotFound');
    },
  },
  {
    name: 'delete --cascade=orphan leaves the run',
    run: async (kubectl) => {
      await made(kubectl, 'parent', { strategy: 'Always' });
      const { ok } = kubectl;
      await ok('wait vm/parent --for=condition=Ready --timeout=60s');
      await ok('delete vm parent --cascade=orphan');
      expect(await ok('get vmi parent -o jsonpath={.status.phase}{.metadata.ownerReferences}')).toBe('Running');
      await ok('delete vmi parent');
    },
  },
  {
    name: 'a namespace goes with what is in it',
    run: async ({ ok, fails, namespace }) => {
      const other = `${namespace}-doomed`;
      await ok(`create namespace ${other}`);
      await ok(`create -n ${other} -f -`, { input: machine('inside') });
      await ok(`delete namespace ${other} --timeout=60s`);
      expect(await fails(`get namespace ${other}`)).toContain('NotFound');
    },
  },
];
