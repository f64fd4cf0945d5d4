// Owns bringing a database to the newest schema, and refusing one from the future.
// Must not touch a database that it refuses.
import type { Database } from 'better-sqlite3';
import { AppError } from '../api/errors.ts';
import { objects } from './migrations/0001-objects.ts';
import { revisions } from './migrations/0002-revisions.ts';
import { managedFields } from './migrations/0003-managed-fields.ts';
import type { Migration } from './migrations/migration.ts';

/** In order, without gaps. Adding one is a new file and a line here. */
export const migrations: readonly Migration[] = [objects, revisions, managedFields];

/** `upTo` is for the tests of single migrations. Throws SchemaNewer. */
export function migrate(db: Database, upTo: number = migrations.length): void {
  const version = schemaVersion(db);
  if (version > migrations.length) {
    throw new AppError(
      'SchemaNewer',
      `${db.name} was written by a newer Virtdeck (schema ${version}; this one knows ${migrations.length}). ` +
        'Nothing was changed. Install the newer version again, or choose another data folder.',
    );
  }
  for (const migration of migrations.slice(version, upTo)) {
    const step = db.transaction(() => {
      migration.up(db);
      db.pragma(`user_version = ${migration.version}`);
    });
    step.exclusive();
  }
}

export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}
