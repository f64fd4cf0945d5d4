// Owns the first schema: objects as JSON documents and the feed of their changes.
// Must not be edited; a later change is a later migration.
import type { Migration } from './migration.ts';

export const objects: Migration = {
  version: 1,
  name: 'objects',
  up(db) {
    db.exec(`
      CREATE TABLE objects (
        id        INTEGER PRIMARY KEY,
        resource  TEXT NOT NULL,
        namespace TEXT NOT NULL, -- '' for cluster-scoped kinds
        name      TEXT NOT NULL,
        body      TEXT NOT NULL, -- the whole object as JSON
        UNIQUE (resource, namespace, name)
      ) STRICT;

      -- AUTOINCREMENT: sqlite_sequence remembers the last version when the rows are compacted away.
      CREATE TABLE changes (
        resource_version INTEGER PRIMARY KEY AUTOINCREMENT,
        type             TEXT NOT NULL CHECK (type IN ('ADDED', 'MODIFIED', 'DELETED')),
        resource         TEXT NOT NULL,
        body             TEXT NOT NULL,
        previous         TEXT
      ) STRICT;
    `);
  },
};
