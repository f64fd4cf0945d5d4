// Owns the proof that the store keeps, numbers, tells and rolls back.
// Must not use the engine.
import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../electron/api/object.ts';
import type { Change, Store } from '../../electron/engine/ports.ts';
import { openStore } from '../../electron/store/store.ts';
import { configMap, errorCode, keyOf, openTemporaryStore, temporaryPath } from './temporary-store.ts';

const things = 'configmaps';

describe('objects', () => {
  test('are inserted, read, listed in order, replaced and removed', () => {
    const store = openTemporaryStore();
    insert(store, configMap('b', 'zoo'), configMap('a-b', 'lib'), configMap('z', 'a'), configMap('a', 'lib'));
    const changed = store.transaction((tx) => tx.replace(things, { ...configMap('a', 'lib'), data: { k: '2' } } as KubeObject));
    const removed = store.transaction((tx) => tx.remove(keyOf('z', 'a')));
    expect({
      names: store.list(things).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
      inLib: store.list(things, 'lib').map(({ metadata }) => metadata.name),
      counts: [store.count(things), store.count(things, 'lib'), store.count(things, 'li'), store.count('other')],
      changed: changed.metadata.resourceVersion,
      removed: removed.metadata.resourceVersion,
      now: store.resourceVersion(),
      gone: store.get(keyOf('z', 'a')),
      read: store.get(keyOf('a', 'lib')),
    }).toEqual({
      names: ['lib/a', 'lib/a-b', 'zoo/b'],
      inLib: ['a', 'a-b'],
      counts: [3, 2, 0, 0],
      changed: '5',
      removed: '6',
      now: 6,
      gone: undefined,
      read: { ...configMap('a', 'lib'), data: { k: '2' }, metadata: { ...configMap('a', 'lib').metadata, resourceVersion: '5' } },
    });
  });

  test('sort by namespace first, whatever characters the names hold', () => {
    const store = openTemporaryStore();
    insert(store, configMap('a', 'team-a'), configMap('z', 'team'), configMap('b', 'team.b'));
    expect(store.list(things).map(({ metadata }) => metadata.namespace)).toEqual(['team', 'team-a', 'team.b']);
  });

  test('of cluster scope have no namespace', () => {
    const store = openTemporaryStore();
    insert(store, configMap('one'));
    expect(store.get({ resource: things, name: 'one' })?.metadata.namespace).toBe(undefined);
  });

  test('survive closing and opening, versions go on', () => {
    const path = temporaryPath();
    const first = openStore({ path });
    insert(first, configMap('a', 'lib'), configMap('b', 'lib'));
    first.transaction((tx) => tx.remove(keyOf('b', 'lib')));
    const before = first.list(things);
    first.close();
    const second = openStore({ path });
    insert(second, configMap('c', 'lib'));
    expect([second.list(things).slice(0, 1), second.resourceVersion()]).toEqual([before, 4]);
    second.close();
  });

  test('cannot be changed by who reads them, and undefined fields are no fields', () => {
    const store = openTemporaryStore();
    const [stored] = insert(store, { ...configMap('a', 'lib'), spec: { gone: undefined, list: [1] } });
    const { spec } = store.get(keyOf('a', 'lib')) ?? {};
    expect([stored?.spec === spec, spec, JSON.stringify(spec)]).toEqual([true, { list: [1] }, '{"list":[1]}']);
    expect(() => Object.assign(spec ?? {}, { list: [] })).toThrow(TypeError);
  });

  test('that are equal write nothing', () => {
    const store = openTemporaryStore();
    const [stored] = insert(store, { ...configMap('a', 'lib'), spec: { x: 1, y: [{ z: null }] } });
    const heard = listen(store);
    const again = store.transaction((tx) =>
      tx.replace(things, { ...configMap('a', 'lib'), spec: { y: [{ z: null }], x: 1, w: undefined } }),
    );
    expect([again, store.resourceVersion(), heard]).toEqual([stored, 1, []]);
  });

  test.each<[string, string, (store: Store) => unknown]>([
    ['a second insert', 'AlreadyExists', (store) => insert(store, configMap('a', 'lib'))],
    ['replacing what is not there', 'NotFound', (store) => store.transaction((tx) => tx.replace(things, configMap('nobody', 'lib')))],
    ['removing what is not there', 'NotFound', (store) => store.transaction((tx) => tx.remove(keyOf('nobody', 'lib')))],
    ['an old resourceVersion', 'Conflict', (store) => store.transaction((tx) => tx.replace(things, configMap('a', 'lib', 'new'), '0'))],
  ])('refuse %s with %s and stay as they are', (_name, code, act) => {
    const store = openTemporaryStore();
    const before = insert(store, configMap('a', 'lib'));
    expect([errorCode(() => act(store)), store.list(things), store.resourceVersion()]).toEqual([code, before, 1]);
  });

  test('are replaced when the expected resourceVersion is the stored one', () => {
    const store = openTemporaryStore();
    insert(store, configMap('a', 'lib'));
    expect(store.transaction((tx) => tx.replace(things, configMap('a', 'lib', 'new'), '1')).metadata.resourceVersion).toBe('2');
  });
});

