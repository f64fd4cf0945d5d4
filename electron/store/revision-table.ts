// Owns the journal on disk: writing a line, reading lines, forgetting the oldest.
// Must not decide what is worth a line; the engine does.
import type { Database } from 'better-sqlite3';
import type { DraftObject, ObjectKey } from '../api/object.ts';
import type { RevisionOperation, RevisionQuery } from '../api/revision.ts';
import type { RevisionMark, StoredRevision } from '../engine/ports.ts';
import { deepFreeze } from './frozen-json.ts';

export interface RevisionTable {
  add(revision: Omit<StoredRevision, 'id'>): void;
  get(id: number): StoredRevision | undefined;
  /** Newest first. */
  list(query: RevisionQuery & { readonly after?: number }): readonly StoredRevision[];
  /** Oldest first. */
  marks(key: ObjectKey): readonly RevisionMark[];
}

export interface RevisionLimits {
  readonly rows: number;
  readonly bytes: number;
}

interface Row {
  readonly id: number;
  readonly at: number;
  readonly manager: string;
  readonly operation: RevisionOperation;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly undoes: number | null;
}

export function revisionTable(db: Database, limits: RevisionLimits): RevisionTable {
  const insert = db.prepare(
    'INSERT INTO revisions (at, manager, operation, resource, namespace, name, uid, before, after, undoes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const select = db.prepare<[number], Row>('SELECT * FROM revisions WHERE id = ?');
  const query = db.prepare<[Readonly<Record<string, string | number | null>>], Row>(
    `SELECT * FROM revisions WHERE (:resource IS NULL OR resource = :resource) AND (:namespace IS NULL OR namespace = :namespace)
     AND (:name IS NULL OR name = :name) AND id < :before AND id > :after ORDER BY id DESC LIMIT :limit`,
  );
  const marks = db.prepare<[string, string, string], Omit<Row, 'before' | 'after'>>(
    'SELECT id, at, manager, undoes FROM revisions WHERE resource = ? AND namespace = ? AND name = ? ORDER BY id',
  );
  // The newest line always stays, however large it is.
  const forget = db.prepare(
    `DELETE FROM revisions WHERE id <= (
       SELECT max(id) FROM (
         SELECT id, row_number() OVER newest AS place, sum(octet_length(ifnull(before, '')) + octet_length(ifnull(after, ''))) OVER newest AS held
         FROM revisions WINDOW newest AS (ORDER BY id DESC)
       ) WHERE place > 1 AND (place > ? OR held > ?)
     )`,
  );

  return {
    add({ at, manager, operation, key, uid, before, after, undoes }) {
      const [earlier, later] = [before, after].map((definition) => (definition === undefined ? null : JSON.stringify(definition)));
      insert.run(at, manager, operation, key.resource, key.namespace ?? '', key.name, uid, earlier, later, undoes ?? null);
      forget.run(limits.rows, limits.bytes);
    },
    get(id) {
      const row = select.get(id);
      return row === undefined ? undefined : revisionOf(row);
    },
    list({ resource = null, namespace = null, name = null, before = Number.MAX_SAFE_INTEGER, after = 0, limit = 100 }) {
      return query.all({ resource, namespace, name, before, after, limit }).map(revisionOf);
    },
    marks: ({ resource, namespace = '', name }) =>
      marks
        .all(resource, namespace, name)
        .map(({ id, at, manager, undoes }) => ({ id, at, manager, ...(undoes === null ? {} : { undoes }) })),
  };
}

function revisionOf({ id, at, manager, operation, resource, namespace, name, uid, before, after, undoes }: Row): StoredRevision {
  return {
    id,
    at,
    manager,
    operation,
    key: namespace === '' ? { resource, name } : { resource, namespace, name },
    uid,
    ...(before === null ? {} : { before: parsed(before) }),
    ...(after === null ? {} : { after: parsed(after) }),
    ...(undoes === null ? {} : { undoes }),
  };
}

function parsed(text: string): DraftObject {
  const definition: DraftObject = JSON.parse(text);
  return deepFreeze(definition);
}
