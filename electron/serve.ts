// Owns the headless entry: the core over a unix socket, and over loopback HTTP when asked. Prints one JSON line when ready.
// Must never name electron.
import { parseArgs } from 'node:util';
import type { ListenerAddress } from './api/computer.ts';
import { AppError } from './api/errors.ts';
import { compose } from './compose.ts';
import { places } from './places.ts';
import { pageAssets } from './server/assets.ts';
import { createAuth } from './server/auth.ts';
import { listen, type Listening } from './server/http.ts';

export interface ServeOptions {
  readonly data?: string | undefined;
  readonly run?: string | undefined;
  /** `HOST:PORT`; port 0 takes a free one. Without it nothing listens on TCP. */
  readonly listen?: string | undefined;
  readonly holder: string;
}

export interface Served {
  readonly socket: string;
  /** With a one-time code; present with `listen`. */
  readonly url?: string;
  close(): Promise<void>;
}

/** Throws AppError for what the user can mend. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { dataDir, runDir, socket } = places(options);
  const address = options.listen === undefined ? undefined : listenAddress(options.listen);
  const assets = pageAssets(new URL('../dist/renderer', import.meta.url).pathname);
  const auth = createAuth();
  const opened: Listening[] = [];
  // One TCP listener is enough for any number of one-time codes.
  const openTcp = async (at: Address): Promise<ListenerAddress> => {
    const known = opened.find((listening) => listening.origin !== undefined);
    const listening = known ?? (await listen({ router: composition.router, log: composition.log, tcp: { ...at, auth, assets } }));
    if (known === undefined) opened.push(listening);
    return { url: `${listening.origin}/?code=${auth.issueCode()}` };
  };
  const listeners = (): Promise<ListenerAddress> => openTcp(address ?? { host: '127.0.0.1', port: 0 });
  const composition = await compose({ dataDir, runDir, socket, holder: options.holder, listeners });
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((listening) => listening.close()));
    await composition.close();
  };
  try {
    opened.push(await listen({ router: composition.router, log: composition.log, unixSocket: socket }));
    const url = address === undefined ? {} : await openTcp(address);
    return { socket, ...url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:8080`, `[::1]:0`, `localhost:0`. Other addresses than this computer's own are refused: the session cookie has no TLS around it. */
function listenAddress(text: string): Address {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port <= 65_535)) throw new AppError('BadRequest', `--listen ${text} is not HOST:PORT, such as 127.0.0.1:0.`);
  if (!['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new AppError(
      'BadRequest',
      `--listen ${text} would offer every machine to the network without TLS. Use 127.0.0.1, ::1 or localhost.`,
    );
  }
  return { host, port };
}

/** `virtdeck serve`: runs until SIGINT or SIGTERM. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { data: { type: 'string' }, run: { type: 'string' }, listen: { type: 'string' } },
    });
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
