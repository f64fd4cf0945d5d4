// Owns the shape of a migration.
// Must not change once released: databases out there were made by these.
import type { Database } from 'better-sqlite3';

export interface Migration {
  /** One more than the one before. Written to `PRAGMA user_version`. */
  readonly version: number;
  readonly name: string;
  /** Runs inside a transaction together with the change of the version. */
  readonly up: (db: Database) => void;
}
