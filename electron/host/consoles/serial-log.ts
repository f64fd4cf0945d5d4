// Owns the serial log as one sequence of bytes from power-on, over the file that QEMU appends to and the one rotated away.
// Must not touch QEMU's socket. Positions count from the first byte of the run that is still known.
import { copyFile, open, rename, rm, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { errnoOf } from '../errno.ts';

/** Two files of at most this size are kept: more than an hour of a guest that prints without pause at 115200 baud. */
export const serialLogCapBytes = 16 * 1024 * 1024;

export interface LogRead {
  /** Where the bytes begin: the position asked for, or a later one when that is no longer kept. */
  readonly from: number;
  /** Empty at the end of what is written so far. The buffer is fresh. */
  readonly bytes: Uint8Array;
}

export interface SerialLog {
  read(position: number, maxBytes: number): Promise<LogRead>;
  /** Position after the last byte written. */
  end(): Promise<number>;
  /** Puts the file away as `.1` when it has outgrown the cap. Returns the size of QEMU's file afterwards. */
  rotate(): Promise<number>;
  /** The last bytes of the file that QEMU writes. */
  tail(maxBytes: number): Promise<LogRead>;
}

export function rotatedLog(file: string): string {
  return `${file}.1`;
}

/** The log of the run before, for who wants to know why the machine came up again. */
export function previousLog(file: string): string {
  return `${file}.previous`;
}

/** At power-on: the log begins anew, the one before is kept. QEMU opens its log with O_APPEND and would go on where it ended. */
export async function beginSerialLog(file: string): Promise<void> {
  await rm(rotatedLog(file), { force: true });
  await rename(file, previousLog(file)).catch((error: unknown) => {
    if (errnoOf(error) !== 'ENOENT') throw error;
  });
}

export async function openSerialLog(file: string, capBytes = serialLogCapBytes): Promise<SerialLog> {
  // Reads and rotations take turns: a position must not change its file between being looked up and being read.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  /** First position in `.1`, and in the file that QEMU writes. */
  let rotatedFrom = 0;
  let currentFrom = await sizeOf(rotatedLog(file));
  return {
    read: (position, maxBytes) =>
      inTurn(async () => {
        const from = Math.max(position, rotatedFrom);
        const bytes =
          from < currentFrom
            ? await readAt(rotatedLog(file), from - rotatedFrom, maxBytes)
            : await readAt(file, from - currentFrom, maxBytes);
        return { from, bytes };
      }),
    end: () => inTurn(async () => currentFrom + (await sizeOf(file))),
    rotate: () =>
      inTurn(async () => {
        const size = await sizeOf(file);
        if (size <= capBytes) return size;
        const kept = await putAway(file);
        rotatedFrom = currentFrom;
        currentFrom += kept;
        return 0;
      }),
    tail: (maxBytes) =>
      inTurn(async () => {
        const offset = Math.max(0, (await sizeOf(file)) - maxBytes);
        return { from: currentFrom + offset, bytes: await readAt(file, offset, maxBytes) };
      }),
  };
}

/**
 * QEMU holds the file open, so it cannot be renamed away; it appends (O_APPEND), so after a truncation from outside it goes on
 * at the new end. Bytes written between the last look and the truncation, some microseconds, are missing from the log; live
 * readers get them. Returns how many bytes were put away.
 */
async function putAway(file: string): Promise<number> {
  const target = rotatedLog(file);
  await copyFile(file, target);
  let kept = await sizeOf(target);
  for (;;) {
    const rest = await readAt(file, kept, 1024 * 1024);
    if (rest.length === 0) break;
    await appendTo(target, rest);
    kept += rest.length;
  }
  await truncate(file, 0);
  return kept;
}

async function appendTo(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.write(bytes);
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  return await withFile(file, 0, async (handle) => (await handle.stat()).size);
}

async function readAt(file: string, offset: number, maxBytes: number): Promise<Uint8Array> {
  return await withFile(file, new Uint8Array(0), async (handle) => {
    const length = Math.min(maxBytes, Math.max(0, (await handle.stat()).size - offset));
    if (length === 0) return new Uint8Array(0);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  });
}

/** A log that is not there is an empty one: the machine was removed, or has printed nothing. */
async function withFile<T>(file: string, absent: T, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return absent;
    throw error;
  }
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}
