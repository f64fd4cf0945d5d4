// Owns watches: what is told, to whom, how often it is written, and how they end.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DraftObject, KubeObject } from '../../electron/api/object.ts';
import type { Engine } from '../../electron/engine/engine-port.ts';
import type { Change } from '../../electron/engine/ports.ts';
import { maxUnreadBytes, maxWatches } from '../../electron/server/watch.ts';
import { named, vm, withMeta } from '../fakes/builders.ts';
import { carriers, type Connection } from './carriers.ts';
import { type Core, jsonLines, startCore } from './core-fixture.ts';
import { asTable, merge, vms } from './rows.ts';

interface Event {
  readonly type: string;
  readonly object: KubeObject & { readonly code?: number; readonly reason?: string };
}

/** Reads events one by one; `rest` reads to the end. */
function reader(response: Response): { next(): Promise<Event>; rest(): Promise<readonly Event[]> } {
  const lines = jsonLines(response);
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the watch has ended');
      return value as unknown as Event;
    },
    async rest() {
      const all: Event[] = [];
      for await (const line of lines) all.push(line as unknown as Event);
      return all;
    },
  };
}

function brief({ type, object }: Event): string {
  return `${type} ${object.metadata.name}`;
}

async function create(core: Core, name: string, labels: Readonly<Record<string, string>> = {}): Promise<KubeObject> {
  return core.engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(withMeta({ name, labels })) });
}

async function relabel(core: Core, name: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const object = core.engine.get({ resource: 'virtualmachines.kubevirt.io', namespace: 'default', name });
  const draft = { ...object, metadata: { ...object.metadata, labels } } as unknown as DraftObject;
  await core.engine.update({ resource: 'virtualmachines.kubevirt.io', namespace: 'default', name }, draft);
}

function version(core: Core): number {
  return core.engine.list('virtualmachines.kubevirt.io').resourceVersion;
}

/** Changes of other controllers may come in between: only what the test itself does is looked at. */
async function until(events: { next(): Promise<Event> }, wanted: (event: Event) => boolean): Promise<Event> {
  for (;;) {
    const event = await events.next();
    if (wanted(event)) return event;
  }
}

