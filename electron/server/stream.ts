// Owns WebSockets: consoles as bytes both ways, watches as one message an event.
// Must not check who calls; http.ts has done so.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { ByteChannel } from '../api/channel.ts';
import { AppError } from '../api/errors.ts';
import { openRefusal } from './answer.ts';
import { requestOf } from './node-exchange.ts';
import type { Caller, Router } from './router.ts';
import { proxied } from './cluster-proxy.ts';
import { isStream } from './stream-paths.ts';

export interface Streams {
  /** Takes the connection over: answers with a Status, or upgrades. */
  upgrade(upgrade: Upgrade): Promise<void>;
  /** Ends all of them. */
  close(): Promise<void>;
}

/** Undefined when the connection ends before it is a WebSocket. */
type Accept = (upgrade: Upgrade) => Promise<WebSocket | undefined>;

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly caller: Caller;
}

/** `plain.kubevirt.io` is virtctl's, `binary` noVNC's; both are bytes as they are. */
const protocols = ['plain.kubevirt.io', 'binary'];
/** One message of a client: a pasted file at most. */
const maxMessageBytes = 4 * 1024 * 1024;
/** What a reader may leave unread before its guest's side is paused: two frames of a full-HD screen, compressed. */
const highWaterBytes = 1024 * 1024;

export function createStreams(router: Router): Streams {
  // Loaded with the first WebSocket: nobody needs it before a window or a console comes.
  let loading: Promise<WebSocketServer> | undefined;
  // A handshake that ws refuses never calls back: the connection just ends.
  const accept: Accept = ({ request, socket, head }) =>
    new Promise((resolve, reject) => {
      socket.once('close', () => resolve(undefined));
      loading ??= webSocketServer();
      loading.then((server) => server.handleUpgrade(request, socket, head, resolve)).catch(reject);
    });

  return {
    async upgrade(upgrade) {
      const { request, caller } = upgrade;
      const url = request.url ?? '/';
      const [pathname = ''] = url.split('?');
      if (!isStream(proxied(pathname)?.path ?? pathname)) return carryWatch(router, upgrade, accept);
      let channel: ByteChannel;
      try {
        channel = await router.open(url, caller);
      } catch (error) {
        return refuseUpgrade(upgrade.socket, openRefusal(error));
      }
      // The client may have gone while the console was opened.
      const socket = upgrade.socket.destroyed ? undefined : await accept(upgrade);
      if (socket === undefined) return channel.close();
      relay(socket, channel);
    },
    async close() {
      const server = await loading;
      if (server === undefined) return;
      for (const socket of server.clients) socket.close(1001, 'The core is closing.');
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

async function webSocketServer(): Promise<WebSocketServer> {
  const { WebSocketServer: Server } = await import('ws');
  return new Server({
    noServer: true,
    // Compression would cost a millisecond a frame and save nothing on a loopback.
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => protocols.find((name) => offered.has(name)) ?? false,
  });
}

/** Bytes go through as they came, in both directions, never joined, never copied. */
export function relay(socket: WebSocket, channel: ByteChannel): void {
  let stalled = false;
  const onSent = (): void => {
    if (!stalled || socket.bufferedAmount > highWaterBytes / 2) return;
    stalled = false;
    channel.resume();
  };
  channel.onData((chunk) => {
    socket.send(chunk, onSent);
    // All of it is in the kernel: the common case, and the memory is free again.
    if (socket.bufferedAmount === 0) return 'done';
    if (stalled || socket.bufferedAmount <= highWaterBytes) return;
    stalled = true;
    channel.pause();
  });
  channel.onDrain(() => socket.resume());
  channel.onClose((reason) => socket.close(reason === undefined ? 1000 : 1011, closeReason(reason ?? '')));
  socket.on('message', (data: Buffer) => {
    if (!channel.write(data)) socket.pause();
  });
  // A protocol error is told to the other end by ws itself; the close comes next.
  socket.on('error', () => undefined);
  socket.on('close', () => channel.close());
}

/** RFC 6455 leaves 123 bytes for it. */
function closeReason(reason: string): string {
  let short = reason;
  while (Buffer.byteLength(short) > 123) short = short.slice(0, -1);
  return short;
}

/**
 * Kubernetes serves a watch as a WebSocket, too: browsers allow six HTTP connections to a host, but hundreds of these.
 * Any other request gets its ordinary answer, without an upgrade.
 */
async function carryWatch(router: Router, upgrade: Upgrade, accept: Accept): Promise<void> {
  const abort = new AbortController();
  const response = await router.handle(requestOf(upgrade.request, abort.signal), upgrade.caller);
  if (response.body === null || !isWatch(response)) {
    abort.abort();
    return refuseUpgrade(upgrade.socket, response.ok ? openRefusal(notAStream) : response);
  }
  const socket = upgrade.socket.destroyed ? undefined : await accept(upgrade);
  if (socket === undefined) return abort.abort();
  socket.on('error', () => undefined);
  socket.on('close', () => abort.abort());
  try {
    for await (const chunk of response.body) {
      for (const line of Buffer.from(chunk).toString('utf8').split('\n')) if (line !== '') await send(socket, line);
    }
    socket.close(1000);
  } catch (error) {
    socket.close(1011, closeReason(error instanceof Error ? error.message : String(error)));
  }
}

const notAStream = new AppError('BadRequest', 'only consoles and watches can be opened as a WebSocket');

/** The answer to a handshake that is not accepted: an ordinary HTTP response, then the end. */
export async function refuseUpgrade(socket: Duplex, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const head = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? 'Refused'}`,
    'connection: close',
    `content-type: ${response.headers.get('content-type') ?? 'text/plain'}`,
    `content-length: ${body.byteLength}`,
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
}

function isWatch(response: Response): boolean {
  return response.ok && (response.headers.get('content-type') ?? '').includes('stream=watch');
}

/** Resolves when the socket has room again: the watch's own limit then meets a slow reader. */
async function send(socket: WebSocket, line: string): Promise<void> {
  if (socket.bufferedAmount <= highWaterBytes) {
    socket.send(line, () => undefined);
    return;
  }
  await new Promise<void>((resolve) => socket.send(line, () => resolve()));
}
