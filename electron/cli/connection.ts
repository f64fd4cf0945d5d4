// Owns talking to a core over its unix socket: requests, streamed lines, byte channels; and starting one when there is none.
// Must not know any command.
import { spawn } from 'node:child_process';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import type { Status } from '../api/errors.ts';

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

/** Sends one request; throws ApiRefusal, or the socket's error (ECONNREFUSED, ENOENT) when no core answers. */
export async function requestJson(given: ApiRequest & { readonly socket: string }): Promise<unknown> {
  const text = (await readAll(await send(given))).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

export async function requestBytes(given: ApiRequest & { readonly socket: string }): Promise<Buffer> {
  return readAll(await send(given));
}

/** Each line of a watch, parsed, until the server ends it or `signal` fires. */
export async function* requestLines(
  given: ApiRequest & { readonly socket: string; readonly signal?: AbortSignal },
): AsyncGenerator<unknown> {
  const response = await send(given);
  given.signal?.addEventListener('abort', () => response.destroy());
  try {
    for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
      if (line !== '') yield JSON.parse(line);
    }
  } catch (error) {
    if (given.signal?.aborted !== true) throw error;
  }
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
    outgoing.once('error', reject);
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
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Opens a console or a VNC connection; throws ApiRefusal when the server refuses it. */
export async function openWebSocket(socket: string, path: string): Promise<WebSocket> {
  const opened = new WebSocket(`ws+unix:${socket}:${path}`, ['plain.kubevirt.io'], { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    opened.once('open', () => resolve(opened));
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
  try {
    await requestBytes({ socket: where.socket, path: '/readyz' });
    return;
  } catch (error) {
    if (!['ECONNREFUSED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  const launcher = new URL('../virtdeck.mjs', import.meta.url).pathname;
  const args = ['--disable-warning=ExperimentalWarning', launcher, 'serve', '--data', where.dataDir, '--run', where.runDir];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
    child.stdout.once('data', () => resolve());
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(complaint.trim() || `virtdeck serve ended with status ${code}.`)));
  });
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  child.unref();
}