describe.each(carriers)('watch over $name', (carrier) => {
  let core: Core;
  let connection: Connection;
  const aborts: AbortController[] = [];
  const watch = async (query: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> => {
    const abort = new AbortController();
    aborts.push(abort);
    return connection.fetch(`${vms}?watch=true&${query}`, { headers, signal: abort.signal });
  };
  beforeEach(async () => {
    core = await startCore();
    await create(core, 'first');
    await core.clock.settle();
    connection = await carrier.connect(core.router);
  });
  afterEach(async () => {
    for (const abort of aborts.splice(0)) abort.abort();
    await connection.close();
    await core.close();
  });

  test('begins with what there is, goes on with what happens', async () => {
    const events = reader(await watch(''));
    expect(brief(await events.next())).toBe('ADDED first');
    await create(core, 'second');
    expect(brief(await until(events, ({ type }) => type === 'ADDED'))).toBe('ADDED second');
    await relabel(core, 'first', { a: 'b' });
    const changed = await until(events, ({ object }) => object.metadata.labels?.['a'] === 'b');
    expect(changed.type).toBe('MODIFIED');
    await core.engine.delete({ resource: 'virtualmachines.kubevirt.io', namespace: 'default', name: 'second' });
    expect(brief(await until(events, ({ type }) => type === 'DELETED'))).toBe('DELETED second');
  });

  test('from a version: nothing before it, everything after it, nothing twice', async () => {
    const since = version(core);
    await create(core, 'second');
    const events = reader(await watch(`resourceVersion=${since}`));
    expect(brief(await events.next())).toBe('ADDED second');
    await create(core, 'third');
    expect(brief(await until(events, ({ type }) => type === 'ADDED'))).toBe('ADDED third');
  });

  test('from a version that is forgotten, or not yet there: an ERROR event with 410', async () => {
    const [event, ...more] = await reader(await watch('resourceVersion=999999')).rest();
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    expect(more).toEqual([]);
  });

  test('a selection is a world of its own: what leaves it is deleted, what enters it is added', async () => {
    const events = reader(await watch(`labelSelector=team%3Dred&resourceVersion=${version(core)}`));
    await create(core, 'other', { team: 'blue' });
    await relabel(core, 'first', { team: 'red' });
    const added = await until(events, () => true);
    expect([added.type, added.object.metadata.name, added.object.metadata.labels]).toEqual(['ADDED', 'first', { team: 'red' }]);
    await relabel(core, 'first', { team: 'red', rank: '1' });
    const changed = await until(events, ({ object }) => object.metadata.labels?.['rank'] === '1');
    expect(changed.type).toBe('MODIFIED');
    await relabel(core, 'first', { team: 'blue' });
    const left = await until(events, ({ type }) => type === 'DELETED');
    // The object as the watcher knew it, at the version of its leaving.
    expect(left.object.metadata.labels).toEqual({ team: 'red', rank: '1' });
    expect(Number(left.object.metadata.resourceVersion)).toBeGreaterThan(Number(changed.object.metadata.resourceVersion));
  });

  test('as a table: columns come with the first event only', async () => {
    const events = reader(await watch('', { accept: asTable }));
    const first = (await events.next()) as unknown as {
      object: { kind: string; columnDefinitions: unknown; rows: { cells: unknown[] }[] };
    };
    await create(core, 'second');
    const second = (await events.next()) as unknown as typeof first;
    expect([first.object.kind, first.object.rows[0]?.cells.slice(0, 2)]).toEqual(['Table', ['first', '0s']]);
    expect(first.object.columnDefinitions).toHaveLength(4);
    expect([second.object.columnDefinitions, second.object.rows[0]?.cells[0]]).toEqual([null, 'second']);
  });

  test('a streaming list ends its beginning with a bookmark that says so', async () => {
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const events = reader(await watch(query));
    expect(brief(await events.next())).toBe('ADDED first');
    const bookmark = await events.next();
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: {
        kind: 'VirtualMachine',
        metadata: { resourceVersion: String(version(core)), annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
  });

  test('bookmarks come a minute after a change, and never without one', async () => {
    const events = reader(await watch(`allowWatchBookmarks=true&resourceVersion=${version(core)}`));
    await create(core, 'second');
    await core.clock.settle();
    const reached = version(core);
    await core.clock.advance(60_000);
    const bookmark = await until(events, ({ type }) => type === 'BOOKMARK');
    expect(bookmark.object.metadata.resourceVersion).toBe(String(reached));
  });

  test('ends when its time is up', async () => {
    const events = reader(await watch('timeoutSeconds=5'));
    expect(brief(await events.next())).toBe('ADDED first');
    await core.clock.advance(5_000);
    expect(await events.rest()).toEqual([]);
  });

  test('an answer to a patch and the event of it are the same object, save who manages it', async () => {
    const events = reader(await watch(`resourceVersion=${version(core)}`));
    const answer = await connection.fetch(`${vms}/first`, {
      method: 'PATCH',
      headers: merge,
      body: '{"metadata":{"annotations":{"note":"x"}}}',
    });
    const event = await until(events, ({ object }) => object.metadata.annotations?.['note'] === 'x');
    const answered = (await answer.json()) as KubeObject;
    const { managedFields, ...metadata } = answered.metadata;
    expect(managedFields).toHaveLength(1);
    expect(event.object).toEqual({ ...answered, metadata });
  });
});

describe('the hub', () => {
  const caller = { name: 'test', transport: 'direct', role: 'admin' } as const;
  const ask = (core: Core, query: string, signal?: AbortSignal): Promise<Response> =>
    core.router.handle(new Request(`http://virtdeck${vms}?watch=true&${query}`, signal === undefined ? {} : { signal }), caller);

  test('200 watches are one subscription, and end with their last reader', async () => {
    const core = await startCore();
    const responses = await Promise.all(Array.from({ length: 200 }, () => ask(core, `resourceVersion=${version(core)}`)));
    expect(core.subscriptions()).toBe(1);
    await create(core, 'web');
    const readers = responses.map((response) => response.body!.getReader());
    const chunks = await Promise.all(readers.map((each) => each.read()));
    // The very same bytes: written once, not two hundred times.
    expect(new Set(chunks.map(({ value }) => value)).size).toBe(1);
    await Promise.all(readers.map((each) => each.cancel()));
    expect(core.subscriptions()).toBe(0);
    await core.close();
  });

  test('a reader that stalls is let go with 410, and what it had not read is bounded', async () => {
    const feed = handFeed();
    const core = await startCore({ override: () => feed.engine });
    const response = await ask(core, 'resourceVersion=1');
    const note = 'x'.repeat(100_000);
    const changes = Math.ceil((maxUnreadBytes * 2) / note.length);
    for (let index = 0; index < changes; index++) feed.change(index + 2, note);
    const events = await reader(response).rest();
    expect(events.at(-1)).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    expect(events.length).toBeLessThan(changes);
    expect(JSON.stringify(events).length).toBeLessThan(maxUnreadBytes * 1.1);
    expect(feed.listeners.size).toBe(0);
    await core.close();
  });

  test('a client that has gone before the watch begins leaves nothing behind', async () => {
    const feed = handFeed();
    const core = await startCore({ override: () => feed.engine });
    const abort = new AbortController();
    abort.abort();
    const response = await ask(core, 'resourceVersion=1', abort.signal);
    await response.body?.cancel();
    expect(feed.listeners.size).toBe(0);
    await core.close();
  });

  test('an abort ends the watch and its subscription', async () => {
    const feed = handFeed();
    const core = await startCore({ override: () => feed.engine });
    const abort = new AbortController();
    const response = await ask(core, 'resourceVersion=1', abort.signal);
    expect(feed.listeners.size).toBe(1);
    abort.abort();
    expect(await reader(response).rest()).toEqual([]);
    expect(feed.listeners.size).toBe(0);
    await core.close();
  });

  test('with nobody watching there is no timer', async () => {
    const core = await startCore();
    const timers = core.clock.nextIn();
    const response = await ask(core, 'allowWatchBookmarks=true');
    await create(core, 'web');
    await response.body?.cancel();
    await core.clock.settle();
    expect(core.clock.nextIn()).toBe(timers);
    await core.close();
  });

  test('a change that the beginning already told is not told again', async () => {
    const feed = handFeed();
    const core = await startCore({ override: () => feed.engine });
    const response = await ask(core, 'resourceVersion=1');
    feed.change(1, 'old');
    feed.change(2, 'new');
    const event = await reader(response).next();
    expect(event.object.metadata.annotations).toEqual({ note: 'new' });
    await response.body?.cancel().catch(() => undefined);
    await core.close();
  });
});

/** An engine whose changes a test makes by hand. */
function handFeed(): {
  readonly engine: Partial<Engine>;
  readonly listeners: ReadonlySet<(changes: readonly Change[]) => void>;
  change(resourceVersion: number, note: string): void;
} {
  const listeners = new Set<(changes: readonly Change[]) => void>();
  return {
    listeners,
    engine: {
      list: () => ({ items: [], resourceVersion: 1 }),
      changesSince: () => [],
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    change(resourceVersion, note) {
      const draft = vm(named('web'));
      const object: KubeObject = {
        ...draft,
        metadata: {
          name: 'web',
          namespace: 'default',
          uid: 'u',
          generation: 1,
          creationTimestamp: '2026-01-02T03:04:05Z',
          resourceVersion: String(resourceVersion),
          annotations: { note },
        },
      };
      const change: Change = { type: 'MODIFIED', resource: 'virtualmachines.kubevirt.io', object, previous: object, resourceVersion };
      for (const listener of listeners) listener([change]);
    },
  };
}

test('a thousand watches are served, and the next one is told so', async () => {
  const core = await startCore();
  const caller = { name: 'test', transport: 'direct', role: 'admin' } as const;
  const leave = new AbortController();
  const open = (): Promise<Response> =>
    core.router.handle(new Request('http://virtdeck/api/v1/namespaces/default/secrets?watch=true', { signal: leave.signal }), caller);
  for (let index = 0; index < maxWatches; index++) expect((await open()).status).toBe(200);
  const refused = await open();
  expect([refused.status, await refused.json()]).toMatchObject([
    429,
    { reason: 'TooManyRequests', message: expect.stringContaining('1000 watches') as string },
  ]);
  leave.abort();
  await core.close();
});
