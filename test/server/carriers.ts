// Owns the ways a request reaches the router in tests: straight, over frames, over a unix socket, over TCP.
// Must not know what is asked.
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads';
import { WebSocket } from 'ws';
import type { ByteChannel } from '../../electron/api/channel.ts';
import type { ServerFrame } from '../../electron/api/frames.ts';
import { pageAssets } from '../../electron/server/assets.ts';
import { createAuth } from '../../electron/server/auth.ts';
import { type FramePort, serveFrames } from '../../electron/server/frames-server.ts';
import { listen } from '../../electron/server/http.ts';
import type { Router } from '../../electron/server/router.ts';
import { portTransport } from '../../renderer/client/port.ts';
import { recordingLog } from '../fakes/recording-log.ts';

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

export interface Connection {
  fetch(path: string, asking?: Asking): Promise<Response>;
  /** A console that is refused closes with a reason. */
  open(path: string): ByteChannel;
  close(): Promise<void>;
}

export interface Carrier {
  readonly name: 'direct' | 'frames' | 'unix' | 'tcp';
  connect(router: Router): Promise<Connection>;
}

export const carriers: readonly Carrier[] = [
  { name: 'direct', connect: async (router) => direct(router) },
  { name: 'frames', connect: async (router) => overFrames(router) },
  { name: 'unix', connect: overUnix },
  { name: 'tcp', connect: overTcp },
];

function direct(router: Router): Connection {
  const caller = { name: 'test', transport: 'direct', role: 'admin' } as const;
  return {
    fetch: (path, { method = 'GET', ...init } = {}) => router.handle(new Request(`http://virtdeck${path}`, { method, ...init }), caller),
    open: (path) => laterChannel(router.open(path, caller)),
    close: async () => undefined,
  };
}

/** The window's own client at the other end of a real MessageChannel. */
function overFrames(router: Router): Connection {
  const { port1, port2 } = new MessageChannel();
  serveFrames(framePort(port1), router, { name: 'test', transport: 'port', role: 'admin' });
  const transport = portTransport(port2 as unknown as MessagePort);
  return {
    fetch: (path, { body, ...init } = {}) =>
      transport.fetch(path, { ...init, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Blob([body]) }) }),
    open: (path) => transport.open(path),
    close: async () => transport.close(),
  };
}

export function framePort(port: NodePort): FramePort {
  return {
    postMessage: (frame: ServerFrame) => port.postMessage(frame),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}

async function overUnix(router: Router): Promise<Connection> {
  const folder = await mkdtemp(join(tmpdir(), 'vd-'));
  const socketPath = join(folder, 'api.sock');
  const listening = await listen({ router, log: recordingLog(), unixSocket: socketPath });
  const agent = new Agent({ keepAlive: true });
  return {
    fetch: (path, asking) => ask({ socketPath, agent, path }, asking),
    open: (path) => webSocketChannel(`ws+unix:${socketPath}:${path}`, {}),
    async close() {
      agent.destroy();
      await listening.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function overTcp(router: Router): Promise<Connection> {
  const auth = createAuth();
  const assets = pageAssets('/nonexistent');
  const listening = await listen({ router, log: recordingLog(), tcp: { host: '127.0.0.1', port: 0, auth, assets } });
  const { hostname, port } = new URL(listening.origin ?? '');
  const signedIn = await ask({ hostname, port, path: `/?code=${auth.issueCode()}` });
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const agent = new Agent({ keepAlive: true });
  return {
    fetch: (path, asking = {}) => ask({ hostname, port, agent, path }, { ...asking, headers: { ...asking.headers, cookie } }),
    open: (path) => webSocketChannel(`ws://${hostname}:${port}${path}`, { cookie, origin: listening.origin ?? '' }),
    async close() {
      agent.destroy();
      await listening.close();
    },
  };
}

/** One HTTP request by hand: fetch would normalise the path and refuse a Host of our own. */
export function ask(where: RequestOptions, { method = 'GET', headers = {}, body, signal }: Asking = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing: ClientRequest = httpRequest({ ...where, method, headers: { ...length, ...headers }, signal }, (incoming) =>
      resolve(responseOf(incoming)),
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function responseOf(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) for (const each of [value ?? []].flat()) headers.append(name, each);
  const status = incoming.statusCode ?? 500;
  const bodiless = status === 204 || status === 304;
  if (bodiless) incoming.resume();
  return new Response(bodiless ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>), { status, headers });
}

export function webSocketChannel(url: string, headers: Readonly<Record<string, string>>, protocols = ['plain.kubevirt.io']): ByteChannel {
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false, headers });
  const unsent: Uint8Array[] = [];
  let reason: string | undefined;
  socket.on('unexpected-response', (_, incoming) => {
    reason = `refused with ${incoming.statusCode}`;
    socket.terminate();
  });
  socket.on('error', (error) => (reason ??= error.message));
  socket.once('open', () => {
    for (const chunk of unsent.splice(0)) socket.send(chunk);
  });
  return {
    write(chunk) {
      if (socket.readyState === WebSocket.CONNECTING) unsent.push(chunk);
      else socket.send(chunk);
      return socket.bufferedAmount < 1024 * 1024;
    },
    onData: (listener) => void socket.on('message', (data: Buffer) => listener(data)),
    onDrain: () => undefined,
    onClose: (listener) => void socket.on('close', (code, said) => listener(code === 1000 ? undefined : (reason ?? said.toString()))),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
  };
}

/** A channel that is being opened: what is said before is said then. */
function laterChannel(opening: Promise<ByteChannel>): ByteChannel {
  let onClose: (reason?: string) => void = () => undefined;
  const then = (work: (channel: ByteChannel) => void): void => void opening.then(work, () => undefined);
  opening.catch((error: unknown) => onClose(error instanceof Error ? error.message : String(error)));
  return {
    write(chunk) {
      then((channel) => channel.write(chunk));
      return true;
    },
    onData: (listener) => then((channel) => channel.onData(listener)),
    onDrain: (listener) => then((channel) => channel.onDrain(listener)),
    onClose(listener) {
      onClose = listener;
      then((channel) => channel.onClose(listener));
    },
    pause: () => then((channel) => channel.pause()),
    resume: () => then((channel) => channel.resume()),
    close: (reason) => then((channel) => channel.close(reason)),
  };
}
