// Owns sending a large request body over a message port, no faster than the other end takes it.
// Must not read the file whole.
import { frameWindowBytes } from '../../electron/api/frames.ts';
import type { Exchange } from './exchange.ts';

/** Rejects when the file cannot be read; the frames after it are then missing their `end`. */
export async function sendBlob(line: Exchange, blob: Blob, acks: { listener: (bytes: number) => void }): Promise<void> {
  let unacknowledged = 0;
  let wake: (() => void) | undefined;
  acks.listener = (bytes) => {
    unacknowledged -= bytes;
    wake?.();
  };
  for await (const data of blob.stream()) {
    while (unacknowledged >= frameWindowBytes) await new Promise<void>((awake) => (wake = awake));
    unacknowledged += data.byteLength;
    line.post({ type: 'chunk', id: line.id, data });
  }
  line.post({ type: 'end', id: line.id });
}
