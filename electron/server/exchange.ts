// Owns the words of the router: who calls, what a route gets, what it may use.
// Must not route or answer.
import type { ApiAccess, BearerToken, Role } from '../api/certificates.ts';
import type { ListenerAddress } from '../api/computer.ts';
import type { Schemas } from '../api/schema.ts';
import type { Engine } from '../engine/engine-port.ts';
import type { Clock, Log } from '../engine/ports.ts';
import type { TextOf } from './encode.ts';
import type { UploadTokens } from './upload-tokens.ts';
import type { WatchHub } from './watch.ts';

export interface Caller {
  /** Names the client: `kubectl`, `window`. */
  readonly name: string;
  readonly transport: 'unix' | 'http' | 'port' | 'direct';
  /** What it may do. The socket's folder and the window are the user's own: admin. */
  readonly role: Role;
  /** Who, by the credential it showed; absent where there is none to show. */
  readonly user?: string;
}

/** HTTPS for kubectl, virtctl, Ansible. */
export interface ApiDoor {
  /** Where it listens, if it does. */
  state(): Promise<ApiAccess>;
  /** Listens from now on. Throws ServiceUnavailable. */
  open(): Promise<ApiAccess>;
  issueToken(role: Role): BearerToken;
}

export interface RouterOptions {
  readonly engine: Engine;
  readonly schemas: Schemas;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** Opens a loopback listener for a browser. Absent: such requests are refused. */
  readonly listeners?: () => Promise<ListenerAddress>;
  /** Absent: such requests are refused. */
  readonly apiDoor?: ApiDoor;
}

export interface Parts extends RouterOptions {
  readonly watches: WatchHub;
  readonly textOf: TextOf;
  readonly uploadTokens: UploadTokens;
}

/** One request on its way through a route. */
export interface Exchange {
  readonly request: Request;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Decoded path parameters by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller;
}

export type Handler = (parts: Parts, exchange: Exchange) => Response | Promise<Response>;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly method: Method;
  /** `/apis/{group}/{version}`: a name in braces takes one segment. */
  readonly path: string;
  readonly handle: Handler;
}
