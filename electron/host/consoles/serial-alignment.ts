// Owns finding out which position of the serial log the bytes of the live socket have, when we joined a guest that was running.
// Must not stop the guest for it.
import { setTimeout as delay } from 'node:timers/promises';
import type { SerialLog } from './serial-log.ts';

/** What came over the socket since it was connected. */
export interface LiveBytes {
  readonly count: number;
  /** The last of them. */
  readonly tail: Buffer;
}

/** As much as is kept of the live bytes while the alignment is unknown. */
const liveTailBytes = 64 * 1024;
/** How far the log may be ahead of what we have read from the socket: its buffer, and what QEMU holds. */
const searchedBytes = 4 * 1024 * 1024;
const shortNeedleBytes = 4 * 1024;
const quietMs = 10;
const quietLooks = 3;
const maxLooks = 200;

/**
 * Position in the log of the first byte that came over the socket. QEMU writes each piece to the socket and then to the log, so
 * while the guest is quiet both have the same end; a guest that never is betrays the place by what it prints. Text that repeats
 * itself exactly may be placed one repetition off.
 */
export async function alignLog(log: SerialLog, live: () => LiveBytes): Promise<number> {
  let before = { end: -1, count: -1 };
  let quiet = 0;
  for (let look = 0; look < maxLooks; look += 1) {
    const now = { end: await log.end(), count: live().count };
    quiet = now.end === before.end && now.count === before.count ? quiet + 1 : 0;
    if (quiet === quietLooks) return now.end - now.count;
    before = now;
    const found = quiet === 0 && now.count > 0 ? await findInLog(log, live()) : undefined;
    if (found !== undefined) return found;
    await delay(quietMs);
  }
  return (await log.end()) - live().count;
}

async function findInLog(log: SerialLog, { count, tail }: LiveBytes): Promise<number | undefined> {
  const { from, bytes } = await log.tail(searchedBytes);
  const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const needle of [tail.subarray(-shortNeedleBytes), tail]) {
    if (needle.length < shortNeedleBytes) continue;
    const first = haystack.indexOf(needle);
    // Repeated within what was searched: look again with more of it, or later.
    if (first >= 0 && first === haystack.lastIndexOf(needle)) return from + first + needle.length - count;
  }
  return undefined;
}

export interface LiveTail {
  push(chunk: Buffer): void;
  bytes(): Buffer;
}

/** A ring of the last bytes: a guest that prints single characters must not cost a copy of all of them for each. */
export function liveTail(): LiveTail {
  const ring = Buffer.alloc(liveTailBytes);
  let written = 0;
  return {
    push: (chunk) => {
      const last = chunk.subarray(-liveTailBytes);
      const at = (written + chunk.length - last.length) % liveTailBytes;
      const first = last.copy(ring, at);
      last.copy(ring, 0, first);
      written += chunk.length;
    },
    bytes: () => {
      const at = written % liveTailBytes;
      return written < liveTailBytes ? Buffer.from(ring.subarray(0, written)) : Buffer.concat([ring.subarray(at), ring.subarray(0, at)]);
    },
  };
}
