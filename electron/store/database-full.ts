// Owns saying that the database cannot grow: where, how much is free, what to do.
// Must not free anything; SQLite has taken the transaction back already.
import Database from 'better-sqlite3';
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../api/errors.ts';

/** ENOSPC, a quota, a limit of file sizes: SQLite tells the first as FULL, the others as a failed write. */
const codes = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_TRUNCATE', 'SQLITE_IOERR_SHMSIZE'];

/** The error as it is said to people, or the same error when it is another one. */
export function withFullExplained(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError) || !codes.includes(error.code)) return error;
  const folder = dirname(path);
  const message = `Nothing was changed: ${path} cannot grow. Its file system has ${freeMiB(folder)} MiB left.`;
  const fix = `Free some space where ${folder} is, then try again.`;
  return new AppError('DiskFull', message, { causes: [{ reason: 'DatabaseFull', field: '', message, fix }], cause: error });
}

function freeMiB(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return Math.floor((bavail * bsize) / 2 ** 20);
}
