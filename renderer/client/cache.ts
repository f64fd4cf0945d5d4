// Owns which resources are watched: a collection lives while somebody looks at it, and a little longer.
// Must not be made twice in one window.
import type { Client, ObjectOf, Resource } from './client.ts';
import { Collection } from './collection.ts';
import type { ConnectionStore } from './connection.ts';
import { resourceTable } from './resource-table.ts';
import { nextFrame, pause } from './timing.ts';

/** Going back and forth between pages must not list again each time. */
const lingerMs = 30_000;

interface Entry {
  readonly collection: Collection<ObjectOf<Resource>>;
  users: number;
  stop?: AbortController;
  linger?: ReturnType<typeof setTimeout>;
}

export interface Cache {
  /** The collection, not yet running: call `use` while you look at it. */
  collection<R extends Resource>(resource: R): Collection<ObjectOf<R>>;
  /** Starts the watch if need be; the answer lets go of it. */
  use(resource: Resource): () => void;
  close(): void;
}

/** `namespace`: all that may be listed. Absent: everything. */
export function createCache(client: Client, connection: ConnectionStore, namespace?: string): Cache {
  const entries = new Map<Resource, Entry>();

  function entryOf(resource: Resource): Entry {
    const known = entries.get(resource);
    if (known !== undefined) return known;
    const scope = namespace === undefined || resourceTable[resource].isClusterScoped === true ? {} : { namespace };
    const collection = new Collection<ObjectOf<Resource>>({
      list: (signal) => client.list(resource, { ...scope, signal }),
      watch: (resourceVersion, signal, onOpen) => client.watch(resource, { ...scope, resourceVersion, signal, onOpen }),
      wait: pause,
      schedule: nextFrame,
      onLine: (error) => connection.report(resource, error),
    });
    const entry: Entry = { collection, users: 0 };
    entries.set(resource, entry);
    return entry;
  }

  function stop(resource: Resource, entry: Entry): void {
    entry.stop?.abort();
    entry.stop = undefined;
    connection.report(resource, undefined);
  }

  return {
    // The map's value type forgets which resource belongs to which key; the key given is the proof.
    collection: <R extends Resource>(resource: R) => entryOf(resource).collection as unknown as Collection<ObjectOf<R>>,
    use(resource) {
      const entry = entryOf(resource);
      clearTimeout(entry.linger);
      entry.users++;
      if (entry.stop === undefined) {
        entry.stop = new AbortController();
        void entry.collection.run(entry.stop.signal);
      }
      let released = false;
      return () => {
        if (released) return;
        released = true;
        entry.users--;
        if (entry.users === 0) entry.linger = setTimeout(() => stop(resource, entry), lingerMs);
      };
    },
    close() {
      for (const [resource, entry] of entries) {
        clearTimeout(entry.linger);
        stop(resource, entry);
      }
    },
  };
}
