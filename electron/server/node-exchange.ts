// Owns carrying one request of node:http to a standard Request, and a Response back, at the pace of both ends.
// Must not route.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../api/errors.ts';

/** Throws BadRequest for a target that is no plain path. The signal aborts when the client leaves before the answer's end. */
export function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/' } = incoming;
  checkTarget(url);
  const init = { method, headers: headersOf(incoming), signal };
  const target = `http://virtdeck${url}`;
  if (method === 'GET' || method === 'HEAD' || !hasBody(incoming)) return new Request(target, init);
  return new Request(target, { ...init, body: bodyOf(incoming), duplex: 'half' });
}

/** What may wait between the socket and a slow disk. */
const bodyHighWaterBytes = 1024 * 1024;

/** Readable.toWeb would end the connection, and the answer with it, when a refusal leaves the body unread. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        incoming.pause();
        incoming.on('data', (chunk: Buffer<ArrayBuffer>) => {
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        });
        incoming.once('end', () => controller.close());
        // A client that leaves before the end is an error, too.
        incoming.once('error', (error) => controller.error(error));
      },
      pull: () => void incoming.resume(),
      cancel: () => void discardBody(incoming),
    },
    { highWaterMark: bodyHighWaterBytes, size: (chunk) => chunk?.byteLength ?? 0 },
  );
}

/** Cuts a client off that stops within its body. Of one that waits for a slow disk of ours nothing is expected. */
export function cutWhenSilent(incoming: IncomingMessage, idleMs: number): void {
  if (incoming.complete || !hasBody(incoming)) return;
  let seen = -1;
  const timer = setInterval(() => {
    const { bytesRead } = incoming.socket;
    if (incoming.complete) clearInterval(timer);
    else if (bytesRead === seen && !incoming.isPaused()) incoming.destroy();
    seen = bytesRead;
  }, idleMs);
  timer.unref();
  incoming.once('close', () => clearInterval(timer));
}

/** Past this the connection is not worth keeping. */
const maxDiscardedBytes = 64 * 1024 * 1024;

/**
 * Many clients read the answer only after they have sent their body, and Node ends the connection with the answer when the
 * client asked for that: the rest of a body that nobody wants is let through first. Resolves at its end.
 */
function discardBody(incoming: IncomingMessage): Promise<void> {
  if (incoming.complete || incoming.destroyed) return Promise.resolve();
  let discarded = 0;
  incoming.removeAllListeners('data');
  incoming.removeAllListeners('end');
  return new Promise((resolve) => {
    incoming.once('end', resolve);
    incoming.once('close', resolve);
    incoming.on('data', (chunk: Buffer) => {
      discarded += chunk.byteLength;
      if (discarded > maxDiscardedBytes) incoming.destroy();
    });
    incoming.resume();
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0');
}

function headersOf({ headers }: IncomingMessage): Headers {
  const found = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') found.set(name, value);
    else for (const each of value ?? []) found.append(name, each);
  }
  return found;
}

/** Resolves when the answer has been handed over, or the client has gone. Rejects when the body breaks off: the client then sees a cut connection. */
export async function respond(outgoing: ServerResponse, response: Response): Promise<void> {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  outgoing.writeHead(response.status, headers);
  if (response.body === null || outgoing.req.method === 'HEAD') {
    await Promise.all([response.body?.cancel(), discardBody(outgoing.req)]);
    outgoing.end();
    return;
  }
  const reader = response.body.getReader();
  const onClose = (): void => void reader.cancel().catch(() => undefined);
  outgoing.once('close', onClose);
  const length = Number(response.headers.get('content-length') ?? -1);
  // A watch that has nothing to say yet is open all the same: the client waits for the headers.
  if (length < 0) outgoing.flushHeaders();
  try {
    for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) {
      // One packet instead of two for the ordinary answer.
      if (next.value.byteLength === length && outgoing.req.complete) outgoing.end(next.value);
      else if (!outgoing.write(next.value)) await drained(outgoing);
    }
    await discardBody(outgoing.req);
    outgoing.end();
  } catch (error) {
    // An end would look like the whole answer.
    outgoing.destroy();
    throw error;
  } finally {
    outgoing.off('close', onClose);
  }
}

async function drained(outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.once('drain', done);
    outgoing.once('close', done);
  });
}

/** Node takes the first of two; something on the way here may have taken the other. */
export function checkSingleHost({ headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>): void {
  const { host = [] } = headersDistinct;
  if (host.length <= 1) return;
  const message = 'the request names more than one Host';
  throw new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field: 'Host', message }] });
}

/** Dot segments, also encoded, and backslashes are resolved by URL parsers, each in its own way. */
export function checkTarget(url: string): void {
  const [path = ''] = url.split(/[?#]/);
  const tricky = !path.startsWith('/') || path.startsWith('//') || path.includes('\\') || /\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path);
  if (!tricky && URL.canParse(`http://virtdeck${url}`)) return;
  const message = `the request target ${JSON.stringify(url.slice(0, 200))} is not a plain path`;
  throw new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field: 'path', message }] });
}
