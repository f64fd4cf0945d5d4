// Owns two ends of a byte channel joined in memory, with back-pressure.
// Must not know what is said on it.
import type { ByteChannel } from '../../electron/api/channel.ts';

/** A writer hears "wait" when this much lies unread at the other end. */
const highWaterBytes = 64 * 1024;

/** What one end writes, the other hears, one turn later. */
export function channelPair(): readonly [ByteChannel, ByteChannel] {
  const there = pipe();
  const back = pipe();
  return [end(there, back), end(back, there)];
}

function end(outgoing: Pipe, incoming: Pipe): ByteChannel {
  return {
    write: (chunk) => outgoing.write(chunk),
    onData: (listener) => incoming.onData(listener),
    onDrain: (listener) => outgoing.onDrain(listener),
    onClose: (listener) => incoming.onClose(listener),
    pause: () => incoming.pause(),
    resume: () => incoming.resume(),
    close(reason) {
      incoming.abandon();
      outgoing.end(reason);
    },
  };
}

interface Pipe {
  write(chunk: Uint8Array): boolean;
  end(reason: string | undefined): void;
  /** The reader left: its close listener hears at once, unread bytes are gone. */
  abandon(): void;
  onData(listener: (chunk: Uint8Array) => void): void;
  onDrain(listener: () => void): void;
  onClose(listener: (reason?: string) => void): void;
  pause(): void;
  resume(): void;
}

function pipe(): Pipe {
  const unread: Uint8Array[] = [];
  let unreadBytes = 0;
  let paused = false;
  let writerWaits = false;
  let ended: { readonly reason: string | undefined } | undefined;
  let closeTold = false;
  let onData: ((chunk: Uint8Array) => void) | undefined;
  let onDrain: (() => void) | undefined;
  let onClose: ((reason?: string) => void) | undefined;

  const pump = (): void => {
    // One chunk a turn: the listener may pause in between.
    const chunk = paused || onData === undefined ? undefined : unread.shift();
    if (chunk !== undefined) {
      unreadBytes -= chunk.length;
      onData?.(chunk);
      later();
    }
    if (writerWaits && unreadBytes < highWaterBytes) {
      writerWaits = false;
      onDrain?.();
    }
    if (ended !== undefined && unread.length === 0 && !closeTold && onClose !== undefined) {
      closeTold = true;
      onClose(ended.reason);
    }
  };
  const later = (): void => queueMicrotask(pump);

  return {
    write(chunk) {
      if (ended !== undefined) return true;
      unread.push(chunk.slice());
      unreadBytes += chunk.length;
      writerWaits = unreadBytes >= highWaterBytes;
      later();
      return !writerWaits;
    },
    end(reason) {
      ended ??= { reason };
      later();
    },
    abandon() {
      ended ??= { reason: undefined };
      unread.length = 0;
      unreadBytes = 0;
      later();
    },
    onData(listener) {
      onData = listener;
      later();
    },
    onDrain(listener) {
      onDrain = listener;
    },
    onClose(listener) {
      onClose = listener;
      later();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      later();
    },
  };
}
