// Owns one answer over a message port: frames become a Response whose body is read at the reader's speed.
// Must not start the exchange.
import type { ServerFrame } from '../../electron/api/frames.ts';
import type { Exchange } from './exchange.ts';
import { TransportError } from './transport.ts';

export interface PendingResponse {
  readonly promise: Promise<Response>;
  /** Called with the bytes of the request's own body that the other end has taken. */
  onAck: { listener: (bytes: number) => void };
  fail(error: Error): void;
}

export function portResponse(line: Exchange, signal?: AbortSignal): PendingResponse {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const onAck = { listener: (_bytes: number): void => undefined };
  const chunks: Uint8Array[] = [];
  let ended: { readonly error?: Error } | undefined;
  let wake: (() => void) | undefined;

  function finish(error?: Error): void {
    if (ended !== undefined) return;
    ended = { error };
    line.forget();
    if (error !== undefined) reject(error);
    wake?.();
  }

  // highWaterMark 0: a chunk is taken, and acknowledged, only when the reader asks.
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (chunks.length === 0 && ended === undefined) await new Promise<void>((awake) => (wake = awake));
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          controller.enqueue(chunk);
          if (ended === undefined) line.post({ type: 'ack', id: line.id, bytes: chunk.byteLength });
        } else if (ended?.error !== undefined) controller.error(ended.error);
        else controller.close();
      },
      cancel() {
        if (ended === undefined) line.post({ type: 'cancel', id: line.id });
        finish();
      },
    },
    { highWaterMark: 0 },
  );

  signal?.addEventListener('abort', () => {
    if (ended === undefined) line.post({ type: 'cancel', id: line.id });
    finish(new DOMException('The request was given up.', 'AbortError'));
  });
  line.onFrame((frame: ServerFrame) => {
    switch (frame.type) {
      case 'response':
        resolve(new Response(bodiless(frame.status) ? null : body, { status: frame.status, headers: frame.headers }));
        return;
      case 'chunk':
        chunks.push(frame.data);
        wake?.();
        return;
      case 'ack':
        onAck.listener(frame.bytes);
        return;
      case 'end':
        finish(frame.reason === undefined ? undefined : new TransportError(frame.reason));
        return;
      case 'opened':
        return;
    }
  });
  return { promise, onAck, fail: finish };
}

/** The Response constructor refuses a body with these. */
function bodiless(status: number): boolean {
  return status === 204 || status === 304;
}
