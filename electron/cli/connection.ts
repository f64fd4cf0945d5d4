// Owns talking to a core over its unix socket: requests, streamed lines, byte channels; and starting one when there is none.
// Must not know any command.
import { spawn } from 'node:child_process';
import { closeSync, type FSWatcher, mkdtempSync, openSync, readFileSync, rmSync, watch } from 'node:fs';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WebSocket } from 'ws';
import type { Status } from '../api/errors.ts';
import { nodeFlags } from '../node-flags.mjs';

export interface ApiRequest {
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  /** Raw body instead of JSON. */
  readonly raw?: string;
  readonly contentType?: string;
  readonly accept?: string;
}

/** What the API refused, in its own words. */
export class ApiRefusal extends Error {
  readonly status: Status;
  constructor(status: Status) {
    super(status.message ?? 'The request was refused.');
    this.name = 'ApiRefusal';
    this.status = status;
  }
}

/** The core ended while it was asked, or while it was watched. */
export class CoreGone extends Error {
  constructor(options?: ErrorOptions) {
    super(
      'the connection to the core was lost: it ended. Machines that were running run on; the next command starts a core again',
      options,
    );
  }
}

/** Sends one request; throws ApiRefusal, or the socket's error (ECONNREFUSED, ENOENT) when no core answers. */
export async function requestJson(given: ApiRequest & { readonly socket: string }): Promise<unknown> {
  const text = (await readAll(await send(given))).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

export async function requestBytes(given: ApiRequest & { readonly socket: string }): Promise<Buffer> {
  return readAll(await send(given));
}

/** Each line of a watch, parsed, until `signal` fires. Throws CoreGone when the server ends it. */
export async function* requestLines(
  given: ApiRequest & { readonly socket: string; readonly signal?: AbortSignal },
): AsyncGenerator<unknown> {
  const response = await send(given);
  given.signal?.addEventListener('abort', () => response.destroy());
  response.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of response) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line);
    }
  } catch (error) {
    if (given.signal?.aborted !== true) throw isLost(error) ? new CoreGone({ cause: error }) : error;
  } finally {
    // Whoever stops reading stops the watch; what the closing socket says then concerns nobody.
    response.on('error', () => undefined);
    response.destroy();
  }
  if (given.signal?.aborted !== true) throw new CoreGone();
}

function isLost(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
}

async function send(given: ApiRequest & { readonly socket: string }): Promise<IncomingMessage> {
  const body = given.raw ?? (given.body === undefined ? undefined : JSON.stringify(given.body));
  const headers = {
    accept: given.accept ?? 'application/json',
    'user-agent': 'virtdeck',
    ...(body === undefined ? {} : { 'content-type': given.contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpRequest({ socketPath: given.socket, method: given.method ?? 'GET', path: given.path, headers }, resolve);
    outgoing.once('error', (error) => reject(isLost(error) ? new CoreGone({ cause: error }) : error));
    outgoing.end(body);
  });
  if ((response.statusCode ?? 500) < 300) return response;
  const text = (await readAll(response)).toString('utf8');
  throw new ApiRefusal(statusFrom(text, response.statusCode ?? 500));
}

function statusFrom(text: string, code: number): Status {
  try {
    const parsed = JSON.parse(text) as Status;
    if (parsed.kind === 'Status') return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, message: text === '' ? `HTTP ${code}` : text };
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw isLost(error) ? new CoreGone({ cause: error }) : error;
  }
  return Buffer.concat(chunks);
}

/** Opens a console or a VNC connection; throws ApiRefusal when the server refuses it. */
export async function openWebSocket(socket: string, path: string): Promise<WebSocket> {
  // Consoles alone need it, and it takes longer to load than most commands take to run.
  const { WebSocket: Client } = await import('ws');
  const opened = new Client(`ws+unix:${socket}:${path}`, ['plain.kubevirt.io'], { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    opened.once('open', () => {
      // A server that speaks first (ssh does) may have spoken already: nothing is delivered before somebody listens.
      opened.pause();
      opened.on('newListener', (event) => {
        if (event === 'message') queueMicrotask(() => opened.resume());
      });
      resolve(opened);
    });
    opened.once('error', reject);
    opened.once('unexpected-response', (_request, response) => {
      readAll(response).then((body) => reject(new ApiRefusal(statusFrom(body.toString('utf8'), response.statusCode ?? 500))), reject);
    });
  });
}

export interface CorePlaces {
  readonly dataDir: string;
  readonly runDir: string;
  readonly socket: string;
}

/** Makes sure that a core answers on the socket: the one that runs, or a new `virtdeck serve` that outlives this command. */
export async function ensureCore(where: CorePlaces): Promise<void> {
  if (await answers(where.socket)) return;
  try {
    await startCore(where);
  } catch (error) {
    // Another command may have been starting the same core at this moment.
    if (!(await answersSoon(where))) throw error;
  }
}

async function answers(socket: string): Promise<boolean> {
  try {
    await requestBytes({ socket, path: '/readyz' });
    return true;
  } catch (error) {
    if (['ECONNREFUSED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** A core takes its data folder before it listens; a loaded computer needs a moment between the two. */
const startMs = 30_000;

async function answersSoon({ dataDir, socket }: CorePlaces): Promise<boolean> {
  const end = Date.now() + startMs;
  while (isBeingStarted(dataDir, socket) && Date.now() < end) {
    if (await answers(socket)) return true;
    await changeIn(dirname(socket), lookMs);
  }
  return answers(socket);
}

/** It may come between a look and the watch for it, or the other command may give up. */
const lookMs = 250;

/** Told by the kernel: who asks again and again takes the processor from the core that is starting. At the latest after `ms`. */
function changeIn(folder: string, ms: number): Promise<void> {
  return new Promise((resolve) => {
    let watcher: FSWatcher | undefined;
    const done = (): void => {
      clearTimeout(timer);
      watcher?.close();
      resolve();
    };
    const timer = setTimeout(done, ms);
    try {
      watcher = watch(folder, done);
      watcher.on('error', done);
    } catch {
      // An editor has used up all watches, or the folder is not there yet: then time passes.
    }
  });
}

/** Whether the one that holds the data folder will listen where we knock. */
function isBeingStarted(dataDir: string, socket: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(dataDir, 'holder.json'), 'utf8')) as { readonly socket?: string }).socket === socket;
  } catch {
    // Nobody holds it, or its description is being written: then there is nothing to wait for.
    return false;
  }
}

async function startCore(where: CorePlaces): Promise<void> {
  const launcher = new URL('../virtdeck.mjs', import.meta.url).pathname;
  const args = [...nodeFlags, launcher, 'serve', '--data', where.dataDir, '--run', where.runDir];
  const complaints = join(mkdtempSync(join(tmpdir(), 'virtdeck-')), 'stderr');
  // A file, not a pipe: the core outlives this command, and a warning written to a pipe without a reader would end it.
  const stderr = openSync(complaints, 'w', 0o600);
  try {
    const child = spawn(process.execPath, args, { detached: true, cwd: '/', stdio: ['ignore', 'pipe', stderr] });
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once('data', () => resolve());
      child.once('error', reject);
      child.once('exit', (code) => {
        reject(new Error(readFileSync(complaints, 'utf8').trim() || `virtdeck serve ended with status ${code}`));
      });
    });
    child.stdout?.destroy();
    child.unref();
  } finally {
    closeSync(stderr);
    rmSync(dirname(complaints), { recursive: true });
  }
}
