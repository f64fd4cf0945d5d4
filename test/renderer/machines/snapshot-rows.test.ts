// Owns the rows of a machine's snapshots as a tree.
// Must not touch the page.
import { expect, test } from 'vitest';
import type { VirtualMachineSnapshot } from '../../../electron/api/kinds/virtual-machine-snapshot.ts';
import { freeSnapshotName, snapshotRows } from '../../../renderer/features/machines/snapshot-rows.ts';

function snapshot(
  name: string,
  minute: number,
  { parent, of = 'web' }: { readonly parent?: string; readonly of?: string } = {},
): VirtualMachineSnapshot {
  const notes = parent === undefined ? {} : { 'virtdeck.io/parent-snapshot': parent };
  return {
    metadata: { name, namespace: 'default', creationTimestamp: `2026-01-02T03:0${minute}:00Z`, annotations: notes },
    spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: of } },
    status: { phase: 'Succeeded', readyToUse: true },
  } as unknown as VirtualMachineSnapshot;
}

test('children follow their parent; one whose parent is gone stands at the root; others are not shown', () => {
  const all = [
    snapshot('c', 3, { parent: 'a' }),
    snapshot('a', 1),
    snapshot('b', 2, { parent: 'a' }),
    snapshot('d', 4, { parent: 'c' }),
    snapshot('e', 5, { parent: 'gone' }),
    snapshot('x', 0, { of: 'db' }),
  ];
  const rows = snapshotRows(all, { namespace: 'default', name: 'web', current: 'd' });
  expect(rows.map(({ name, ancestors, isCurrent }) => `${'-'.repeat(ancestors.length)}${name}${isCurrent ? ' now' : ''}`)).toEqual([
    'a',
    '-b',
    '-c',
    '--d now',
    'e',
  ]);
  expect(rows.map(({ position, children }) => [position, children])).toEqual([
    [1, 2],
    [1, 0],
    [2, 1],
    [1, 0],
    [2, 0],
  ]);
});

test('a name that is free', () => {
  const now = new Date('2026-11-28T23:45:12Z');
  const names = [freeSnapshotName('web', now, new Set()), freeSnapshotName('web', now, new Set(['web-20261128-234512']))];
  expect(names).toEqual(['web-20261128-234512', 'web-20261128-234512-2']);
});
