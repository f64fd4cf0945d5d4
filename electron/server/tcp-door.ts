// Owns who gets past a TCP listener, and to what: the API, the page, or the sign-in.
// Must not answer for the router.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AppError } from '../api/errors.ts';
import type { TlsMaterial } from '../engine/ports.ts';
import type { PageAssets } from './assets.ts';
import { type Approach, type Auth, checkCredentials, checkHost, checkOrigin, type Door, identityOf, sessionCookie } from './auth.ts';
import { type Identity, owner, presentedBy } from './identity.ts';
import { isDiskPath } from './disk-carriage.ts';
import { checkTarget } from './node-exchange.ts';
import type { Caller } from './router.ts';

export interface TcpOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly auth: Auth;
  readonly assets: PageAssets;
  /** HTTPS with this; absent: HTTP, which is for addresses of the loopback. */
  readonly tls?: TlsMaterial;
  /** What this computer is called, for callers who use a name. */
  readonly names?: readonly string[];
}

/** What becomes of a request before it reaches the router. Refusals are thrown. */
export type Admission =
  { readonly type: 'call'; readonly caller: Caller } | { readonly type: 'page'; readonly response: Promise<Response> };

/** The API wants credentials; the page's own files do not: they are the same for everybody. */
export function admit(incoming: IncomingMessage, { auth, assets }: TcpOptions, door: Door): Admission {
  const { method = 'GET', headers, url = '/' } = incoming;
  const approach = { method, headers, presented: presentedBy(incoming.socket) };
  checkTarget(url);
  checkHost(approach, door);
  const { pathname, searchParams } = new URL(url, 'http://virtdeck');
  if (isApi(pathname)) {
    checkOrigin(approach);
    const identity = isHealth(pathname) ? nobody : checkCredentials(approach, auth, door);
    return { type: 'call', caller: callerOf(headers, identity) };
  }
  // A disk's bytes are let in by the token of that disk.
  if (isDiskPath(pathname)) {
    checkOrigin(approach);
    return { type: 'call', caller: callerOf(headers, nobody) };
  }
  if (method !== 'GET' && method !== 'HEAD')
    throw new AppError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
  const code = searchParams.get('code');
  if (pathname === '/' && code !== null) return { type: 'page', response: Promise.resolve(signIn(approach, { auth, door, code })) };
  const encoding = headers['accept-encoding'];
  return { type: 'page', response: assets(pathname, typeof encoding === 'string' ? encoding : '') };
}

/** Health says nothing that needs a name, and who brings a token of his own is not asked for it. */
const nobody: Identity = { role: 'view', user: 'nobody', groups: [] };

function callerOf(headers: IncomingHttpHeaders, identity: Identity): Caller {
  const { role, user } = identity;
  // Browsers alone send it, and of browsers checkOrigin lets only our own page through.
  const name = headers['sec-fetch-site'] === undefined ? programOf(headers['user-agent']) : 'window';
  return { name, transport: 'http', role, ...(identity === owner ? {} : { user }) };
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
function signIn(approach: Approach, { auth, door, code }: SignIn): Response {
  const home = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
  // A browser that fetches a link before it is followed must not use the code up.
  if (approach.headers['sec-purpose'] !== undefined) return new Response(null, { status: 503, headers: { 'cache-control': 'no-store' } });
  const session = auth.redeem(code);
  if (session !== undefined)
    return new Response(null, { status: 303, headers: { ...home, location: '/', 'set-cookie': sessionCookie(session, door) } });
  if (identityOf(approach, auth, door) !== undefined) return new Response(null, { status: 303, headers: { ...home, location: '/' } });
  const sentence = 'This address has been used already, or the core was started anew. Open the one that `virtdeck open` prints.\n';
  return new Response(sentence, { status: 401, headers: { ...home, 'content-type': 'text/plain; charset=utf-8' } });
}

/** `kubectl/v1.36.4 (linux/amd64)` → `kubectl`: who calls. */
export function programOf(userAgent: string | undefined): string {
  const [program = ''] = (userAgent ?? '').split(/[/\s]/);
  return program === '' ? 'unknown' : program.slice(0, 128);
}
