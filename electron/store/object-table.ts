// Owns the objects of the database: rows on disk, parsed and frozen in memory.
// Must not number versions or tell anyone; store.ts does.
import type { Database } from 'better-sqlite3';
import type { KubeObject, ManagedFieldsEntry, ObjectKey, ResourceId } from '../api/object.ts';
import { deepFreeze } from './frozen-json.ts';

export interface ObjectTable {
  get(key: ObjectKey): KubeObject | undefined;
  list(resource: ResourceId, namespace?: string): readonly KubeObject[];
  count(resource: ResourceId, namespace?: string): number;
  /** Inserts or replaces. Answers the object as it will be read: parsed from what was written. */
  put(key: ObjectKey, object: KubeObject): KubeObject;
  managedFields(key: ObjectKey): readonly ManagedFieldsEntry[];
  setManagedFields(key: ObjectKey, entries: readonly ManagedFieldsEntry[]): void;
  remove(key: ObjectKey): void;
  /** Forgets what memory holds of a resource: after a rollback the rows are the truth. */
  forget(resources: Iterable<ResourceId>): void;
}

/** The objects of one resource by `namespace/name`. */
interface Shelf {
  readonly objects: Map<string, KubeObject>;
  /** Sorted keys; undefined after an insert or a removal. */
  order: readonly string[] | undefined;
}

// A character below every one that a name may hold: `a/x` sorts before `a-b/x`, as namespace by namespace.
const separator = '\u0000';

export function objectTable(db: Database): ObjectTable {
  const select = db.prepare<[string], { namespace: string; name: string; body: string }>(
    'SELECT namespace, name, body FROM objects WHERE resource = ?',
  );
  const upsert = db.prepare(
    'INSERT INTO objects (resource, namespace, name, body) VALUES (?, ?, ?, ?) ' +
      'ON CONFLICT (resource, namespace, name) DO UPDATE SET body = excluded.body',
  );
  const selectManaged = db.prepare<[string, string, string], { managed: string | null }>(
    'SELECT managed FROM objects WHERE resource = ? AND namespace = ? AND name = ?',
  );
  const updateManaged = db.prepare('UPDATE objects SET managed = ? WHERE resource = ? AND namespace = ? AND name = ?');
  const erase = db.prepare('DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?');
  const shelves = new Map<ResourceId, Shelf>();

  const shelf = (resource: ResourceId): Shelf => {
    const known = shelves.get(resource);
    if (known !== undefined) return known;
    const rows = select.all(resource);
    const loaded: Shelf = {
      objects: new Map(rows.map(({ namespace, name, body }) => [`${namespace}${separator}${name}`, parsed(body)])),
      order: undefined,
    };
    shelves.set(resource, loaded);
    return loaded;
  };
  const ordered = (resource: ResourceId): readonly string[] => {
    const on = shelf(resource);
    on.order ??= [...on.objects.keys()].toSorted((a, b) => (a < b ? -1 : 1));
    return on.order;
  };
  const keysOf = (resource: ResourceId, namespace: string | undefined): readonly string[] => {
    const all = ordered(resource);
    return namespace === undefined ? all : all.filter((key) => key.startsWith(namespace + separator));
  };

  return {
    get: (key) => shelf(key.resource).objects.get(place(key)),
    list(resource, namespace) {
      const { objects } = shelf(resource);
      return keysOf(resource, namespace).flatMap((key) => objects.get(key) ?? []);
    },
    count: (resource, namespace) => (namespace === undefined ? shelf(resource).objects.size : keysOf(resource, namespace).length),
    put(key, object) {
      const body = JSON.stringify(object);
      const on = shelf(key.resource);
      upsert.run(key.resource, key.namespace ?? '', key.name, body);
      const stored = parsed(body);
      if (!on.objects.has(place(key))) on.order = undefined;
      on.objects.set(place(key), stored);
      return stored;
    },
    managedFields(key) {
      const found = selectManaged.get(key.resource, key.namespace ?? '', key.name)?.managed ?? null;
      return found === null ? [] : (JSON.parse(found) as readonly ManagedFieldsEntry[]);
    },
    setManagedFields(key, entries) {
      updateManaged.run(entries.length === 0 ? null : JSON.stringify(entries), key.resource, key.namespace ?? '', key.name);
    },
    remove(key) {
      const on = shelf(key.resource);
      erase.run(key.resource, key.namespace ?? '', key.name);
      on.objects.delete(place(key));
      on.order = undefined;
    },
    forget(resources) {
      for (const resource of resources) shelves.delete(resource);
    },
  };
}

function place(key: ObjectKey): string {
  return `${key.namespace ?? ''}${separator}${key.name}`;
}

function parsed(body: string): KubeObject {
  const object: KubeObject = JSON.parse(body);
  return deepFreeze(object);
}
