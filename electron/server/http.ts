// Owns HTTP listeners: the unix socket for programs of this user, and TCP for browsers, behind auth.
// Must not know any route; the router does.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer, type ServerOptions as SecureServerOptions } from 'node:https';
import { chmod } from 'node:fs/promises';
import type { AddressInfo, ListenOptions as NodeListenOptions } from 'node:net';
import { AppError } from '../api/errors.ts';
import type { Log, TlsMaterial } from '../engine/ports.ts';
import { openRefusal } from './answer.ts';
import { type Door, schemeOf } from './auth.ts';
import { type Limits, usualLimits } from './limits.ts';
import { checkSingleHost, checkTarget, cutWhenSilent, requestOf, respond } from './node-exchange.ts';
import type { Router } from './router.ts';
import { createStreams, refuseUpgrade } from './stream.ts';
import { admit, type Admission, programOf, type TcpOptions } from './tcp-door.ts';
import { prepareSocketPath } from './unix.ts';

export interface ListenOptions {
  readonly router: Router;
  readonly log: Log;
  /** Absolute path, at most 107 bytes. */
  readonly unixSocket?: string;
  readonly tcp?: TcpOptions;
  /** Absent: those of limits.ts. */
  readonly limits?: Limits;
}

export interface Listening {
  readonly socket?: string;
  /** e.g. `https://127.0.0.1:8443`, without a slash. */
  readonly origin?: string;
  /** New connections get this certificate; those that are open stay. */
  renew(material: TlsMaterial): void;
  /** Ends watches and consoles, too. */
  close(): Promise<void>;
}

/** Listens on either or both. Throws AppError when an address cannot be had. */
export async function listen({ unixSocket, tcp, limits = usualLimits, ...rest }: ListenOptions): Promise<Listening> {
  const serving = { ...rest, limits };
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one.close()));
  };
  try {
    if (unixSocket !== undefined) opened.push(await listenUnix(serving, unixSocket));
    const tcpServer = tcp === undefined ? undefined : await listenTcp(serving, tcp, opened);
    const door = tcpServer?.door;
    return {
      ...(unixSocket === undefined ? {} : { socket: unixSocket }),
      ...(door === undefined
        ? {}
        : { origin: `${schemeOf(door)}://${door.host.includes(':') ? `[${door.host}]` : door.host}:${door.port}` }),
      renew: (material) => tcpServer?.renew(material),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Serving = Required<Pick<ListenOptions, 'router' | 'log' | 'limits'>>;

async function listenUnix(serving: Serving, path: string): Promise<{ close(): Promise<void> }> {
  await prepareSocketPath(path);
  const server = serve(serving, ({ headers }) => ({
    type: 'call',
    caller: { name: programOf(headers['user-agent']), transport: 'unix', role: 'admin' },
  }));
  await bound(server.http, { path });
  await chmod(path, 0o600);
  return server;
}

interface TcpServer {
  readonly door: Door;
  renew(material: TlsMaterial): void;
}

async function listenTcp(serving: Serving, tcp: TcpOptions, opened: { close(): Promise<void> }[]): Promise<TcpServer> {
  let door: Door = { host: tcp.host, port: tcp.port, isTls: tcp.tls !== undefined, names: tcp.names ?? [] };
  const server = serve(serving, (incoming) => admit(incoming, tcp, door), tcp.tls);
  await bound(server.http, { host: tcp.host, port: tcp.port, exclusive: true });
  opened.push(server);
  door = { ...door, port: (server.http.address() as AddressInfo).port };
  return { door, renew: (material) => server.renew(material) };
}

async function bound(server: Server | TlsServer, where: NodeListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AppError('ServiceUnavailable', `Cannot listen on ${where.path ?? `${where.host}:${where.port}`}: ${cause.message}.`, { cause }),
      ),
    );
    server.listen(where, resolve);
  });
}

interface RunningServer {
  readonly http: Server | TlsServer;
  renew(material: TlsMaterial): void;
  close(): Promise<void>;
}

function serve({ router, log, limits }: Serving, admission: (incoming: IncomingMessage) => Admission, tls?: TlsMaterial): RunningServer {
  const streams = createStreams(router);
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const abort = new AbortController();
    outgoing.once('close', () => abort.abort());
    await respond(outgoing, await responseTo(incoming, abort.signal));
  };
  const responseTo = async (incoming: IncomingMessage, signal: AbortSignal): Promise<Response> => {
    try {
      checkSingleHost(incoming);
      const admitted = admission(incoming);
      if (admitted.type === 'page') return await admitted.response;
      return await router.handle(requestOf(incoming, signal), admitted.caller);
    } catch (error) {
      if (!(error instanceof AppError)) log.error('A request could not be carried.', { message: String(error) });
      return openRefusal(error);
    }
  };
  const onUpgrade = async (request: IncomingMessage, socket: Parameters<typeof refuseUpgrade>[0], head: Buffer): Promise<void> => {
    try {
      checkSingleHost(request);
      checkTarget(request.url ?? '');
      const admitted = admission(request);
      if (admitted.type === 'page') throw new AppError('BadRequest', 'only consoles and watches can be opened as a WebSocket');
      await streams.upgrade({ request, socket, head, caller: admitted.caller });
    } catch (error) {
      await refuseUpgrade(socket, openRefusal(error));
    }
  };
  const options = {
    // An upload of a disk image takes as long as it takes; a slow head is cut off, and a body that stops.
    requestTimeout: 0,
    headersTimeout: limits.headMs,
    connectionsCheckingInterval: limits.checkingMs,
    // Browsers and kubectl keep their connection between two clicks.
    keepAliveTimeout: 60_000,
    // Any other upgrade (curl offers HTTP/2) is an ordinary request that may be answered as one.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  };
  const tlsServer = tls === undefined ? undefined : createTlsServer({ ...options, handshakeTimeout: limits.headMs, ...tlsOptions(tls) });
  const http = tlsServer ?? createServer(options);
  const failed = (error: unknown): void => log.error('A connection failed.', { message: String(error) });
  http.maxConnections = limits.connections;
  http.on('request', (incoming, outgoing) => {
    cutWhenSilent(incoming, limits.idleBodyMs);
    void answer(incoming, outgoing).catch(failed);
  });
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    void onUpgrade(request, socket, head).catch(failed);
  });
  return {
    http,
    renew: (material) => tlsServer?.setSecureContext(tlsOptions(material)),
    async close() {
      await streams.close();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await closed;
    },
  };
}

/** A browser has no client certificate: who has none is let through to where a session or a token is asked for. */
function tlsOptions({ certificate, key, authorities }: TlsMaterial): SecureServerOptions {
  return { cert: certificate, key, ca: authorities, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false };
}
