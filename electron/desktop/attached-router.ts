// Owns attaching to a core that runs elsewhere (`virtdeck serve`): the router's two calls, carried over its unix socket.
// Must not interpret what it carries.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { WebSocket } from 'ws';
import type { ByteChannel } from '../api/channel.ts';
import { AppError } from '../api/errors.ts';
import type { Router } from '../server/router.ts';

export function attachedRouter(socketPath: string): Router {
  return {
    handle: (request) => forward(socketPath, request),
    open: (path) => openChannel(socketPath, path),
  };
}

async function forward(socketPath: string, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpRequest(
      { socketPath, method: request.method, path: url.pathname + url.search, headers: Object.fromEntries(request.headers) },
      resolve,
    );
    outgoing.once('error', reject);
    request.signal.addEventListener('abort', () => outgoing.destroy());
    if (request.body === null) outgoing.end();
    else Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]).pipe(outgoing);
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers)) if (typeof value === 'string') headers.set(name, value);
  const status = response.statusCode ?? 502;
  const empty = status === 204 || status === 304;
  return new Response(empty ? null : (Readable.toWeb(response) as ReadableStream<Uint8Array>), { status, headers });
}

function openChannel(socketPath: string, path: string): Promise<ByteChannel> {
  const socket = new WebSocket(`ws+unix:${socketPath}:${path}`, ['plain.kubevirt.io'], { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(channelOf(socket)));
    socket.once('error', (cause) => reject(new AppError('ServiceUnavailable', 'The core did not open the console.', { cause })));
  });
}

/** Above this the writer is told to wait for the drain. */
const highWaterBytes = 1024 * 1024;

function channelOf(socket: WebSocket): ByteChannel {
  let drained: () => void = () => undefined;
  return {
    write(chunk) {
      socket.send(chunk, () => {
        if (socket.bufferedAmount < highWaterBytes / 2) drained();
      });
      return socket.bufferedAmount < highWaterBytes;
    },
    onData: (listener) => void socket.on('message', (data: Buffer) => listener(data)),
    onDrain: (listener) => (drained = listener),
    onClose: (listener) =>
      void socket.once('close', (_code, reason) => listener(reason.length === 0 ? undefined : reason.toString('utf8'))),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: (reason) => socket.close(1000, reason),
  };
}
