// Owns the byte channel: what a serial or VNC console is, whoever carries it (socket, WebSocket, MessagePort).
// Must not know any carrier.

/**
 * A two-way stream of bytes with back-pressure in both directions.
 * Nothing is delivered before `onData` is set. A chunk changes hands: whoever gave it to `write`, or to a listener,
 * never touches it again, so that bytes go through without being copied.
 */
export interface ByteChannel {
  /** Sends bytes. False means: wait for `onDrain` before sending more. */
  write(chunk: Uint8Array): boolean;
  onData(listener: ChunkListener): void;
  onDrain(listener: () => void): void;
  /** Called once, with the reason in words when it did not end normally. */
  onClose(listener: (reason?: string) => void): void;
  /** Stop and go of delivery to `onData`; the other side feels it as back-pressure. */
  pause(): void;
  resume(): void;
  close(reason?: string): void;
}

/**
 * A listener that is through with a chunk when it returns says `done`: its memory may be read into again, which spares the
 * garbage collector 64 KiB a chunk. Any other answer leaves the chunk to the listener for good.
 */
export type ChunkListener = (chunk: Uint8Array) => 'done' | void;
