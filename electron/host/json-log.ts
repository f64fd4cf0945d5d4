// Owns the core's log: one JSON object a line, in a file of limited size under the data folder.
// Must not print: standard output belongs to the entries.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '../api/object.ts';
import type { Clock, Log } from '../engine/ports.ts';
import { errnoOf } from './errno.ts';

/** Two files of at most this size are kept: `core.log` and `core.log.1`. */
const capBytes = 4 * 1024 * 1024;

export interface JsonLogOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  /** For tests. */
  readonly capBytes?: number;
}

/**
 * Lines are written at once and synchronously: they are few, and the last one before a crash is the one that is needed.
 * A full disk must not end the core, which is busy saying so elsewhere: lines are lost then.
 */
export function createJsonLog({ dataDir, clock, capBytes: cap = capBytes }: JsonLogOptions): Log {
  const directory = path.join(dataDir, 'log');
  const file = path.join(directory, 'core.log');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  let size = sizeOf(file);
  const write = (level: string, message: string, fields: JsonObject = {}): void => {
    const line = `${JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message, ...fields })}\n`;
    try {
      if (size > 0 && size + line.length > cap) {
        renameSync(file, `${file}.1`);
        size = 0;
      }
      appendFileSync(file, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT', 'EROFS', 'ENOENT'].includes(errnoOf(error) ?? '')) throw error;
    }
  };
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0;
    throw error;
  }
}
