// Owns the rows of how a revision is shown, which ones get a toast, and the stream of new ones.
// Must not draw.
import { describe, expect, test } from 'vitest';
import type { Revision } from '../../../electron/api/revision.ts';
import { createRevisionFeed } from '../../../renderer/client/revisions.ts';
import { deservesToast, revisionRow, shortField, valueText } from '../../../renderer/features/history/revision-row.ts';

const revision: Revision = {
  apiVersion: 'virtdeck.io/v1alpha1',
  kind: 'Revision',
  metadata: { name: '7', creationTimestamp: '2026-01-01T00:00:00Z' },
  operation: 'update',
  manager: 'window',
  object: { resource: 'virtualmachines.kubevirt.io', kind: 'VirtualMachine', namespace: 'default', name: 'web', uid: 'u' },
  changes: [],
};
const cause = (reason: string) => ({ reason, field: '', message: '' });

test('an undo is called one', () => {
  expect([revisionRow(revision).operation, revisionRow({ ...revision, undoes: '3' }).operation]).toEqual(['update', 'undo']);
});

test.each([
  { change: { field: 'a', before: '1Gi', after: '2Gi' }, want: '1Gi → 2Gi' },
  { change: { field: 'a', after: true }, want: '– → true' },
  { change: { field: 'a', before: 1 }, want: '1 → –' },
  { change: { field: 'a' }, want: undefined },
  { change: { field: 'a', before: [1], after: [2] }, want: undefined },
])('$change is $want', ({ change, want }) => {
  expect(valueText(change)).toBe(want);
});

test.each([
  ['spec.template.spec.domain.memory.guest', 'domain.memory.guest'],
  ['spec.runStrategy', 'spec.runStrategy'],
  ["metadata.labels['a']", "labels['a']"],
])('%s is short %s', (field, want) => {
  expect(shortField(field)).toBe(want);
});

test.each([
  { name: 'an edit here', given: revision, want: true },
  { name: 'a deletion here', given: { ...revision, operation: 'delete', undoRefused: cause('NameTaken') }, want: true },
  { name: 'a deletion that cannot come back', given: { ...revision, operation: 'delete', undoRefused: cause('DataGone') }, want: false },
  { name: 'an edit in a shell', given: { ...revision, manager: 'kubectl' }, want: false },
  { name: 'a creation', given: { ...revision, operation: 'create' }, want: false },
  { name: 'a start', given: { ...revision, operation: 'start' }, want: false },
  { name: 'an undo', given: { ...revision, undoes: '3' }, want: false },
  { name: 'a choice of the window', given: { ...revision, object: { ...revision.object, kind: 'Settings' } }, want: false },
] as const)('a toast for $name: $want', ({ given, want }) => {
  expect(deservesToast(given)).toBe(want);
});

describe('the feed', () => {
  test('one stream for all who listen; it comes back, says so, and ends with the last', async () => {
    const opened: AbortSignal[] = [];
    const heard: string[] = [];
    const lines = [[revision], [{ ...revision, metadata: { ...revision.metadata, name: '8' } }]];
    const done = Promise.withResolvers<void>();
    const feed = createRevisionFeed({
      async *open(signal) {
        opened.push(signal);
        yield* lines.shift() ?? [];
        if (lines.length > 0) throw new Error('The line is cut.');
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
      wait: () => Promise.resolve(),
    });
    const first = feed.subscribe((one) => heard.push(`a ${one?.metadata.name}`));
    const second = feed.subscribe((one) => {
      heard.push(`b ${one?.metadata.name}`);
      if (one?.metadata.name === '8') done.resolve();
    });
    await done.promise;
    first();
    const open = opened.at(-1)?.aborted;
    second();
    expect([heard, opened.length, open, opened.at(-1)?.aborted]).toEqual([
      ['a 7', 'b 7', 'a undefined', 'b undefined', 'a 8', 'b 8'],
      2,
      false,
      true,
    ]);
  });
});
