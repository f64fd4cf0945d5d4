// Owns the proof of the journal: lines with their transaction, read back newest first, bounded by number and by size.
// Must not decide what is worth a line.
import { expect, test } from 'vitest';
import type { StoredRevision } from '../../electron/engine/ports.ts';
import { openStore } from '../../electron/store/store.ts';
import { configMap, keyOf, openTemporaryStore, temporaryPath } from './temporary-store.ts';

const draft = (text: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'lib' }, spec: { text } });
const line = (more: Partial<StoredRevision> = {}): Omit<StoredRevision, 'id'> => ({
  at: 1_000,
  manager: 'kubectl',
  operation: 'update',
  key: keyOf('a', 'lib'),
  uid: 'u',
  before: draft('old'),
  after: draft('new'),
  ...more,
});

test('a line comes back as it was written, also after the store was closed', () => {
  const path = temporaryPath();
  const first = openStore({ path });
  first.transaction((tx) => tx.addRevision(line({ undoes: 7 })));
  first.close();
  const second = openStore({ path });
  expect(second.revisions({})).toEqual([{ id: 1, ...line({ undoes: 7 }) }]);
  expect([second.revision(1)?.manager, second.revision(2)]).toEqual(['kubectl', undefined]);
  second.close();
});

test('a creation has nothing before, a cluster-scoped object no namespace', () => {
  const store = openTemporaryStore();
  const { before: _before, ...created } = line({ operation: 'create', key: { resource: 'nodes', name: 'n' } });
  store.transaction((tx) => tx.addRevision(created));
  expect(store.revisions({})).toEqual([{ id: 1, ...created }]);
});

test('what fails leaves no line', () => {
  const store = openTemporaryStore();
  const work = (): unknown =>
    store.transaction((tx) => {
      tx.insert('configmaps', configMap('a', 'lib'));
      tx.addRevision(line());
      throw new Error('no');
    });
  expect(work).toThrow('no');
  expect([store.revisions({}), store.count('configmaps')]).toEqual([[], 0]);
});

test('by object, by place in the order, newest first', () => {
  const store = openTemporaryStore();
  for (const name of ['a', 'b', 'a', 'a']) store.transaction((tx) => tx.addRevision(line({ key: keyOf(name, 'lib') })));
  const ids = (query: Parameters<typeof store.revisions>[0]): readonly number[] => store.revisions(query).map(({ id }) => id);
  expect([
    ids({}),
    ids({ name: 'a' }),
    ids({ namespace: 'other' }),
    ids({ resource: 'secrets' }),
    ids({ limit: 2 }),
    ids({ before: 3 }),
    ids({ after: 2 }),
    store.revisionMarks(keyOf('a', 'lib')).map(({ id }) => id),
  ]).toEqual([[4, 3, 2, 1], [4, 3, 1], [], [], [4, 3], [2, 1], [4, 3], [1, 3, 4]]);
});

test('the oldest lines go: by number', () => {
  const store = openTemporaryStore({ revisionLimits: { rows: 3, bytes: 1e9 } });
  for (let index = 0; index < 5; index += 1) store.transaction((tx) => tx.addRevision(line()));
  expect(store.revisions({}).map(({ id }) => id)).toEqual([5, 4, 3]);
});

test('the oldest lines go: by size, but never the newest', () => {
  const store = openTemporaryStore({ revisionLimits: { rows: 100, bytes: 2_500 } });
  const large = (bytes: number) => line({ after: draft('x'.repeat(bytes)) });
  for (const bytes of [1_000, 1_000, 1_000]) store.transaction((tx) => tx.addRevision(large(bytes)));
  const afterThree = store.revisions({}).map(({ id }) => id);
  store.transaction((tx) => tx.addRevision(large(10_000)));
  expect([afterThree, store.revisions({}).map(({ id }) => id)]).toEqual([[3, 2], [4]]);
});
