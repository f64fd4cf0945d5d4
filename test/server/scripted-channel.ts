// Owns a guest's end of a console that a test moves by hand.
// Must not decide anything.
import type { ByteChannel } from '../../electron/api/channel.ts';

export interface ScriptedChannel extends ByteChannel {
  /** What the client wrote, as it came. */
  readonly written: Uint8Array[];
  readonly paused: boolean;
  /** Undefined while open; then what it was closed with. */
  readonly closed: { readonly reason: string | undefined } | undefined;
  /** While true, `write` takes the chunk and answers "wait". */
  full: boolean;
  /** The guest prints. */
  prints(chunk: Uint8Array): void;
  /** The guest's side has room again. */
  drains(): void;
  /** The guest's side ends. */
  ends(reason?: string): void;
  /** Resolves at the next pause, write or close. */
  moved(): Promise<void>;
}

export function scriptedChannel(): ScriptedChannel {
  let onData: ((chunk: Uint8Array) => void) | undefined;
  let onDrain: (() => void) | undefined;
  let onClose: ((reason?: string) => void) | undefined;
  const early: Uint8Array[] = [];
  let waiting: (() => void)[] = [];
  let paused = false;
  let closed: ScriptedChannel['closed'];
  const move = (): void => {
    for (const wake of waiting.splice(0)) wake();
  };
  const close = (reason?: string): void => {
    if (closed !== undefined) return;
    closed = { reason };
    onClose?.(reason);
    move();
  };
  return {
    written: [],
    full: false,
    get paused() {
      return paused;
    },
    get closed() {
      return closed;
    },
    write(chunk) {
      this.written.push(Uint8Array.from(chunk));
      move();
      return !this.full;
    },
    onData(listener) {
      onData = listener;
      for (const chunk of early.splice(0)) listener(chunk);
    },
    onDrain: (listener) => (onDrain = listener),
    onClose: (listener) => (onClose = listener),
    pause() {
      paused = true;
      move();
    },
    resume() {
      paused = false;
      move();
    },
    close,
    prints(chunk) {
      if (onData === undefined) early.push(chunk);
      else onData(chunk);
    },
    drains() {
      this.full = false;
      onDrain?.();
    },
    ends: close,
    moved: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
