// Owns the proof that a collection stays true: through changes, gaps, refusals and lost lines.
// Must not need a clock: waiting and drawing are steps of the test.
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../electron/api/object.ts';
import { ApiError } from '../../../renderer/client/api-error.ts';
import { Collection, type CollectionSource } from '../../../renderer/client/collection.ts';
import type { WatchEvent } from '../../../renderer/client/watch.ts';

function object(name: string, version: number, uid = name): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name, uid, resourceVersion: String(version), generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
  };
}

type Step =
  | { readonly list: readonly KubeObject[]; readonly at: number }
  | { readonly listFails: Error }
  | { readonly watch: readonly WatchEvent<KubeObject>[]; readonly cut?: Error };

/** Plays the steps in order, then aborts. Records every call, wait and line report. */
async function play(steps: readonly Step[], prepare: (collection: Collection<KubeObject>) => void = () => undefined) {
  const stop = new AbortController();
  const seen: string[] = [];
  const left = [...steps];
  const flushes: (() => void)[] = [];
  const next = (): Step => {
    const step = left.shift();
    if (step !== undefined) return step;
    stop.abort();
    throw new DOMException('over', 'AbortError');
  };
  const source: CollectionSource<KubeObject> = {
    async list() {
      const step = next();
      seen.push('list');
      if ('listFails' in step) throw step.listFails;
      if (!('list' in step)) throw new Error(`A list was asked for, not ${JSON.stringify(step)}.`);
      return { items: step.list, resourceVersion: String(step.at) };
    },
    async *watch(version, _signal, onOpen) {
      const step = next();
      if (!('watch' in step)) throw new Error(`A watch was asked for, not ${JSON.stringify(step)}.`);
      seen.push(`watch from ${version}`);
      onOpen();
      yield* step.watch;
      if (step.cut !== undefined) throw step.cut;
    },
    wait: async (ms) => void seen.push(`wait ${ms}`),
    schedule: (flush) => flushes.push(flush),
    onLine: (error) => seen.push(error === undefined ? 'line good' : `line lost: ${error.message}`),
  };
  const collection = new Collection<KubeObject>(source);
  prepare(collection);
  await collection.run(stop.signal);
  for (const flush of flushes) flush();
  return { collection, seen, flushes: flushes.length };
}

const names = (collection: Collection<KubeObject>): readonly string[] =>
  collection.snapshot().items.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);

