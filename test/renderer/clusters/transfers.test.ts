// Transfers as the window shows them, and the spec that its form asks for.
import { describe, expect, test } from 'vitest';
import type { Transfer, TransferStatus } from '../../../electron/api/kinds/transfer.ts';
import { transferTasks } from '../../../renderer/app/tasks.ts';
import { transferView } from '../../../renderer/features/clusters/transfer-view.ts';
import { type TransferForm, transferSpec } from '../../../renderer/features/machines/transfer-form.ts';

function transfer(status: TransferStatus | undefined, deletionTimestamp?: string): Transfer {
  return {
    apiVersion: 'virtdeck.io/v1alpha1',
    kind: 'Transfer',
    metadata: {
      name: 't',
      uid: 'u',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    spec: { direction: 'send', connection: 'lab', machine: 'web', disks: 'upload' },
    ...(status === undefined ? {} : { status }),
  };
}

const half: TransferStatus = {
  phase: 'Copying',
  disks: [
    { volume: 'a', state: 'Done', totalBytes: 100 },
    { volume: 'b', state: 'Copying', totalBytes: 300, doneBytes: 100 },
  ],
};

describe('transferView', () => {
  test.each<readonly [TransferStatus | undefined, string | undefined, object]>([
    [undefined, undefined, { state: 'waiting', isOver: false, percent: 0 }],
    [half, undefined, { state: 'copying', isOver: false, percent: 50, doneBytes: 200, totalBytes: 400 }],
    [half, '2026-01-01T00:00:01Z', { state: 'stopping', isOver: false }],
    [{ phase: 'Succeeded' }, undefined, { state: 'done', isOver: true }],
    [{ phase: 'Failed', message: 'why' }, undefined, { state: 'failed', isOver: true, message: 'why' }],
  ])('%j %s', (status, deleted, expected) => {
    expect(transferView(transfer(status, deleted))).toMatchObject(expected);
  });

  test('what is under way is a task, what is over is none', () => {
    expect(transferTasks([transfer(half), transfer({ phase: 'Failed' })])).toMatchObject([
      { type: 'machine', name: 'web', progress: { percent: 50 } },
    ]);
  });
});

describe('transferSpec', () => {
  const form: TransferForm = {
    direction: 'send',
    connection: 'lab',
    machine: 'web',
    namespace: '',
    newName: 'web',
    disks: 'upload',
    storageClassName: ' fast ',
    image: 'r/web:1',
  };
  test.each<readonly [Partial<TransferForm>, object]>([
    [{}, { direction: 'send', connection: 'lab', machine: 'web', disks: 'upload', storageClassName: 'fast' }],
    [{ disks: 'containerdisk' }, { direction: 'send', connection: 'lab', machine: 'web', disks: 'containerdisk', image: 'r/web:1' }],
    [
      { newName: 'other', namespace: 'team', storageClassName: '' },
      { direction: 'send', connection: 'lab', machine: 'web', disks: 'upload', newName: 'other', namespace: 'team' },
    ],
    [
      { direction: 'bring', disks: 'containerdisk' },
      { direction: 'bring', connection: 'lab', machine: 'web', disks: 'upload' },
    ],
  ])('%j', (change, spec) => {
    expect(transferSpec({ ...form, ...change })).toEqual(spec);
  });
});