describe('transactions', () => {
  test('roll back everything, in memory and on disk', () => {
    const path = temporaryPath();
    const store = openStore({ path });
    insert(store, configMap('a', 'lib'));
    const heard = listen(store);
    expect(() =>
      store.transaction((tx) => {
        tx.replace(things, configMap('a', 'lib', 'new'));
        tx.insert(things, configMap('b', 'lib'));
        tx.remove(keyOf('a', 'lib'));
        throw new Error('no');
      }),
    ).toThrow('no');
    const inMemory = [names(store), store.resourceVersion(), store.changesSince(1), heard];
    store.close();
    const reopened = openStore({ path });
    expect([inMemory, names(reopened), reopened.resourceVersion()]).toEqual([[['a'], 1, [], []], ['a'], 1]);
    reopened.close();
  });

  test('join when nested: heard once, after the outer commit', () => {
    const store = openTemporaryStore();
    const heard = listen(store);
    store.transaction((tx) => {
      tx.insert(things, configMap('a', 'lib'));
      insert(store, configMap('b', 'lib'));
      expect([heard, names(store)]).toEqual([[], ['a', 'b']]);
    });
    expect(heard.map((changes) => changes.map(({ resourceVersion }) => resourceVersion))).toEqual([[1, 2]]);
  });

  test('lose only the nested part when a nested one fails and is forgiven', () => {
    const store = openTemporaryStore();
    store.transaction((tx) => {
      tx.insert(things, configMap('a', 'lib'));
      expect(() =>
        store.transaction((nested) => {
          nested.insert(things, configMap('b', 'lib'));
          nested.replace(things, configMap('a', 'lib', 'new'));
          throw new Error('no');
        }),
      ).toThrow('no');
      tx.insert(things, configMap('c', 'lib'));
    });
    expect([names(store), store.resourceVersion(), store.get(keyOf('a', 'lib'))?.metadata.resourceVersion]).toEqual([['a', 'c'], 2, '1']);
  });

  test('must not wait', () => {
    const store = openTemporaryStore();
    expect(() => store.transaction(() => Promise.resolve(1))).toThrow(TypeError);
  });
});

describe('the feed', () => {
  test('tells what changed, with the object before', () => {
    const store = openTemporaryStore();
    const heard = listen(store);
    insert(store, configMap('a', 'lib'));
    store.transaction((tx) => tx.replace(things, configMap('a', 'lib', 'new')));
    store.transaction((tx) => tx.remove(keyOf('a', 'lib')));
    const [first, second] = [configMap('a', 'lib'), configMap('a', 'lib', 'new')];
    const expected: Change[] = [
      { type: 'ADDED', resource: things, object: numbered(first, 1), resourceVersion: 1 },
      { type: 'MODIFIED', resource: things, object: numbered(second, 2), previous: numbered(first, 1), resourceVersion: 2 },
      { type: 'DELETED', resource: things, object: numbered(second, 3), previous: numbered(second, 2), resourceVersion: 3 },
    ];
    expect([heard.flat(), store.changesSince(0), store.changesSince(2), store.changesSince(3)]).toEqual([
      expected,
      expected,
      expected.slice(2),
      [],
    ]);
  });

  test('is the same after a restart, and expires what it no longer holds', () => {
    const path = temporaryPath();
    const store = openStore({ path, feedLength: 20 });
    for (let count = 0; count < 60; count += 1) store.transaction((tx) => tx.insert(things, configMap(`n${count}`, 'lib')));
    const before = look(store);
    store.close();
    const again = openStore({ path, feedLength: 20 });
    expect([before, look(again)]).toEqual([
      ['expired', 20, [], 'expired', 60],
      ['expired', 20, [], 'expired', 60],
    ]);
    again.close();
  });

  test('numbers on after everything was compacted and removed', () => {
    const path = temporaryPath();
    const store = openStore({ path, feedLength: 0 });
    insert(store, configMap('a', 'lib'), configMap('b', 'lib'));
    store.transaction((tx) => tx.remove(keyOf('a', 'lib')));
    store.close();
    const again = openStore({ path, feedLength: 0 });
    expect([again.resourceVersion(), again.changesSince(2), again.changesSince(3)]).toEqual([3, 'expired', []]);
    again.close();
  });

  test('keeps its order for everyone when a listener writes', () => {
    const store = openTemporaryStore();
    store.subscribe((changes) => {
      if (changes[0]?.object.metadata.name === 'a') insert(store, configMap('b', 'lib'));
    });
    const heard = listen(store);
    insert(store, configMap('a', 'lib'));
    expect(heard.flat().map(({ object }) => object.metadata.name)).toEqual(['a', 'b']);
  });

  test('reaches the others when one listener fails, and is not told after unsubscribing', () => {
    const store = openTemporaryStore();
    const stop = store.subscribe(() => {
      throw new Error('mine');
    });
    const heard = listen(store);
    expect(() => insert(store, configMap('a', 'lib'))).toThrow(AggregateError);
    stop();
    insert(store, configMap('b', 'lib'));
    expect([names(store), heard.length]).toEqual([['a', 'b'], 2]);
  });
});

