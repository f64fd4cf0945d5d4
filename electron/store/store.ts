// Owns the store: objects with one global version, transactions, and telling of changes after the commit.
// Must not know what a kind means; rules and generations are the engine's.
import Database from 'better-sqlite3';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../api/errors.ts';
import type { KubeObject, ObjectKey, ResourceId } from '../api/object.ts';
import type { Change, Store, StoreReader, StoreWriter } from '../engine/ports.ts';
import { withFullExplained } from './database-full.ts';
import { changeFeed } from './change-feed.ts';
import { sameJson } from './frozen-json.ts';
import { migrate } from './migrate.ts';
import { objectTable } from './object-table.ts';
import { type RevisionLimits, revisionTable } from './revision-table.ts';

export interface StoreOptions {
  readonly path: string;
  /** How many changes the feed keeps at least; older versions are `expired`. */
  readonly feedLength?: number;
  /** What the journal keeps at most; the oldest lines go first. */
  readonly revisionLimits?: RevisionLimits;
}

// A watcher that lost its connection comes back within seconds; 5,000 changes are hours of ordinary use and some 40 MB.
const defaultFeedLength = 5_000;
// Months of ordinary use. A line is two definitions of some 4 KB each; manifests may have megabytes.
const defaultRevisionLimits: RevisionLimits = { rows: 1_000, bytes: 32 * 1024 * 1024 };

/**
 * Opens or makes the database. One process at a time: see data-lock.ts.
 * Objects handed out are frozen. Throws SchemaNewer, or Internal when the file is not a database of ours.
 */
export function openStore({ path, feedLength = defaultFeedLength, revisionLimits = defaultRevisionLimits }: StoreOptions): Store {
  const db = openDatabase(path);
  const table = objectTable(db);
  const feed = changeFeed(db, feedLength);
  const journal = revisionTable(db, revisionLimits);
  const listeners = new Set<(changes: readonly Change[]) => void>();
  const undelivered: (readonly Change[])[] = [];
  let delivering = false;
  /** Changes of the transaction under way. */
  let pending: Change[] | undefined;

  const reader: StoreReader = {
    get: (key) => table.get(key),
    list: (resource, namespace) => table.list(resource, namespace),
    count: (resource, namespace) => table.count(resource, namespace),
    resourceVersion: () => feed.current(),
    revision: (id) => journal.get(id),
    revisions: (query) => journal.list(query),
    revisionMarks: (key) => journal.marks(key),
    managedFields: (key) => table.managedFields(key),
  };

  const write = (change: Pick<Change, 'type' | 'resource' | 'previous'>, object: KubeObject): KubeObject => {
    const resourceVersion = feed.current() + 1;
    const versioned: KubeObject = { ...object, metadata: { ...object.metadata, resourceVersion: String(resourceVersion) } };
    const key = keyOf(change.resource, versioned);
    const stored = change.type === 'DELETED' ? versioned : table.put(key, versioned);
    if (change.type === 'DELETED') table.remove(key);
    const told: Change = { ...change, object: stored, resourceVersion };
    feed.append(told);
    pending?.push(told);
    return stored;
  };
  const existing = (key: ObjectKey): KubeObject => {
    const object = table.get(key);
    if (object === undefined) throw new AppError('NotFound', `${key.resource} "${key.name}" not found`);
    return object;
  };
  const writer: StoreWriter = {
    ...reader,
    insert(resource, object) {
      const key = keyOf(resource, object);
      if (table.get(key) !== undefined) throw new AppError('AlreadyExists', `${resource} "${key.name}" already exists`);
      return write({ type: 'ADDED', resource }, object);
    },
    replace(resource, object, expected) {
      const key = keyOf(resource, object);
      const previous = existing(key);
      if (expected !== undefined && expected !== previous.metadata.resourceVersion) {
        throw new AppError(
          'Conflict',
          `Operation cannot be fulfilled on ${resource} "${key.name}": ` +
            'the object has been modified; please apply your changes to the latest version and try again',
        );
      }
      if (sameJson(previous, { ...object, metadata: { ...object.metadata, resourceVersion: previous.metadata.resourceVersion } })) {
        return previous;
      }
      return write({ type: 'MODIFIED', resource, previous }, object);
    },
    setManagedFields: (key, entries) => table.setManagedFields(key, entries),
    remove(key) {
      const previous = existing(key);
      return write({ type: 'DELETED', resource: key.resource, previous }, previous);
    },
    addRevision: (revision) => journal.add(revision),
  };

  const deliver = (): void => {
    // A listener may write: its changes wait their turn, so that everyone hears everything in order.
    if (delivering) return;
    delivering = true;
    const failures: unknown[] = [];
    for (let changes = undelivered.shift(); changes !== undefined; changes = undelivered.shift()) {
      for (const listener of listeners) {
        try {
          listener(changes);
        } catch (error) {
          failures.push(error);
        }
      }
    }
    delivering = false;
    if (failures.length > 0) throw new AggregateError(failures, 'A listener of the store failed after the commit.');
  };

  /** A nested transaction is a savepoint: when it fails, its own writes are gone and no others. */
  const attempt = <T>(work: (tx: StoreWriter) => T, changes: Change[]): T => {
    const before = changes.length;
    try {
      return db.transaction(() => work(writer)).immediate();
    } catch (error) {
      table.forget(new Set(changes.splice(before).map(({ resource }) => resource)));
      feed.reload();
      throw error;
    }
  };
  const outermost = <T>(work: (tx: StoreWriter) => T): T => {
    const changes: Change[] = [];
    pending = changes;
    let result: T;
    try {
      result = attempt(work, changes);
    } catch (error) {
      throw withFullExplained(error, path);
    } finally {
      pending = undefined;
    }
    if (changes.length > 0) {
      undelivered.push(changes);
      deliver();
      feed.compact();
    }
    return result;
  };

  return {
    ...reader,
    transaction: (work) => (pending === undefined ? outermost(work) : attempt(work, pending)),
    changesSince: (resourceVersion, resource) => feed.since(resourceVersion, resource),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => void db.close(),
  };
}

function keyOf(resource: ResourceId, { metadata: { namespace, name } }: KubeObject): ObjectKey {
  return namespace === undefined ? { resource, name } : { resource, namespace, name };
}

function openDatabase(path: string): Database.Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // It holds Secrets. SQLite gives its -wal and -shm files the mode of the database.
  closeSync(openSync(path, 'a', 0o600));
  const db = new Database(path);
  try {
    migrate(db);
    db.pragma('journal_mode = WAL');
    // With WAL this survives a crash of the process without loss; a power cut may lose the last commits, never the database.
    db.pragma('synchronous = NORMAL');
    return db;
  } catch (error) {
    db.close();
    const explained = withFullExplained(error, path);
    if (explained instanceof AppError) throw explained;
    throw new AppError('Internal', `${path} cannot be opened as a Virtdeck database. Move it away to begin with an empty one.`, {
      cause: error,
    });
  }
}
