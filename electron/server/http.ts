// Owns HTTP listeners: the unix socket for programs of this user, and TCP for browsers, behind auth.
// Must not know any route; the router does.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { chmod } from 'node:fs/promises';
import type { AddressInfo, ListenOptions as NodeListenOptions } from 'node:net';
import { AppError } from '../api/errors.ts';
import type { Log } from '../engine/ports.ts';
import { openRefusal } from './answer.ts';
import type { PageAssets } from './assets.ts';
import { type Auth, checkCredentials, checkHost, checkOrigin, type Door, sessionCookie } from './auth.ts';
import { checkTarget, requestOf, respond } from './node-exchange.ts';
import type { Caller, Router } from './router.ts';
import { createStreams, refuseUpgrade } from './stream.ts';
import { prepareSocketPath } from './unix.ts';

export interface ListenOptions {
  readonly router: Router;
  readonly log: Log;
  /** Absolute path, at most 107 bytes. */
  readonly unixSocket?: string;
  readonly tcp?: TcpOptions;
}

export interface TcpOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly auth: Auth;
  readonly assets: PageAssets;
}

export interface Listening {
  readonly socket?: string;
  /** e.g. `http://127.0.0.1:8443`, without a slash. */
  readonly origin?: string;
  /** Ends watches and consoles, too. */
  close(): Promise<void>;
}

/** Listens on either or both. Throws AppError when an address cannot be had. */
export async function listen({ router, log, unixSocket, tcp }: ListenOptions): Promise<Listening> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one.close()));
  };
  try {
    if (unixSocket !== undefined) opened.push(await listenUnix({ router, log }, unixSocket));
    const door = tcp === undefined ? undefined : await listenTcp({ router, log }, tcp, opened);
    return {
      ...(unixSocket === undefined ? {} : { socket: unixSocket }),
      ...(door === undefined ? {} : { origin: `http://${door.host.includes(':') ? `[${door.host}]` : door.host}:${door.port}` }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Serving = Pick<ListenOptions, 'router' | 'log'>;

async function listenUnix(serving: Serving, path: string): Promise<{ close(): Promise<void> }> {
  await prepareSocketPath(path);
  const server = serve(serving, ({ headers }) => ({ type: 'call', caller: { name: programOf(headers['user-agent']), transport: 'unix' } }));
  await bound(server.http, { path });
  await chmod(path, 0o600);
  return server;
}

async function listenTcp(serving: Serving, tcp: TcpOptions, opened: { close(): Promise<void> }[]): Promise<Door> {
  let door: Door = { host: tcp.host, port: tcp.port };
  const server = serve(serving, (incoming) => admit(incoming, tcp, door));
  await bound(server.http, { host: tcp.host, port: tcp.port, exclusive: true });
  opened.push(server);
  door = { host: tcp.host, port: (server.http.address() as AddressInfo).port };
  return door;
}

async function bound(server: Server, where: NodeListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AppError('ServiceUnavailable', `Cannot listen on ${where.path ?? `${where.host}:${where.port}`}: ${cause.message}.`, { cause }),
      ),
    );
    server.listen(where, resolve);
  });
}

/** What becomes of a request before it reaches the router. Refusals are thrown. */
type Admission = { readonly type: 'call'; readonly caller: Caller } | { readonly type: 'page'; readonly response: Promise<Response> };

interface RunningServer {
  readonly http: Server;
  close(): Promise<void>;
}

function serve({ router, log }: Serving, admission: (incoming: IncomingMessage) => Admission): RunningServer {
  const streams = createStreams(router);
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const abort = new AbortController();
    outgoing.once('close', () => abort.abort());
    await respond(outgoing, await responseTo(incoming, abort.signal));
  };
  const responseTo = async (incoming: IncomingMessage, signal: AbortSignal): Promise<Response> => {
    try {
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
      checkTarget(request.url ?? '');
      const admitted = admission(request);
      if (admitted.type === 'page') throw new AppError('BadRequest', 'only consoles and watches can be opened as a WebSocket');
      await streams.upgrade({ request, socket, head, caller: admitted.caller });
    } catch (error) {
      await refuseUpgrade(socket, openRefusal(error));
    }
  };
  const http = createServer({
    // An upload of a disk image takes as long as it takes; a slow head is still cut off by headersTimeout.
    requestTimeout: 0,
    // Browsers and kubectl keep their connection between two clicks.
    keepAliveTimeout: 60_000,
    // Any other upgrade (curl offers HTTP/2) is an ordinary request that may be answered as one.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  });
  const failed = (error: unknown): void => log.error('A connection failed.', { message: String(error) });
  http.on('request', (incoming, outgoing) => void answer(incoming, outgoing).catch(failed));
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    void onUpgrade(request, socket, head).catch(failed);
  });
  return {
    http,
    async close() {
      streams.close();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await closed;
    },
  };
}

/** The API wants credentials; the page's own files do not: they are the same for everybody. */
function admit(incoming: IncomingMessage, { auth, assets }: TcpOptions, door: Door): Admission {
  const { method = 'GET', headers, url = '/' } = incoming;
  const approach = { method, headers };
  checkTarget(url);
  checkHost(approach, door);
  const { pathname, searchParams } = new URL(url, 'http://virtdeck');
  if (isApi(pathname)) {
    checkOrigin(approach);
    if (!isHealth(pathname)) checkCredentials(approach, auth, door);
    return { type: 'call', caller: { name: programOf(headers['user-agent']), transport: 'http' } };
  }
  if (method !== 'GET' && method !== 'HEAD')
    throw new AppError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
  const code = searchParams.get('code');
  if (pathname === '/' && code !== null) return { type: 'page', response: Promise.resolve(signIn(approach, { auth, door, code })) };
  const encoding = headers['accept-encoding'];
  return { type: 'page', response: assets(pathname, typeof encoding === 'string' ? encoding : '') };
}

const apiRoots = ['api', 'apis', 'openapi', 'version', 'healthz', 'readyz', 'livez'];

function isApi(pathname: string): boolean {
  return apiRoots.includes(pathname.split('/')[1] ?? '');
}

function isHealth(pathname: string): boolean {
  return pathname === '/healthz' || pathname === '/readyz' || pathname === '/livez';
}

interface SignIn {
  readonly auth: Auth;
  readonly door: Door;
  readonly code: string;
}

/** The code leaves the address bar at once; what stands after `#` stays. An address opened twice works when the cookie does. */
function signIn(approach: Parameters<typeof checkCredentials>[0], { auth, door, code }: SignIn): Response {
  const home = { location: '/', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
  // A browser that fetches a link before it is followed must not use the code up.
  if (approach.headers['sec-purpose'] !== undefined) return new Response(null, { status: 503, headers: { 'cache-control': 'no-store' } });
  const session = auth.redeem(code);
  if (session !== undefined) return new Response(null, { status: 303, headers: { ...home, 'set-cookie': sessionCookie(session, door) } });
  checkCredentials(approach, auth, door);
  return new Response(null, { status: 303, headers: home });
}

/** `kubectl/v1.36.4 (linux/amd64)` → `kubectl`: who did it, in the change journal. */
function programOf(userAgent: string | undefined): string {
  const [program = ''] = (userAgent ?? '').split(/[/\s]/);
  return program === '' ? 'unknown' : program.slice(0, 128);
}
