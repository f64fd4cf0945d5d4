// Owns copying bytes of a file into an open file without writing its zeros: the holes stay holes.
// Must not decide where copies go or what they are called.
import { open, type FileHandle } from 'node:fs/promises';

export interface SparseCopyOptions {
  /** Where the copy begins in the target. Default 0. */
  readonly offset?: number;
  readonly onBytes?: (doneBytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Read in one go; a multiple of every file system's block. */
const chunkBytes = 1024 * 1024;
/** Holes are kept at this grain: smaller ones cost a write call each and save nothing. */
const grainBytes = 64 * 1024;
const zeros = Buffer.alloc(grainBytes);

/** The target must read as zeros where it is not written (a fresh, truncated file). Returns the bytes read. Throws on abort. */
export async function copySparse(from: string, to: FileHandle, options: SparseCopyOptions = {}): Promise<number> {
  const source = await open(from, 'r');
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let position = 0;
    for (;;) {
      options.signal?.throwIfAborted();
      const { bytesRead } = await source.read(buffer, 0, chunkBytes, position);
      if (bytesRead === 0) return position;
      await writeSparse(to, buffer.subarray(0, bytesRead), (options.offset ?? 0) + position);
      position += bytesRead;
      options.onBytes?.(position);
    }
  } finally {
    await source.close();
  }
}

/** Writes what is not zero, in runs as long as possible. */
export async function writeSparse(to: FileHandle, chunk: Buffer, offset: number): Promise<void> {
  let runStart: number | undefined;
  for (let at = 0; at < chunk.length; at += grainBytes) {
    const grain = chunk.subarray(at, at + grainBytes);
    const isHole = grain.equals(grain.length === grainBytes ? zeros : zeros.subarray(0, grain.length));
    if (!isHole) {
      runStart ??= at;
      continue;
    }
    if (runStart !== undefined) await writeAll(to, chunk.subarray(runStart, at), offset + runStart);
    runStart = undefined;
  }
  if (runStart !== undefined) await writeAll(to, chunk.subarray(runStart), offset + runStart);
}

/** write(2) may write less than asked when the disk is nearly full; the next call then says ENOSPC. */
async function writeAll(to: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await to.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
