// Owns the rows of what a disk is, put together from its claim, its DataVolume and the machines that name it.
// Must not test drawing.
import { describe, expect, test } from 'vitest';
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import { diskViews, filterDisks } from '../../../renderer/features/disks/disk-view.ts';
import { claim, dataVolume, withDisk } from '../../fakes/builders.ts';
import { storedVm } from '../machines/machines.ts';

const createdAt = '2026-01-01T00:00:00Z';
type Status<T> = { readonly status?: T | undefined };
const completed = { uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: createdAt };

function storedVolume(options: Parameters<typeof dataVolume>[0], more: Status<DataVolume['status']>): DataVolume {
  const draft = dataVolume(options);
  return { ...draft, ...more, metadata: { ...completed, name: '', ...draft.metadata } };
}

function storedClaim(options: Parameters<typeof claim>[0], more: Status<PersistentVolumeClaim['status']> = {}): PersistentVolumeClaim {
  const draft = claim(options);
  return { ...draft, ...more, metadata: { ...completed, name: '', ...draft.metadata } };
}

describe('diskViews', () => {
  test('a claim and the DataVolume that fills it are one disk', () => {
    const volume = storedVolume(
      { name: 'root', source: { http: { url: 'http://x/d.qcow2' } } },
      {
        status: { phase: 'ImportInProgress', progress: '34.2%' },
      },
    );
    const pvc = storedClaim({ name: 'root' }, { status: { phase: 'Pending' } });
    const vm = storedVm('web', {}, withDisk('root', { claim: 'root' }));
    const [disk, ...others] = diskViews({ claims: [pvc], dataVolumes: [volume], vms: [vm] });
    expect(others).toEqual([]);
    expect(disk).toMatchObject({
      id: 'default/root',
      state: 'preparing',
      percent: 34.2,
      source: 'http',
      usedBy: ['web'],
      hasDataVolume: true,
    });
  });

  test.each([
    { name: 'bound', status: { phase: 'Bound' }, want: { state: 'ready' } },
    { name: 'not bound', status: { phase: 'Pending' }, want: { state: 'waiting' } },
  ])('a claim alone, $name', ({ status, want }) => {
    expect(diskViews({ claims: [storedClaim({ name: 'a' }, { status })], dataVolumes: [], vms: [] })).toMatchObject([
      { ...want, usedBy: [], hasDataVolume: false },
    ]);
  });

  test.each([
    { status: { phase: 'Succeeded', progress: '100.0%' }, want: { state: 'ready', percent: 100 } },
    { status: { phase: 'Pending', progress: 'N/A' }, want: { state: 'waiting', percent: undefined } },
    {
      status: { phase: 'ImportInProgress', conditions: [{ type: 'Running', status: 'False', reason: 'Error', message: '404 Not Found' }] },
      want: { state: 'failed', reason: '404 Not Found' },
    },
    { status: { phase: 'Failed' }, want: { state: 'failed' } },
    { status: undefined, want: { state: 'waiting' } },
  ])('a DataVolume alone: $status.phase', ({ status, want }) => {
    expect(diskViews({ claims: [], dataVolumes: [storedVolume({ name: 'a' }, { status })], vms: [] })).toMatchObject([want]);
  });

  test('is found by name, user and file', () => {
    const plain = storedClaim({ name: 'root' });
    const pvc = { ...plain, metadata: { ...plain.metadata, annotations: { 'virtdeck.io/disk-path': '/pool/root.qcow2' } } };
    const disks = diskViews({
      claims: [pvc, storedClaim({ name: 'data' })],
      dataVolumes: [],
      vms: [storedVm('web', {}, withDisk('d', { claim: 'data' }))],
    });
    expect(['root', 'POOL', 'web', 'x'].map((query) => filterDisks(disks, query).map(({ name }) => name))).toEqual([
      ['root'],
      ['root'],
      ['data'],
      [],
    ]);
  });
});
