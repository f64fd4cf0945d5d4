// Owns one serial console: bytes to the terminal no faster than it draws, keys to the guest, a line that comes back.
// Must not know xterm.
import type { ByteChannel } from '../../../electron/api/channel.ts';
import { type ConsoleState, keepConnected, type Schedule } from './reconnect.ts';

/** The part of a terminal that is used. */
export interface SerialTerminal {
  /** `drawn` is called when the bytes were parsed. */
  write(bytes: Uint8Array, drawn: () => void): void;
  /** Empties screen and scrollback, after what was written before: the core replays everything from power-on. */
  reset(): void;
}

export interface SerialSessionOptions {
  readonly openChannel: () => ByteChannel;
  readonly terminal: SerialTerminal;
  readonly schedule: Schedule;
  readonly onState: (state: ConsoleState) => void;
}

export interface SerialSession {
  /** Typed or pasted; kept while the line asks to wait, dropped while there is none. */
  send(bytes: Uint8Array): void;
  reconnectNow(): void;
  dispose(): void;
}

/** The guest is stopped above, let go below: far more than a frame of output, far less than would make the window slow. */
export const highWaterBytes = 512 * 1024;
export const lowWaterBytes = 128 * 1024;
const silentMs = 1000;

export function startSerialSession({ openChannel, terminal, schedule, onState }: SerialSessionOptions): SerialSession {
  let send: (bytes: Uint8Array) => void = () => undefined;
  let first = true;

  const line = keepConnected({
    schedule,
    onState,
    open(attempt) {
      const channel = openChannel();
      let open = true;
      let undrawn = 0;
      let paused = false;
      const waiting: Uint8Array[] = [];
      let blocked = false;

      function flush(): void {
        blocked = false;
        while (!blocked && waiting.length > 0) blocked = !channel.write(waiting.shift()!);
      }
      function drawn(count: number): void {
        undrawn -= count;
        if (!open || !paused || undrawn > lowWaterBytes) return;
        paused = false;
        channel.resume();
      }
      if (!first) terminal.reset();
      first = false;
      let heard = false;
      function stands(): void {
        if (!heard) attempt.stands();
        heard = true;
      }
      // A silent guest sends nothing for long, and a channel does not say that it opened: not being refused is the sign.
      const cancelSign = schedule(stands, silentMs);
      channel.onData((chunk) => {
        stands();
        // A copy: the terminal parses later, and the chunk may be reused by then.
        const bytes = chunk.slice();
        undrawn += bytes.length;
        if (undrawn > highWaterBytes && !paused) {
          paused = true;
          channel.pause();
        }
        terminal.write(bytes, () => drawn(bytes.length));
      });
      channel.onDrain(flush);
      channel.onClose((reason = '') => attempt.lost(reason));
      send = (bytes) => {
        waiting.push(bytes);
        if (!blocked) flush();
      };
      return () => {
        open = false;
        cancelSign();
        send = () => undefined;
        channel.close();
      };
    },
  });

  return { send: (bytes) => send(bytes), reconnectNow: () => line.now(), dispose: () => line.dispose() };
}
