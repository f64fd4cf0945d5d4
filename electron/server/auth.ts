// Owns who may call over TCP: codes that work once, sessions, tokens, and the checks against foreign pages.
// Must not be asked on the unix socket: its folder is the user's alone.
import { createHash, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { groupOfRole, type Role } from '../api/certificates.ts';
import { AppError } from '../api/errors.ts';
import { type Identity, owner, type Presented } from './identity.ts';

export interface Auth {
  /** For one browser: `/?code=…` is exchanged for a session. */
  issueCode(): string;
  /** For a program: `Authorization: Bearer …`, for an hour, and not longer than this core runs. */
  issueToken(role?: Role): IssuedToken;
  /** The session that a code is worth, once. */
  redeem(code: string): string | undefined;
  /** Whose session or token this is. */
  identityOf(secret: string): Identity | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface IssuedToken {
  readonly token: string;
  readonly notAfterMs: number;
}

interface Known {
  readonly identity: Identity;
  readonly notAfterMs: number;
}

const tokenLifeMs = 3_600_000;

const forTheWindow: Known = { identity: owner, notAfterMs: Number.POSITIVE_INFINITY };

// Codes that nobody used are forgotten, oldest first: a serve that hands out links for months stays small.
const maxCodes = 64;
const maxSecrets = 1024;

export function createAuth(now: () => number = Date.now): Auth {
  // Only hashes are kept: a core dump gives no session away, and looking one up takes no secret-dependent time.
  const codes = new Map<string, Known>();
  const secrets = new Map<string, Known>();
  const issue = (into: Map<string, Known>, max: number, known: Known): string => {
    const secret = randomBytes(24).toString('base64url');
    into.set(hash(secret), known);
    for (const oldest of into.keys()) {
      if (into.size <= max) break;
      into.delete(oldest);
    }
    return secret;
  };
  return {
    issueCode: () => issue(codes, maxCodes, forTheWindow),
    issueToken(role = 'admin') {
      const notAfterMs = now() + tokenLifeMs;
      const identity = { role, user: 'token', groups: [groupOfRole[role]] };
      return { token: issue(secrets, maxSecrets, { identity, notAfterMs }), notAfterMs };
    },
    redeem: (code) => (codes.delete(hash(code)) ? issue(secrets, maxSecrets, forTheWindow) : undefined),
    identityOf(secret) {
      const known = secrets.get(hash(secret));
      return known === undefined || known.notAfterMs <= now() ? undefined : known.identity;
    },
    now,
  };
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

/** What the checks look at; header names in lower case. */
export interface Approach {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly presented: Presented;
}

export interface Door {
  /** The host that was asked to listen on. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** What this computer is called, beside its addresses. */
  readonly names: readonly string[];
}

/**
 * DNS rebinding: a foreign page whose name now points here still sends its own name. IP addresses cannot be rebound, so any
 * literal may stand there (a forwarded port, another interface); names must be the one listened on, or localhost.
 */
export function checkHost({ headers }: Approach, door: Door): void {
  const host = hostnameOf(text(headers['host']));
  if (
    host !== undefined &&
    (isIP(host) !== 0 || host === 'localhost' || [door.host, ...door.names].some((name) => name.toLowerCase() === host))
  )
    return;
  throw forbidden(
    'Host',
    `this server is not called ${JSON.stringify(text(headers['host']))}`,
    `Use ${schemeOf(door)}://127.0.0.1:${door.port}/.`,
  );
}

function hostnameOf(host: string): string | undefined {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([^:/@\s]+))(?::\d{1,5})?$/.exec(host);
  return (found?.[1] ?? found?.[2])?.toLowerCase();
}

/**
 * Cross-site requests: browsers say where a request comes from, other programs say nothing. Pages of another origin on the
 * same host (another port) are foreign, too.
 */
export function checkOrigin({ headers }: Approach): void {
  const site = text(headers['sec-fetch-site']);
  if (site !== '' && site !== 'same-origin' && site !== 'none')
    throw forbidden('Sec-Fetch-Site', `a request from a ${site} page is refused`);
  const origin = text(headers['origin']);
  if (origin === '') return;
  const itsHost = URL.canParse(origin) ? new URL(origin).host : undefined;
  if (itsHost === undefined || itsHost !== text(headers['host']).toLowerCase()) {
    throw forbidden('Origin', `a request from a page of ${JSON.stringify(origin.slice(0, 200))} is refused`);
  }
}

export function schemeOf({ isTls }: Pick<Door, 'isTls'>): 'http' | 'https' {
  return isTls ? 'https' : 'http';
}

/** A secret that is sent along wins over the certificate of the connection. */
export function identityOf(approach: Approach, auth: Auth, door: Door): Identity | undefined {
  const { presented } = approach;
  for (const secret of secretsIn(approach, door)) {
    const identity = auth.identityOf(secret);
    if (identity !== undefined) return identity;
  }
  return presented.type === 'identity' && presented.notAfterMs > auth.now() ? presented.identity : undefined;
}

function secretsIn({ headers }: Approach, door: Door): readonly string[] {
  return [bearerOf(headers), protocolBearerOf(headers), cookieOf(headers, door)].filter((secret) => secret !== undefined);
}

/** Throws Unauthorized. */
export function checkCredentials(approach: Approach, auth: Auth, door: Door): Identity {
  const identity = identityOf(approach, auth, door);
  if (identity !== undefined) return identity;
  const message = whyUnknown(approach, door);
  const fix = 'Use the context that `virtdeck kubeconfig` prints, the address that `virtdeck open` prints, or send Authorization: Bearer.';
  throw new AppError('Unauthorized', message, { causes: [{ reason: 'Unauthorized', field: 'Authorization', message, fix }] });
}

function whyUnknown(approach: Approach, door: Door): string {
  const { presented } = approach;
  if (secretsIn(approach, door).length > 0) return 'This session or token is not known: it has ended, or the core was started anew.';
  if (presented.type === 'untrusted') return `The client certificate is not accepted: ${presented.why}.`;
  return presented.type === 'identity' ? 'The client certificate has expired.' : 'Nobody is signed in here.';
}

function bearerOf(headers: Approach['headers']): string | undefined {
  return /^Bearer ([\w.~+/=-]+)$/i.exec(text(headers['authorization']))?.[1];
}

/** Browsers cannot set headers on a WebSocket; Kubernetes takes the token as a subprotocol then. */
function protocolBearerOf(headers: Approach['headers']): string | undefined {
  const found = /(?:^|,)\s*base64url\.bearer\.authorization\.k8s\.io\.([\w-]+)/.exec(text(headers['sec-websocket-protocol']));
  return found?.[1] === undefined ? undefined : Buffer.from(found[1], 'base64url').toString('utf8');
}

/** Cookies do not know ports: two cores of one host would overwrite each other's without the number. */
function cookieName({ port }: Door): string {
  return `virtdeck-session-${port}`;
}

function cookieOf(headers: Approach['headers'], door: Door): string | undefined {
  const name = `${cookieName(door)}=`;
  const cookies = text(headers['cookie'])
    .split(';')
    .map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length);
}

export function sessionCookie(session: string, door: Door): string {
  return `${cookieName(door)}=${session}; Path=/; HttpOnly; SameSite=Strict${door.isTls ? '; Secure' : ''}`;
}

function text(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : (header?.join(', ') ?? '');
}

function forbidden(field: string, message: string, fix?: string): AppError {
  return new AppError('Forbidden', message, { causes: [{ reason: 'Forbidden', field, message, ...(fix === undefined ? {} : { fix }) }] });
}