describe('Collection', () => {
  test('lists, then follows the watch', async () => {
    const { collection, seen } = await play([
      { list: [object('a', 1), object('b', 2)], at: 5 },
      {
        watch: [
          { type: 'MODIFIED', object: object('a', 6) },
          { type: 'DELETED', object: object('b', 7) },
          { type: 'ADDED', object: object('c', 8) },
          { type: 'BOOKMARK', object: object('', 9) },
        ],
      },
    ]);
    expect(names(collection)).toEqual(['a@6', 'c@8']);
    expect(collection.snapshot().phase).toBe('ready');
    expect(seen).toEqual(['list', 'watch from 5', 'line good', 'wait 250']);
  });

  test('a burst of events is one drawing', async () => {
    const events = Array.from({ length: 100 }, (_event, index) => ({ type: 'MODIFIED', object: object('a', 10 + index) }) as const);
    const { flushes, collection } = await play([{ list: [object('a', 1)], at: 1 }, { watch: events }]);
    expect({ flushes, names: names(collection) }).toEqual({ flushes: 1, names: ['a@109'] });
  });

  test('goes on from the last version after the server ends a watch', async () => {
    const { seen } = await play([{ list: [], at: 1 }, { watch: [{ type: 'ADDED', object: object('a', 4) }] }, { watch: [] }]);
    expect(seen).toEqual(['list', 'watch from 1', 'line good', 'wait 250', 'watch from 4', 'line good', 'wait 500']);
  });

  test('lists again when the version has expired', async () => {
    const { collection, seen } = await play([
      { list: [object('a', 1)], at: 1 },
      { watch: [], cut: new ApiError(410, 'too old') },
      { list: [object('b', 9)], at: 9 },
      { watch: [] },
    ]);
    expect(names(collection)).toEqual(['b@9']);
    expect(seen).toEqual(['list', 'watch from 1', 'line good', 'wait 250', 'list', 'watch from 9', 'line good', 'wait 500']);
  });

  test('lists again when versions go back: another database', async () => {
    const { collection, seen } = await play([
      { list: [object('a', 90)], at: 100 },
      { watch: [{ type: 'ADDED', object: object('x', 3) }] },
      { list: [object('x', 3)], at: 3 },
      { watch: [] },
    ]);
    expect(names(collection)).toEqual(['x@3']);
    expect(seen.filter((line) => line === 'list')).toHaveLength(2);
  });

  test('keeps what it knows while the line is lost, and says so', async () => {
    const { collection, seen } = await play([
      { list: [object('a', 1)], at: 1 },
      { watch: [], cut: new Error('cut') },
      { watch: [], cut: new Error('cut again') },
      { watch: [{ type: 'MODIFIED', object: object('a', 2) }] },
    ]);
    expect(names(collection)).toEqual(['a@2']);
    expect(seen).toEqual([
      'list',
      'watch from 1',
      'line good',
      'line lost: cut',
      'wait 250',
      'watch from 1',
      'line good',
      'line lost: cut again',
      'wait 500',
      'watch from 1',
      'line good',
      'wait 250',
    ]);
  });

  test('waits longer each time, at most five seconds', async () => {
    const { collection, seen } = await play(Array.from({ length: 7 }, () => ({ listFails: new Error('down') })));
    expect(collection.snapshot()).toMatchObject({ phase: 'failed', items: [], error: { message: 'down' } });
    expect(seen.filter((line) => line.startsWith('wait'))).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000].map((ms) => `wait ${ms}`));
  });

  test('an object that is the same after a new list is the same value', async () => {
    const before = object('a', 1);
    const { collection } = await play([
      { list: [before, object('b', 1)], at: 1 },
      { watch: [], cut: new ApiError(410, 'too old') },
      { list: [object('a', 1), object('b', 2)], at: 2 },
      { watch: [] },
    ]);
    expect(collection.one('a')).toBe(before);
    expect(collection.one('b')?.metadata.resourceVersion).toBe('2');
  });

  test('an object made anew under the same name is another one', async () => {
    const { collection } = await play([
      { list: [object('a', 1, 'first')], at: 1 },
      { watch: [], cut: new ApiError(410, 'too old') },
      { list: [object('a', 1, 'second')], at: 2 },
      { watch: [] },
    ]);
    expect(collection.one('a')?.metadata.uid).toBe('second');
  });

  test('whoever follows one object hears of that one alone', async () => {
    const heard: string[] = [];
    await play(
      [{ list: [object('a', 1), object('b', 1)], at: 1 }, { watch: [{ type: 'MODIFIED', object: object('b', 2) }] }],
      (collection) => {
        collection.subscribeOne('b', () => heard.push('b'));
        collection.subscribeOne('c', () => heard.push('c'));
        collection.subscribe(() => heard.push('all'));
      },
    );
    // `c` hears once, that the list has come without it.
    expect(heard.toSorted()).toEqual(['all', 'b', 'c']);
  });
});

describe('a cluster that refuses', () => {
  test('a kind that is not served has no objects, and is asked for seldom', async () => {
    const { collection, seen } = await play([{ listFails: new ApiError(404, 'the server could not find the requested resource') }]);
    expect(collection.snapshot()).toMatchObject({ phase: 'ready', items: [] });
    expect(seen.slice(0, 3)).toEqual(['list', 'line good', 'wait 60000']);
  });

  test('what may not be listed is said, without the line being lost', async () => {
    const { collection, seen } = await play([{ listFails: new ApiError(403, 'nodes is forbidden') }]);
    expect(collection.snapshot()).toMatchObject({ phase: 'failed', items: [], error: { message: 'nodes is forbidden' } });
    expect(seen.slice(0, 3)).toEqual(['list', 'line good', 'wait 60000']);
  });
});
