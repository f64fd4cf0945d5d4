// Owns who may call over TCP: codes that work once, sessions, tokens, and the checks against foreign pages.
// Must not be asked on the unix socket: its folder is the user's alone.
import { createHash, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { AppError } from '../api/errors.ts';

export interface Auth {
  /** For one browser: `/?code=…` is exchanged for a session. */
  issueCode(): string;
  /** For a program: `Authorization: Bearer …`, as long as this core runs. */
  issueToken(): string;
  /** The session that a code is worth, once. */
  redeem(code: string): string | undefined;
  /** Whether this is a session or a token of ours. */
  knows(secret: string): boolean;
}

// Codes that nobody used are forgotten, oldest first: a serve that hands out links for months stays small.
const maxCodes = 64;
const maxSecrets = 1024;

export function createAuth(): Auth {
  // Only hashes are kept: a core dump gives no session away, and looking one up takes no secret-dependent time.
  const codes = new Set<string>();
  const secrets = new Set<string>();
  const issue = (into: Set<string>, max: number): string => {
    const secret = randomBytes(24).toString('base64url');
    into.add(hash(secret));
    for (const oldest of into) {
      if (into.size <= max) break;
      into.delete(oldest);
    }
    return secret;
  };
  return {
    issueCode: () => issue(codes, maxCodes),
    issueToken: () => issue(secrets, maxSecrets),
    redeem: (code) => (codes.delete(hash(code)) ? issue(secrets, maxSecrets) : undefined),
    knows: (secret) => secrets.has(hash(secret)),
  };
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}

/** What the checks look at; header names in lower case. */
export interface Approach {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Door {
  /** The host that was asked to listen on. */
  readonly host: string;
  readonly port: number;
}

/**
 * DNS rebinding: a foreign page whose name now points here still sends its own name. IP addresses cannot be rebound, so any
 * literal may stand there (a forwarded port, another interface); names must be the one listened on, or localhost.
 */
export function checkHost({ headers }: Approach, door: Door): void {
  const host = hostnameOf(text(headers['host']));
  if (host !== undefined && (isIP(host) !== 0 || host === 'localhost' || host === door.host.toLowerCase())) return;
  throw forbidden('Host', `this server is not called ${JSON.stringify(text(headers['host']))}`, `Use http://127.0.0.1:${door.port}/.`);
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

export function isSignedIn(approach: Approach, auth: Auth, door: Door): boolean {
  return secretsIn(approach, door).some((secret) => auth.knows(secret));
}

function secretsIn({ headers }: Approach, door: Door): readonly string[] {
  return [bearerOf(headers), protocolBearerOf(headers), cookieOf(headers, door)].filter((secret) => secret !== undefined);
}

export function checkCredentials(approach: Approach, auth: Auth, door: Door): void {
  if (isSignedIn(approach, auth, door)) return;
  const given = secretsIn(approach, door);
  const message = given.length === 0 ? 'Nobody is signed in here.' : 'This session is not known: the core was started anew.';
  const fix = 'Open the address that `virtdeck open` prints, or send Authorization: Bearer.';
  throw new AppError('Unauthorized', message, { causes: [{ reason: 'Unauthorized', field: 'Authorization', message, fix }] });
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
  return `${cookieName(door)}=${session}; Path=/; HttpOnly; SameSite=Strict`;
}

function text(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : (header?.join(', ') ?? '');
}

function forbidden(field: string, message: string, fix?: string): AppError {
  return new AppError('Forbidden', message, { causes: [{ reason: 'Forbidden', field, message, ...(fix === undefined ? {} : { fix }) }] });
}
