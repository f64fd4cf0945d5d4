// Owns one request over a message port, from its frames to the frames of its answer.
// Must not route.
import type { ClientFrame } from '../api/frames.ts';
import { AppError } from '../api/errors.ts';
import { openRefusal } from './answer.ts';
import { incomingBody, type IncomingBody } from './frames-body.ts';
import { type Exchange, type Line, sendResponse, sendWindow, type Serving } from './frames-line.ts';

export function requestExchange(line: Line, frame: ClientFrame & { readonly type: 'request' }, { router, caller }: Serving): Exchange {
  const abort = new AbortController();
  const body = frame.streaming === true ? incomingBody((bytes) => line.post({ type: 'ack', id: line.id, bytes })) : undefined;
  const outgoing = sendWindow();
  const run = async (): Promise<void> => {
    const response = await answer(frame, { router, caller, body, signal: abort.signal });
    await sendResponse(line, response, { outgoing, signal: abort.signal });
    line.forget();
  };
  run().catch((error: unknown) => {
    line.post({ type: 'end', id: line.id, reason: error instanceof Error ? error.message : String(error) });
    line.forget();
  });
  return {
    onFrame(next) {
      if (next.type === 'ack') outgoing.acknowledge(next.bytes);
      if (next.type === 'chunk') body?.push(next.data);
      if (next.type === 'end') body?.end();
    },
    cancel(reason) {
      abort.abort();
      body?.fail(new Error(reason ?? 'The request was given up.'));
      outgoing.acknowledge(Infinity);
    },
  };
}

interface Answering extends Serving {
  readonly body: IncomingBody | undefined;
  readonly signal: AbortSignal;
}

async function answer(frame: ClientFrame & { readonly type: 'request' }, { router, caller, body, signal }: Answering): Promise<Response> {
  const { method, headers, path } = frame;
  const content = body?.stream ?? bodyOf(frame.body);
  const init = { method, headers, signal, ...(content === undefined ? {} : { body: content, duplex: 'half' as const }) };
  let request: Request;
  try {
    request = new Request(`http://virtdeck${path}`, init);
  } catch (error) {
    // A method or header that cannot be: Request says which.
    return openRefusal(new AppError('BadRequest', error instanceof Error ? error.message : String(error)));
  }
  return router.handle(request, caller);
}

function bodyOf(body: Uint8Array | string | undefined): Uint8Array<ArrayBuffer> | string | undefined {
  return body instanceof Uint8Array ? new Uint8Array(body) : body;
}
