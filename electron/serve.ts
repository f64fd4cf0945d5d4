// Owns the headless entry: the core over a unix socket, over HTTPS when asked, and the page over loopback HTTP. Prints one JSON line when ready.
// Must never name electron.
import { parseArgs } from 'node:util';
import type { ListenerAddress } from './api/computer.ts';
import { AppError } from './api/errors.ts';
import { compose } from './compose.ts';
import { tellDesktop } from './desktop/notify-send.ts';
import { places } from './places.ts';
import type { ApiAddress } from './server/api-door.ts';
import { listen, type Listening } from './server/http.ts';

export interface ServeOptions {
  readonly data?: string | undefined;
  readonly run?: string | undefined;
  /** `HOST:PORT` for HTTPS; port 0 takes that of last time, or a free one. Without it nothing listens on TCP. */
  readonly listen?: string | undefined;
  /** HOST may be an address that other computers reach. */
  readonly expose?: boolean | undefined;
  /** A window is about to be opened on this computer: `url` is for it. */
  readonly page?: boolean;
  readonly holder: string;
}

export interface Served {
  readonly socket: string;
  /** With a one-time code; present with `listen` (HTTPS) and `page` (HTTP on the loopback). */
  readonly url?: string;
  close(): Promise<void>;
}

/** Throws AppError for what the user can mend. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { dataDir, runDir, socket } = places(options);
  const api = options.listen === undefined ? undefined : listenAddress(options.listen, options.expose === true);
  const opened: Listening[] = [];
  // Plain HTTP on the loopback: a browser would warn of our certificate, and teach its user to click warnings away. Nobody but
  // root reads the loopback, the code works once, and the cookie is bound to this port. One listener takes any number of codes.
  const listeners = async (): Promise<ListenerAddress> => {
    const { router, log, auth, assets } = composition;
    const known = opened.find((listening) => listening.origin !== undefined);
    const listening = known ?? (await listen({ router, log, tcp: { host: '127.0.0.1', port: 0, auth, assets } }));
    if (known === undefined) opened.push(listening);
    return { url: `${listening.origin}/?code=${auth.issueCode()}` };
  };
  const composition = await compose({ dataDir, runDir, socket, holder: options.holder, listeners, api });
  // Whoever looks at another window is told, too.
  const stopTelling = options.page === true ? tellDesktop(composition.router) : undefined;
  const close = async (): Promise<void> => {
    stopTelling?.();
    await Promise.all(opened.map((listening) => listening.close()));
    await composition.close();
  };
  try {
    opened.push(await listen({ router: composition.router, log: composition.log, unixSocket: socket }));
    const secure = api === undefined ? undefined : (await composition.apiDoor.open()).server;
    const url = secure === undefined ? undefined : `${secure}/?code=${composition.auth.issueCode()}`;
    const page = options.page === true ? await listeners() : {};
    return { socket, ...(url === undefined ? {} : { url }), ...page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `127.0.0.1:8443`, `[::1]:0`, `localhost:0`; `0.0.0.0:8443` only with `--expose`. */
function listenAddress(text: string, expose: boolean): ApiAddress {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port <= 65_535)) throw new AppError('BadRequest', `--listen ${text} is not HOST:PORT, such as 127.0.0.1:0.`);
  if (!expose && !isLoopback(host)) {
    throw new AppError(
      'BadRequest',
      `--listen ${text} would offer every machine to the network. Use 127.0.0.1, ::1 or localhost, or add --expose if that is what you want.`,
    );
  }
  return { host, port };
}

function isLoopback(host: string): boolean {
  return ['127.0.0.1', '::1', 'localhost'].includes(host);
}

/** `virtdeck serve`: runs until SIGINT or SIGTERM. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { data: { type: 'string' }, run: { type: 'string' }, listen: { type: 'string' }, expose: { type: 'boolean' } },
    });
    if (values.expose === true && values.listen !== undefined && !isLoopback(listenAddress(values.listen, true).host)) {
      process.stderr.write(exposeWarning);
    }
    const served = await serve({ ...values, holder: 'virtdeck serve' });
    // Before the line is out: whoever reads it may send the signal at once.
    const stopped = stopSignal();
    process.stdout.write(`${JSON.stringify({ socket: served.socket, url: served.url })}\n`);
    await stopped;
    await served.close();
  } catch (error) {
    process.stderr.write(`${startRefusal(error)}\n`);
    process.exitCode = 1;
  }
}

const exposeWarning =
  'Warning: other computers can reach this API now. Whoever has a client certificate or a token of the role admin ' +
  'runs programs here as you. Hand out --view where that is enough, and keep the port behind a firewall.\n';

/** What the user can mend is a sentence: a refusal, a wrong option, a folder that cannot be had. A fault of ours keeps its stack. */
export function startRefusal(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOption = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return error instanceof AppError || isOption || 'syscall' in error ? error.message : (error.stack ?? error.message);
}

/** Resolves at the first SIGINT or SIGTERM. */
export function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}
