// What only a cluster writes into a machine's status.
import { expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { foreignConditions, migrationOf } from '../../../renderer/features/machines/cluster-facts.ts';
import { foreignKinds, foreignPath } from '../../../renderer/features/cluster-objects/foreign-kinds.ts';
import { storedVm, storedVmi } from './machines.ts';

const withState = (migrationState: unknown): VirtualMachineInstance =>
  ({ ...storedVmi(storedVm('web'), {}), status: { migrationState } }) as VirtualMachineInstance;

test.each<readonly [unknown, object | undefined]>([
  [undefined, undefined],
  ['odd', undefined],
  [
    { sourceNode: 'a', targetNode: 'b', mode: 'PreCopy' },
    { state: 'running', from: 'a', to: 'b', mode: 'PreCopy' },
  ],
  [
    { sourceNode: 'a', targetNode: 'b', completed: true },
    { state: 'done', from: 'a', to: 'b' },
  ],
  [
    { completed: true, failed: true, failureReason: 'no room', targetNode: 7 },
    { state: 'failed', from: '', to: '', reason: 'no room' },
  ],
])('the migration %j', (state, expected) => {
  expect(migrationOf(withState(state))).toEqual(expected);
});

test('of two conditions with one name that of the run is shown', () => {
  const vm = storedVm('web', { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'Old', message: 'x' }] } });
  const vmi = storedVmi(vm, { conditions: [{ type: 'Ready', status: 'True' }] });
  expect(foreignConditions(vm, vmi)).toEqual([{ type: 'Ready', status: 'True', text: '' }]);
  expect(foreignConditions(vm, undefined)).toEqual([{ type: 'Ready', status: 'False', text: 'Old: x' }]);
});

test('who may see one project alone asks for that one', () => {
  const [storageClasses, migrations] = foreignKinds;
  expect(storageClasses && foreignPath(storageClasses, 'shop')).toBe('/apis/storage.k8s.io/v1/storageclasses');
  expect(migrations && foreignPath(migrations, 'shop')).toBe('/apis/kubevirt.io/v1/namespaces/shop/virtualmachineinstancemigrations');
  expect(migrations && foreignPath(migrations, undefined)).toBe('/apis/kubevirt.io/v1/virtualmachineinstancemigrations');
});