test('the database is readable by its owner alone', () => {
  const path = temporaryPath();
  const store = openStore({ path });
  insert(store, configMap('a', 'lib'));
  expect([path, `${path}-wal`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  store.close();
});

test('1,000 machines among 10,000 objects are parsed once and then listed from memory', () => {
  const path = temporaryPath();
  const store = openStore({ path });
  store.transaction((tx) => {
    for (let count = 0; count < 9_000; count += 1) tx.insert('events', configMap(`e${count}`, 'lib'));
    for (let count = 0; count < 1_000; count += 1) tx.insert(things, configMap(`m${count}`, `project-${count % 7}`));
  });
  store.close();
  const again = openStore({ path });
  const first = elapsedMs(() => again.list(things));
  const later = Array.from({ length: 20 }, (_, round) =>
    elapsedMs(() => {
      again.transaction((tx) => tx.replace(things, configMap('m1', 'project-1', `round ${round}`)));
      again.list(things);
    }),
  ).toSorted((a, b) => a - b);
  // The median of a change and a list beside one reading of all: some 0.2 ms beside some 10 ms.
  expect([again.list(things).length, (later[10] ?? Infinity) < first]).toEqual([1_000, true]);
  again.close();
});

function elapsedMs(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function numbered(object: KubeObject, resourceVersion: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(resourceVersion) } };
}

function look(store: Store): unknown {
  return [store.changesSince(10), sinceLength(store, 40), store.changesSince(60), store.changesSince(61), store.resourceVersion()];
}

function insert(store: Store, ...objects: readonly KubeObject[]): readonly KubeObject[] {
  return store.transaction((tx) => objects.map((object) => tx.insert(things, object)));
}

function listen(store: Store): (readonly Change[])[] {
  const heard: (readonly Change[])[] = [];
  store.subscribe((changes) => heard.push(changes));
  return heard;
}

function names(store: Store): readonly string[] {
  return store.list(things).map(({ metadata }) => metadata.name);
}

function sinceLength(store: Store, version: number): number | 'expired' {
  const changes = store.changesSince(version);
  return changes === 'expired' ? changes : changes.length;
}

test('managed fields are kept with the object, outside of it: no version, no change, gone with it', () => {
  const path = temporaryPath();
  const store = openStore({ path });
  const key = { resource: 'configmaps', namespace: 'lib', name: 'a' };
  const entry = { manager: 'me', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': {} } } as const;
  store.transaction((tx) => {
    tx.insert('configmaps', configMap('a', 'lib'));
    tx.setManagedFields(key, [entry]);
  });
  const told: unknown[] = [];
  store.subscribe((changes) => told.push(...changes));
  expect(() =>
    store.transaction((tx) => {
      tx.setManagedFields(key, []);
      throw new Error('taken back');
    }),
  ).toThrow('taken back');
  store.close();
  const again = openStore({ path });
  expect([again.managedFields(key), again.get(key)?.metadata.managedFields, again.resourceVersion(), told]).toEqual([
    [entry],
    undefined,
    1,
    [],
  ]);
  again.transaction((tx) => tx.replace('configmaps', configMap('a', 'lib', 'changed')));
  expect(again.managedFields(key)).toEqual([entry]);
  again.transaction((tx) => tx.remove(key));
  expect(again.managedFields(key)).toEqual([]);
  again.close();
});
