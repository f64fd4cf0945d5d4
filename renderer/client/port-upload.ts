// Owns sending a large request body over a message port, no faster than the other end takes it.
// Must not read the file whole.
import { frameWindowBytes } from '../../electron/api/frames.ts';
import type { Exchange } from './exchange.ts';

/** A file's own stream cuts pieces as it likes, some larger than the window. */
const pieceBytes = frameWindowBytes / 4;

/** Rejects when the file cannot be read; the frames after it are then missing their `end`. */
export async function sendBlob(line: Exchange, blob: Blob, acks: { listener: (bytes: number) => void }): Promise<void> {
  let unacknowledged = 0;
  let wake: (() => void) | undefined;
  acks.listener = (bytes) => {
    unacknowledged -= bytes;
    wake?.();
  };
  for (let start = 0; start < blob.size; start += pieceBytes) {
    while (unacknowledged >= frameWindowBytes) await new Promise<void>((awake) => (wake = awake));
    const data = new Uint8Array(await blob.slice(start, start + pieceBytes).arrayBuffer());
    unacknowledged += data.byteLength;
    line.post({ type: 'chunk', id: line.id, data });
  }
  line.post({ type: 'end', id: line.id });
}
