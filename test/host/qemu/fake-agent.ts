// Owns a guest agent on a real unix socket that says what a test tells it to, with the leftovers of an earlier one in the channel.
// Must not imitate more than the wire.
import { once } from 'node:events';
import net from 'node:net';
import { isJsonObject } from '../../../electron/host/qemu/json-lines.ts';

export interface FakeAgent {
  readonly path: string;
  readonly asked: readonly string[];
  readonly connections: () => number;
  send(text: string): void;
  close(): Promise<void>;
}

/** `answer` returns the reply's text; undefined keeps silent. */
export async function startFakeAgent(
  path: string,
  options: { readonly leftover?: string; readonly answer: (command: string) => string | undefined },
): Promise<FakeAgent> {
  const asked: string[] = [];
  let connections = 0;
  let client: net.Socket | undefined;
  const server = net.createServer((socket) => {
    client = socket;
    connections += 1;
    socket.on('error', () => undefined);
    if (options.leftover !== undefined) socket.write(options.leftover);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const value: unknown = JSON.parse(line.replaceAll('\xff', ''));
        if (!isJsonObject(value) || typeof value.execute !== 'string') continue;
        if (value.execute === 'guest-sync-delimited' && isJsonObject(value.arguments)) {
          socket.write(Buffer.concat([Buffer.from([0xff]), Buffer.from(`{"return": ${JSON.stringify(value.arguments.id)}}\n`)]));
          continue;
        }
        asked.push(value.execute);
        const reply = options.answer(value.execute);
        if (reply !== undefined) socket.write(`${reply}\n`);
      }
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    path,
    asked,
    connections: () => connections,
    send: (text) => client?.write(text),
    close: async () => {
      client?.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
