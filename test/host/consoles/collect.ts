// Owns reading a byte channel to compare what came with what was sent.
// Must not judge.
import type { ByteChannel } from '../../../electron/api/channel.ts';

export interface Collected {
  readonly text: () => string;
  readonly bytes: () => Buffer;
  readonly length: () => number;
  readonly closed: Promise<string | undefined>;
}

/** Chunks are copied: a channel may use its buffer again. */
export function collect(channel: ByteChannel): Collected {
  const chunks: Buffer[] = [];
  let length = 0;
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  channel.onClose((reason) => resolve(reason));
  channel.onData((chunk) => {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
  });
  return { text: () => Buffer.concat(chunks).toString(), bytes: () => Buffer.concat(chunks), length: () => length, closed: promise };
}
