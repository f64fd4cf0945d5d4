// Owns a byte channel over a WebSocket of a cluster: KubeVirt's consoles, with back-pressure both ways.
// Must not look into the bytes.
import type { WebSocket } from 'ws';
import type { ByteChannel, ChunkListener } from '../../api/channel.ts';
import { AppError, type ErrorCode, errorTable } from '../../api/errors.ts';
import { urlOf, type Way } from './credentials.ts';
import { lineFailure } from './line-failure.ts';

/** The subprotocol of KubeVirt's consoles; ports of a guest have the same. */
const protocol = 'plain.kubevirt.io';
/** What may wait for the cluster before the typist is told to stop. */
const highWaterBytes = 256 * 1024;

export async function openWebSocket(way: Way, path: string): Promise<ByteChannel> {
  const { WebSocket: Client } = await import('ws');
  const url = urlOf(way, path);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  const socket = new Client(url, [protocol], {
    agent: way.agent,
    headers: { ...way.headers },
    perMessageDeflate: false,
    handshakeTimeout: 20_000,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => {
      // A guest that prints at once has printed before anybody listens.
      socket.pause();
      resolve();
    });
    socket.once('error', (error) => reject(lineFailure(way.server.origin, error)));
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => reject(refusalOf(response.statusCode ?? 502, Buffer.concat(chunks).toString('utf8'))));
    });
  });
  return channelOf(socket);
}

function channelOf(socket: WebSocket): ByteChannel {
  let listener: ChunkListener | undefined;
  let paused = false;
  let blocked = false;
  const drainListeners = new Set<() => void>();
  const closed = new Promise<string | undefined>((resolve) => {
    socket.on('error', (error) => resolve(error.message));
    socket.once('close', (code, reason) =>
      resolve(code === 1000 || code === 1005 ? undefined : reason.toString() || `the line was cut (${code})`),
    );
  });
  const onSent = (): void => {
    if (!blocked || socket.bufferedAmount > highWaterBytes / 2) return;
    blocked = false;
    for (const drained of drainListeners) drained();
  };
  return {
    write(chunk) {
      if (socket.readyState !== socket.OPEN) return true;
      socket.send(chunk, onSent);
      blocked ||= socket.bufferedAmount > highWaterBytes;
      return !blocked;
    },
    onData(given) {
      listener = given;
      socket.on('message', (data: Buffer) => void listener?.(data));
      if (!paused) socket.resume();
    },
    onDrain: (given) => void drainListeners.add(given),
    onClose: (given) => void closed.then(given),
    pause() {
      paused = true;
      socket.pause();
    },
    resume() {
      paused = false;
      if (listener !== undefined) socket.resume();
    },
    close: (reason) => socket.close(1000, reason?.slice(0, 60)),
  };
}

/** What the cluster answered in place of a console, in its own words. */
function refusalOf(status: number, text: string): AppError {
  const code = (Object.keys(errorTable) as ErrorCode[]).find((known) => errorTable[known].status === status) ?? 'ServiceUnavailable';
  return new AppError(code, messageIn(text) ?? `the cluster did not open the console (${status})`);
}

function messageIn(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const message = typeof parsed === 'object' && parsed !== null && 'message' in parsed ? parsed.message : undefined;
    return typeof message === 'string' ? message : undefined;
  } catch {
    // KubeVirt refuses in plain text, too.
    return text.trim() === '' ? undefined : text.trim().slice(0, 300);
  }
}
