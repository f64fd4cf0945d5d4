// Owns the journal of what clients changed.
// Must not be edited; a later change is a later migration.
import type { Migration } from './migration.ts';

export const revisions: Migration = {
  version: 2,
  name: 'revisions',
  up(db) {
    db.exec(`
      -- AUTOINCREMENT: a number that a client was told never means another change.
      CREATE TABLE revisions (
        id        INTEGER PRIMARY KEY AUTOINCREMENT,
        at        INTEGER NOT NULL, -- milliseconds since 1970
        manager   TEXT NOT NULL,
        operation TEXT NOT NULL,
        resource  TEXT NOT NULL,
        namespace TEXT NOT NULL, -- '' for cluster-scoped kinds
        name      TEXT NOT NULL,
        uid       TEXT NOT NULL,
        before    TEXT, -- the definition as JSON; NULL before a creation
        after     TEXT, -- NULL after a deletion
        undoes    INTEGER
      ) STRICT;

      CREATE INDEX revisions_by_object ON revisions (resource, namespace, name, id);
    `);
  },
};
