// Owns the router's end of api/frames.ts: requests and byte channels over one message port.
// Must not know whose port it is.
import type { ByteChannel } from '../api/channel.ts';
import { type ClientFrame, frameWindowBytes, type ServerFrame } from '../api/frames.ts';
import { openRefusal } from './answer.ts';
import { incomingBody, type IncomingBody } from './frames-body.ts';
import type { Caller, Router } from './router.ts';

/** A pair of ends that copies what is posted. What arrives is checked: a page may post anything. */
export interface FramePort {
  postMessage(frame: ServerFrame): void;
  onMessage(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** One request or channel under way. */
interface Exchange {
  onFrame(frame: ClientFrame): void;
  /** The client gave up, or the port closed. */
  cancel(reason?: string): void;
}

/** Serves until the port closes; everything under way then ends. */
export function serveFrames(port: FramePort, router: Router, caller: Caller): void {
  const exchanges = new Map<number, Exchange>();
  port.onMessage((frame) => {
    if (!isClientFrame(frame)) return;
    const known = exchanges.get(frame.id);
    if (frame.type === 'request' || frame.type === 'open') {
      // An id is used once.
      if (known !== undefined) return;
      const post = (reply: ServerFrame): void => {
        if (exchanges.has(frame.id)) port.postMessage(reply);
      };
      const line = { id: frame.id, post, forget: () => exchanges.delete(frame.id) };
      exchanges.set(
        frame.id,
        frame.type === 'request' ? requestExchange(line, frame, { router, caller }) : channelExchange(line, frame.path, { router, caller }),
      );
    } else if (frame.type === 'cancel') {
      exchanges.delete(frame.id);
      known?.cancel(frame.reason);
    } else known?.onFrame(frame);
  });
  port.onClose(() => {
    const open = [...exchanges.values()];
    exchanges.clear();
    for (const exchange of open) exchange.cancel('The window has gone.');
  });
}

interface Line {
  readonly id: number;
  /** Says nothing once the exchange is over. */
  post(frame: ServerFrame): void;
  forget(): void;
}

interface Serving {
  readonly router: Router;
  readonly caller: Caller;
}

function requestExchange(line: Line, frame: ClientFrame & { readonly type: 'request' }, { router, caller }: Serving): Exchange {
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
  return router.handle(new Request(`http://virtdeck${path}`, init), caller);
}

function bodyOf(body: Uint8Array | string | undefined): Uint8Array<ArrayBuffer> | string | undefined {
  return body instanceof Uint8Array ? new Uint8Array(body) : body;
}

interface Sending {
  readonly outgoing: SendWindow;
  readonly signal: AbortSignal;
}

async function sendResponse(line: Line, response: Response, { outgoing, signal }: Sending): Promise<void> {
  line.post({ type: 'response', id: line.id, status: response.status, headers: Object.fromEntries(response.headers) });
  const reader = response.body?.getReader();
  signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined), { once: true });
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    outgoing.sent(next.value.byteLength);
    line.post({ type: 'chunk', id: line.id, data: exact(next.value) });
    await outgoing.open();
  }
  line.post({ type: 'end', id: line.id });
}

/** Posting a view clones the whole buffer under it: small Buffers lie in a pool of 8 KiB. */
function exact(data: Uint8Array): Uint8Array {
  return data.byteLength === data.buffer.byteLength ? data : new Uint8Array(data);
}

interface SendWindow {
  sent(bytes: number): void;
  acknowledge(bytes: number): void;
  isOpen(): boolean;
  /** Resolves when there is room again. */
  open(): Promise<void>;
}

function sendWindow(onOpen: () => void = () => undefined): SendWindow {
  let unacknowledged = 0;
  let wake: (() => void) | undefined;
  const isOpen = (): boolean => unacknowledged < frameWindowBytes;
  return {
    sent(bytes) {
      unacknowledged += bytes;
    },
    acknowledge(bytes) {
      const was = isOpen();
      unacknowledged = Math.max(0, unacknowledged - bytes);
      if (was || !isOpen()) return;
      wake?.();
      onOpen();
    },
    isOpen,
    open: () => (isOpen() ? Promise.resolve() : new Promise((resolve) => (wake = resolve))),
  };
}

function channelExchange(line: Line, path: string, { router, caller }: Serving): Exchange {
  let channel: ByteChannel | undefined;
  let cancelled = false;
  const early: Uint8Array[] = [];
  const outgoing = sendWindow(() => channel?.resume());
  let taken = 0;
  const acknowledge = (): void => {
    if (taken > 0) line.post({ type: 'ack', id: line.id, bytes: taken });
    taken = 0;
  };
  const write = (to: ByteChannel, data: Uint8Array): void => {
    taken += data.byteLength;
    // Without the ack the sender stops one window later: that is how the guest's pace reaches it.
    if (to.write(data)) acknowledge();
  };
  const opened = (found: ByteChannel): void => {
    channel = found;
    if (cancelled) return found.close();
    line.post({ type: 'opened', id: line.id });
    found.onDrain(acknowledge);
    found.onClose((reason) => {
      line.post({ type: 'end', id: line.id, ...(reason === undefined ? {} : { reason }) });
      line.forget();
    });
    found.onData((chunk) => {
      outgoing.sent(chunk.byteLength);
      line.post({ type: 'chunk', id: line.id, data: exact(chunk) });
      if (!outgoing.isOpen()) found.pause();
      // Posting has copied it.
      return 'done';
    });
    for (const data of early.splice(0)) write(found, data);
  };
  router.open(path, caller).then(opened, async (error: unknown) => {
    await sendResponse(line, openRefusal(error), { outgoing, signal: new AbortController().signal });
    line.forget();
  });
  return {
    onFrame(frame) {
      if (frame.type === 'ack') outgoing.acknowledge(frame.bytes);
      if (frame.type === 'chunk') {
        if (channel === undefined) early.push(frame.data);
        else write(channel, frame.data);
      }
      if (frame.type === 'end') {
        line.forget();
        channel?.close();
      }
    },
    cancel(reason) {
      cancelled = true;
      channel?.close(reason);
    },
  };
}

const frameTypes: readonly unknown[] = ['request', 'open', 'chunk', 'end', 'cancel', 'ack'];

function isClientFrame(value: unknown): value is ClientFrame {
  if (typeof value !== 'object' || value === null) return false;
  const frame = value as Readonly<Record<string, unknown>>;
  if (!frameTypes.includes(frame['type']) || typeof frame['id'] !== 'number') return false;
  switch (frame['type']) {
    case 'request':
      return (
        typeof frame['method'] === 'string' && isPath(frame['path']) && typeof frame['headers'] === 'object' && frame['headers'] !== null
      );
    case 'open':
      return isPath(frame['path']);
    case 'chunk':
      return frame['data'] instanceof Uint8Array;
    case 'ack':
      return typeof frame['bytes'] === 'number';
    default:
      return true;
  }
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/');
}
