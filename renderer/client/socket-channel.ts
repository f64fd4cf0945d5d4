// Owns a byte channel over a WebSocket, with back-pressure both ways.
// Must not interpret the bytes.
import type { ByteChannel } from '../../electron/api/channel.ts';
import { channelGate } from './channel-gate.ts';

/** WebSocketStream, as Chromium has it since 124; TypeScript's DOM library does not know it yet. */
interface WebSocketStream {
  readonly opened: Promise<{
    readonly readable: ReadableStream<Uint8Array | ArrayBuffer | string>;
    readonly writable: WritableStream<Uint8Array>;
  }>;
  readonly closed: Promise<{ readonly closeCode?: number; readonly reason?: string }>;
  close(info?: { closeCode?: number; reason?: string }): void;
}
type WebSocketStreamConstructor = new (url: string, options: { protocols: string[] }) => WebSocketStream;

/** Unsent bytes above which `write` says false. */
const writeLimitBytes = 1024 * 1024;

/**
 * A plain WebSocket cannot be paused: a stalled terminal would fill the memory of the page. WebSocketStream reads
 * only when asked, so that the pause reaches the guest.
 */
export function socketChannel(url: string, protocol: string): ByteChannel {
  const Socket = (globalThis as { WebSocketStream?: WebSocketStreamConstructor }).WebSocketStream;
  const gate = channelGate();
  if (Socket === undefined) {
    queueMicrotask(() => gate.closed('This browser has no WebSocketStream. Open Virtdeck in Chromium 124 or newer.'));
    return { ...gate.channel, write: () => true, close: () => gate.closed() };
  }
  const socket = new Socket(url, { protocols: [protocol] });
  const early: Uint8Array[] = [];
  let writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  let unsent = 0;

  function send(chunk: Uint8Array): void {
    writer?.write(chunk).then(
      () => {
        unsent -= chunk.byteLength;
        if (unsent <= writeLimitBytes / 2) gate.drained();
      },
      () => undefined, // The reading side reports why the line ended.
    );
  }

  async function run(): Promise<void> {
    // The browser tells no page why a handshake was refused.
    const { readable, writable } = await socket.opened.catch(() => {
      throw new Error('The console could not be opened.');
    });
    writer = writable.getWriter();
    for (const chunk of early.splice(0)) send(chunk);
    const reader = readable.getReader();
    for (;;) {
      await gate.ready();
      const { value, done } = await reader.read();
      if (done) break;
      gate.deliver(bytesOf(value));
    }
    const { closeCode, reason } = await socket.closed;
    gate.closed(closeCode === 1000 || closeCode === 1005 ? undefined : reason || `The line was closed (${closeCode}).`);
  }
  run().catch((error: unknown) => gate.closed(error instanceof Error ? error.message : String(error)));

  return {
    ...gate.channel,
    write(chunk) {
      unsent += chunk.byteLength;
      if (writer === undefined) early.push(chunk);
      else send(chunk);
      return unsent < writeLimitBytes ? true : gate.blocked();
    },
    close(reason) {
      socket.close({ closeCode: 1000, reason });
      gate.closed(reason);
    },
  };
}

function bytesOf(value: Uint8Array | ArrayBuffer | string): Uint8Array {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  return value instanceof Uint8Array ? value : new Uint8Array(value);
}
