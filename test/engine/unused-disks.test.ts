// Owns the proof of which disks are said to be unused: those that nothing names, the largest first.
// Must not repeat how they are offered; core and the window do that.
import { expect, test } from 'vitest';
import { unusedDisks } from '../../electron/engine/unused-disks.ts';
import { claim, dataVolume, named, namespace, vm, withDisk } from '../fakes/builders.ts';
import { startCore } from './harness.ts';

test('any mention spares a disk, its own DataVolume does not, and a name is meant as a whole', async () => {
  const core = await startCore();
  await core.made(
    namespace('lab'),
    dataVolume({ name: 'brought' }),
    dataVolume({ name: 'copied', source: { pvc: { namespace: 'default', name: 'origin' } } }),
    claim({ name: 'free', size: '3Gi' }),
    claim({ name: 'origin' }),
    claim({ name: 'used' }),
    claim({ name: 'used-before', size: '2Gi' }),
    claim({ name: 'copied', namespace: 'lab' }),
    vm(named('web'), withDisk('root', { claim: 'used' })),
  );
  await core.settle();
  const disks = await unusedDisks({ store: core.store, host: core.host });
  expect(disks.map(({ namespace: project, name, hasDataVolume }) => [project, name, hasDataVolume])).toEqual([
    ['default', 'free', false],
    ['default', 'used-before', false],
    ['default', 'brought', true],
    ['default', 'copied', true],
  ]);
});
