// Owns one reader of a serial console: from the log while it is behind, from the socket when it has caught up.
// Must not hold up anybody: a reader that stalls costs at most `maxQueueBytes`.
import { setTimeout as delay } from 'node:timers/promises';
import type { ByteChannel } from '../../api/channel.ts';
import type { SerialLog } from './serial-log.ts';

/** The live stream as a reader needs it. */
export interface LiveStream {
  /** Absent when the machine keeps none. */
  readonly log?: SerialLog;
  /** Bytes that came over the socket so far, with the chunk that is being fed. */
  received(): number;
  /** Log position of the first byte that came; undefined until `align` has found out. */
  origin(): number | undefined;
  align(): Promise<void>;
  /** Input for the guest. False: wait for `drained`. */
  write(chunk: Uint8Array): boolean;
  leave(reader: SerialReader): void;
  onFailure(error: unknown): void;
}

export interface SerialReader {
  readonly channel: ByteChannel;
  feed(chunk: Buffer): void;
  drained(): void;
  /** No more will come; what is there is still delivered. */
  end(reason?: string): void;
}

/** Beyond this a reader's share is dropped and read again from the log when it goes on. */
const maxQueueBytes = 1024 * 1024;
/** What a small chunk costs beside its bytes: a guest may send single characters. */
const chunkOverheadBytes = 128;
const readBytes = 256 * 1024;
/** QEMU writes to the socket first: the log may be behind it for a moment. */
const logBehindMs = 2;

export function serialReader(stream: LiveStream, replay: boolean): SerialReader {
  const { log } = stream;
  let mode: 'live' | 'log' = replay && log !== undefined ? 'log' : 'live';
  /** In mode log: position of the next byte; unknown after a lag until the stream is aligned, then `mark` (counted as received) tells. */
  let at: number | undefined = 0;
  let mark = 0;
  /** In mode live: bytes to come that the log has already shown. */
  let skip = 0;
  let queue: Buffer[] = [];
  let queuedBytes = 0;
  let dropped = 0;
  let paused = false;
  let pumping = false;
  let closed = false;
  let ending: { readonly reason: string | undefined } | undefined;
  let listener: ((chunk: Uint8Array) => void) | undefined;
  const drainListeners: (() => void)[] = [];
  const closeListeners: ((reason?: string) => void)[] = [];
  let closeReason: string | undefined;

  const canDeliver = (): boolean => !paused && !closed && listener !== undefined;

  const finish = (reason?: string): void => {
    if (closed) return;
    closed = true;
    closeReason = reason;
    queue = [];
    stream.leave(reader);
    for (const each of closeListeners.splice(0)) each(reason);
  };

  const flush = (): void => {
    if (dropped > 0 && canDeliver()) {
      listener?.(lostMarker(dropped));
      dropped = 0;
    }
    while (queue.length > 0 && canDeliver()) {
      const chunk = queue.shift() ?? Buffer.alloc(0);
      queuedBytes -= chunk.length;
      listener?.(chunk);
    }
    if (ending !== undefined && queue.length === 0 && canDeliver()) finish(ending.reason);
  };

  const overflow = (): void => {
    if (log === undefined) {
      while (queue.length * chunkOverheadBytes + queuedBytes > maxQueueBytes) {
        const chunk = queue.shift() ?? Buffer.alloc(0);
        queuedBytes -= chunk.length;
        dropped += chunk.length;
      }
      return;
    }
    mode = 'log';
    at = undefined;
    mark = stream.received() - queuedBytes;
    queue = [];
    queuedBytes = 0;
  };

  /** From the log to the live stream, when the next byte of both is the same or the log is ahead. No await may come in between. */
  const caughtUp = (position: number): boolean => {
    const origin = stream.origin();
    if (origin === undefined || position < origin + stream.received()) return false;
    mode = 'live';
    skip = position - (origin + stream.received());
    return true;
  };

  const pump = async (source: SerialLog): Promise<void> => {
    while (mode === 'log' && canDeliver()) {
      if (at === undefined) {
        await stream.align();
        at = (stream.origin() ?? 0) + mark;
      }
      const { from, bytes } = await source.read(at, readBytes);
      if (!canDeliver()) return;
      if (from > at) listener?.(lostMarker(from - at));
      at = from + bytes.length;
      if (bytes.length > 0) listener?.(bytes);
      if (caughtUp(at) || bytes.length > 0) continue;
      if (ending !== undefined) return finish(ending.reason);
      if (stream.origin() === undefined) await stream.align();
      if (!caughtUp(at)) await delay(logBehindMs);
    }
  };

  const goOn = (): void => {
    if (mode === 'live') return flush();
    if (pumping || log === undefined) return;
    pumping = true;
    pump(log)
      .catch((error: unknown) => {
        stream.onFailure(error);
        finish('The log of the console cannot be read.');
      })
      .finally(() => {
        pumping = false;
        // Paused and resumed, or caught up and fed, while the pump was on its way out.
        if (canDeliver()) goOn();
      });
  };

  const reader: SerialReader = {
    feed: (chunk) => {
      if (closed || mode === 'log') return;
      const rest = skip === 0 ? chunk : chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - rest.length;
      if (rest.length === 0) return;
      if (queue.length === 0 && canDeliver()) {
        listener?.(rest);
        return;
      }
      queue.push(rest);
      queuedBytes += rest.length;
      if (queue.length * chunkOverheadBytes + queuedBytes > maxQueueBytes) overflow();
    },
    drained: () => drainListeners.forEach((each) => each()),
    end: (reason) => {
      ending = { reason };
      goOn();
    },
    channel: {
      write: (chunk) => closed || stream.write(chunk),
      onData: (deliver) => {
        listener = deliver;
        goOn();
      },
      onDrain: (each) => void drainListeners.push(each),
      onClose: (each) => {
        if (closed) each(closeReason);
        else closeListeners.push(each);
      },
      pause: () => {
        paused = true;
      },
      resume: () => {
        paused = false;
        goOn();
      },
      close: (reason) => finish(reason),
    },
  };
  return reader;
}

function lostMarker(bytes: number): Uint8Array {
  return Buffer.from(`\r\n[${bytes} bytes are no longer kept]\r\n`);
}
