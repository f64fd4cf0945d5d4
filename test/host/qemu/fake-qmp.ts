// Owns a QMP server on a real unix socket that says exactly what a test tells it to.
// Must not imitate QEMU's behaviour; suites with a real QEMU are in test/guests.
import { once } from 'node:events';
import net from 'node:net';
import { isJsonObject } from '../../../electron/host/qemu/json-lines.ts';

export const greeting =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian 1:7.2"}, "capabilities": ["oob"]}}\r\n';

export interface Asked {
  readonly execute: string;
  readonly arguments?: unknown;
  readonly id: number;
}

export interface FakeQmp {
  readonly path: string;
  /** Bytes to the client, as they are. */
  send(bytes: string | Uint8Array): void;
  /** What the client sent, in order. */
  readonly asked: readonly Asked[];
  /** Drops the connection. */
  hangUp(): void;
  close(): Promise<void>;
}

/** `answer` returns the bytes to send for a command; undefined sends nothing. qmp_capabilities is answered by itself. */
export async function startFakeQmp(options: {
  readonly path: string;
  readonly greeting?: string;
  readonly answer?: (asked: Asked) => string | undefined;
}): Promise<FakeQmp> {
  const asked: Asked[] = [];
  let client: net.Socket | undefined;
  const server = net.createServer((socket) => {
    client = socket;
    socket.on('error', () => undefined);
    let text = '';
    socket.write(options.greeting ?? greeting);
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const command = read(line);
        if (command.execute === 'qmp_capabilities') {
          socket.write(`{"return": {}, "id": ${command.id}}\r\n`);
          continue;
        }
        asked.push(command);
        const answer = options.answer?.(command);
        if (answer !== undefined) socket.write(answer);
      }
    });
  });
  server.listen(options.path);
  await once(server, 'listening');
  return {
    path: options.path,
    asked,
    send: (bytes) => client?.write(bytes),
    hangUp: () => client?.destroy(),
    close: async () => {
      client?.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function read(line: string): Asked {
  const value: unknown = JSON.parse(line);
  if (!isJsonObject(value) || typeof value.execute !== 'string' || typeof value.id !== 'number') throw new Error(`not a command: ${line}`);
  return { execute: value.execute, id: value.id, ...(value.arguments === undefined ? {} : { arguments: value.arguments }) };
}
