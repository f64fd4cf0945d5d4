// Owns the feed of changes on disk: numbering, reading back, and forgetting the oldest.
// Must not deliver; store.ts does, after the commit.
import type { Database } from 'better-sqlite3';
import type { KubeObject, ResourceId } from '../api/object.ts';
import type { Change } from '../engine/ports.ts';
import { deepFreeze } from './frozen-json.ts';

export interface ChangeFeed {
  /** The version of the last change. */
  current(): number;
  append(change: Change): void;
  /** Of all resources, or of one. */
  since(resourceVersion: number, resource?: ResourceId): readonly Change[] | 'expired';
  /** Drops what is beyond the window. Cheap to call after every commit. */
  compact(): void;
  /** Reads the counters again: after a rollback the rows are the truth. */
  reload(): void;
}

interface Row {
  readonly resource_version: number;
  readonly type: Change['type'];
  readonly resource: ResourceId;
  readonly body: string;
  readonly previous: string | null;
}

export function changeFeed(db: Database, windowLength: number): ChangeFeed {
  const insert = db.prepare('INSERT INTO changes (resource_version, type, resource, body, previous) VALUES (?, ?, ?, ?, ?)');
  const select = db.prepare<[number], Row>('SELECT * FROM changes WHERE resource_version > ? ORDER BY resource_version');
  const selectOf = db.prepare<[number, ResourceId], Row>(
    'SELECT * FROM changes WHERE resource_version > ? AND resource = ? ORDER BY resource_version',
  );
  const erase = db.prepare('DELETE FROM changes WHERE resource_version <= ?');
  const last = db.prepare<[], { seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'changes'`);
  const first = db.prepare<[], { version: number | null }>('SELECT min(resource_version) AS version FROM changes');
  // Deleting in lots: one row at every commit would double the writes.
  const slack = Math.ceil(windowLength / 10);

  let current = 0;
  /** Changes after this version are here. */
  let floor = 0;
  const reload = (): void => {
    current = last.get()?.seq ?? 0;
    floor = (first.get()?.version ?? current + 1) - 1;
  };
  reload();

  return {
    current: () => current,
    append({ resourceVersion, type, resource, object, previous }) {
      insert.run(resourceVersion, type, resource, JSON.stringify(object), previous === undefined ? null : JSON.stringify(previous));
      current = resourceVersion;
    },
    since(resourceVersion, resource) {
      // A version from the future is another database's: its owner must list again, too.
      if (resourceVersion < floor || resourceVersion > current) return 'expired';
      if (resourceVersion === current) return [];
      const rows = resource === undefined ? select.all(resourceVersion) : selectOf.all(resourceVersion, resource);
      return rows.map(changeOf);
    },
    compact() {
      if (current - floor <= windowLength + slack) return;
      floor = current - windowLength;
      erase.run(floor);
    },
    reload,
  };
}

function changeOf(row: Row): Change {
  const change = { type: row.type, resource: row.resource, object: parsed(row.body), resourceVersion: row.resource_version };
  return row.previous === null ? change : { ...change, previous: parsed(row.previous) };
}

function parsed(body: string): KubeObject {
  const object: KubeObject = JSON.parse(body);
  return deepFreeze(object);
}
