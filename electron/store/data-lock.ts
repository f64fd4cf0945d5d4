// Owns that one core at a time works on a data folder, and whose turn it is.
// Must not trust a pid file: the kernel holds the lock and drops it with the process, however that ends.
import Database from 'better-sqlite3';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../api/errors.ts';

export interface Holder {
  readonly pid: number;
  /** What the user knows it by, such as `virtdeck serve`. */
  readonly name: string;
  /** Where it listens. */
  readonly socket?: string;
  /** RFC 3339. */
  readonly startedAt: string;
}

export interface DataLock {
  /** Adds what was not known when the lock was taken, such as the socket. */
  describe(holder: Holder): void;
  release(): void;
}

// Readers take the lock for an instant to see whether it is held; this outlasts them.
const patienceMs = 250;

/** Held until release() or the end of the process, also by kill -9. Throws DataLocked, naming the holder. */
export function acquireDataLock(dataDir: string, holder: Holder): DataLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = openLockFile(dataDir);
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw new AppError('DataLocked', lockedMessage(dataDir, describedHolder(dataDir)), { cause: error });
  }
  const describe = (described: Holder): void => writeAtomically(holderPath(dataDir), JSON.stringify(described));
  describe(holder);
  return {
    describe,
    release() {
      if (!db.open) return;
      rmSync(holderPath(dataDir), { force: true });
      db.close();
    },
  };
}

/** Who holds the folder now; undefined when nobody does. */
export function readHolder(dataDir: string): Holder | undefined {
  return isHeld(dataDir) ? describedHolder(dataDir) : undefined;
}

function isHeld(dataDir: string): boolean {
  try {
    readFileSync(holderPath(dataDir));
  } catch {
    // No description: nobody holds it, or took it this very moment and cannot answer yet.
    return false;
  }
  const db = openLockFile(dataDir, 0);
  try {
    // A shared lock, let go at once.
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') return true;
    throw error;
  } finally {
    db.close();
  }
}

function openLockFile(dataDir: string, timeout: number = patienceMs): Database.Database {
  const path = join(dataDir, 'lock.db');
  // Opened by SQLite alone from here on: closing any other descriptor of this file would drop our lock (fcntl, POSIX).
  const db = new Database(path, { timeout });
  return db;
}

function describedHolder(dataDir: string): Holder | undefined {
  try {
    const holder: Holder = JSON.parse(readFileSync(holderPath(dataDir), 'utf8'));
    return holder;
  } catch {
    // Being written for the first time, or removed: the lock itself is the truth, the description a courtesy.
    return undefined;
  }
}

function lockedMessage(dataDir: string, holder: Holder | undefined): string {
  const who = holder === undefined ? 'another Virtdeck process' : `${holder.name} (pid ${holder.pid}, since ${holder.startedAt})`;
  return `The data folder ${dataDir} is in use by ${who}. Use that one, end it, or choose another folder with --data.`;
}

function holderPath(dataDir: string): string {
  return join(dataDir, 'holder.json');
}

function writeAtomically(path: string, text: string): void {
  const half = `${path}.new`;
  writeFileSync(half, text, { mode: 0o600 });
  renameSync(half, path);
}
