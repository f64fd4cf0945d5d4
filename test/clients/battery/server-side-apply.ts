// Owns what every kubectl must be able to do at server-side apply: one row a task, each on objects of its own.
// Must not know which versions there are.
import { expect } from 'vitest';
import { machine, made, type Task } from './task.ts';

export const serverSideApply: readonly Task[] = [
  {
    name: 'server-side apply makes and changes',
    run: async ({ ok }) => {
      expect(await ok('apply --server-side -f -', { input: machine('served') })).toBe(
        'virtualmachine.kubevirt.io/served serverside-applied\n',
      );
      await ok('apply --server-side -f -', { input: machine('served', { memory: '320Mi' }) });
      expect(await ok('get vm served -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('320Mi');
    },
  },
  {
    name: 'server-side apply conflicts in Kubernetes’ sentence, and yields to force',
    run: async (kubectl) => {
      await made(kubectl, 'contested');
      const { ok, fails } = kubectl;
      const larger = machine('contested', { memory: '1Gi' });
      expect(await fails('apply --server-side -f -', { input: larger })).toContain(
        'Apply failed with 1 conflict: conflict with "kubectl-create" using kubevirt.io/v1: .spec.template.spec.domain.memory.guest',
      );
      await ok('apply --server-side --force-conflicts -f -', { input: larger });
      expect(await ok('get vm contested -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('1Gi');
    },
  },
  {
    name: 'server-side apply gives up what it leaves out, and leaves others theirs',
    run: async ({ ok }) => {
      await ok('apply --server-side --field-manager=one -f -', { input: machine('shared', { labels: 'labels: {mine: "1", gone: "1"}' }) });
      await ok('label vm shared theirs=1');
      await ok('apply --server-side --field-manager=one -f -', { input: machine('shared', { labels: 'labels: {mine: "1"}' }) });
      expect(JSON.parse(await ok('get vm shared -o jsonpath={.metadata.labels}'))).toEqual({ mine: '1', theirs: '1' });
    },
  },
  {
    name: 'who manages what is shown',
    since: 21,
    run: async ({ ok }) => {
      await ok('apply --server-side --field-manager=flux -f -', { input: machine('managed') });
      await ok('label vm managed by=hand');
      const object = JSON.parse(await ok('get vm managed -o json --show-managed-fields')) as { metadata: { managedFields: unknown } };
      expect(object.metadata.managedFields).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ manager: 'flux', operation: 'Apply', apiVersion: 'kubevirt.io/v1', fieldsType: 'FieldsV1' }),
          expect.objectContaining({
            manager: 'kubectl-label',
            operation: 'Update',
            fieldsV1: { 'f:metadata': { 'f:labels': { 'f:by': {} } } },
          }),
        ]),
      );
    },
  },
  {
    name: 'from client-side to server-side apply',
    run: async ({ ok, kubectl }) => {
      await ok('apply -f -', { input: machine('moved', { labels: 'labels: {a: "1", b: "1"}' }) });
      await ok('apply --server-side --force-conflicts -f -', { input: machine('moved', { labels: 'labels: {a: "1"}' }) });
      // Since 1.26 kubectl moves the fields of its former self, so that what is left out goes.
      const left = kubectl.minor >= 26 ? { a: '1' } : { a: '1', b: '1' };
      expect(JSON.parse(await ok('get vm moved -o jsonpath={.metadata.labels}'))).toEqual(left);
    },
  },
];
