// Owns the other end of a serial console as QEMU behaves: one client at a time, the socket first and then the log, blocked by a client that does not read.
// Must not know the console under test.
import { once } from 'node:events';
import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs';
import net from 'node:net';

/** A fast paravirtual console hands over about this much at once. */
const pieceBytes = 64 * 1024;

export interface FakeSerial {
  readonly socketPath: string;
  readonly logFile: string;
  /** What the console typed to the guest. */
  readonly typed: () => string;
  /** Resolves when the bytes left for the socket, as the guest's write does. */
  print(bytes: Uint8Array | string): Promise<void>;
  connected(): Promise<void>;
  hangUp(): void;
  close(): Promise<void>;
}

export async function startFakeSerial(directory: string, options: { readonly log?: boolean } = {}): Promise<FakeSerial> {
  const socketPath = `${directory}/serial.sock`;
  const logFile = `${directory}/serial.log`;
  let client: net.Socket | undefined;
  let typed = '';
  const server = net.createServer((socket) => {
    client = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (typed += chunk.toString()));
    socket.on('close', () => (client = undefined));
  });
  server.listen(socketPath);
  await once(server, 'listening');
  if (options.log !== false) appendFileSync(logFile, '');
  // Held open for the whole run, appending: a truncation from outside must not leave a hole.
  const log = options.log === false ? undefined : openSync(logFile, 'a');
  return {
    socketPath,
    logFile,
    typed: () => typed,
    print: async (bytes) => {
      const all = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at < all.length; at += pieceBytes) {
        const piece = all.subarray(at, at + pieceBytes);
        const socket = client;
        if (socket !== undefined) await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
        if (log !== undefined) writeSync(log, piece);
      }
    },
    connected: async () => {
      if (client === undefined) await once(server, 'connection');
    },
    hangUp: () => client?.end(),
    close: async () => {
      client?.destroy();
      if (log !== undefined) closeSync(log);
      server.close();
      await once(server, 'close');
    },
  };
}
