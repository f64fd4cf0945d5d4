// Owns the listening half of a byte channel: who hears of data, drain and close, and when.
// Must not know the carrier.
import type { ByteChannel, ChunkListener } from '../../electron/api/channel.ts';

export interface ChannelGate {
  readonly channel: Pick<ByteChannel, 'onData' | 'onDrain' | 'onClose' | 'pause' | 'resume'>;
  /** Resolves when somebody listens and delivery is not paused. */
  ready(): Promise<void>;
  isOpen(): boolean;
  deliver(chunk: Uint8Array): void;
  /** Notes that `write` said no, and says it. */
  blocked(): false;
  drained(): void;
  closed(reason?: string): void;
}

/** `onReady` is for carriers that push: called when `ready` turns true. */
export function channelGate(onReady: () => void = () => undefined): ChannelGate {
  let data: ChunkListener | undefined;
  let drain: (() => void) | undefined;
  let close: ((reason?: string) => void) | undefined;
  let ended: { readonly reason?: string } | undefined;
  let paused = false;
  let waitsForDrain = false;
  let waiting: (() => void)[] = [];

  const isOpen = (): boolean => data !== undefined && !paused;
  function wake(): void {
    if (!isOpen()) return;
    const callbacks = waiting;
    waiting = [];
    for (const callback of callbacks) callback();
    onReady();
  }

  return {
    channel: {
      onData(listener) {
        data = listener;
        wake();
      },
      onDrain(listener) {
        drain = listener;
      },
      onClose(listener) {
        close = listener;
        if (ended !== undefined) listener(ended.reason);
      },
      pause() {
        paused = true;
      },
      resume() {
        paused = false;
        wake();
      },
    },
    isOpen,
    ready: () => (isOpen() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    deliver: (chunk) => data?.(chunk),
    blocked() {
      waitsForDrain = true;
      return false;
    },
    drained() {
      if (!waitsForDrain) return;
      waitsForDrain = false;
      drain?.();
    },
    closed(reason) {
      if (ended !== undefined) return;
      ended = { reason };
      close?.(reason);
    },
  };
}
