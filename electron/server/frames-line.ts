// Owns what requests and consoles over a message port share: their line on the port, and the window of unacknowledged bytes.
// Must not start an exchange.
import { type ClientFrame, frameWindowBytes, type ServerFrame } from '../api/frames.ts';
import type { Caller, Router } from './router.ts';

/** One request or channel under way. */
export interface Exchange {
  onFrame(frame: ClientFrame): void;
  /** The client gave up, or the port closed. */
  cancel(reason?: string): void;
}

export interface Line {
  readonly id: number;
  /** Says nothing once the exchange is over. */
  post(frame: ServerFrame): void;
  forget(): void;
}

export interface Serving {
  readonly router: Router;
  readonly caller: Caller;
}

export interface Sending {
  readonly outgoing: SendWindow;
  readonly signal: AbortSignal;
}

export async function sendResponse(line: Line, response: Response, { outgoing, signal }: Sending): Promise<void> {
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
export function exact(data: Uint8Array): Uint8Array {
  return data.byteLength === data.buffer.byteLength ? data : new Uint8Array(data);
}

export interface SendWindow {
  sent(bytes: number): void;
  acknowledge(bytes: number): void;
  isOpen(): boolean;
  /** Resolves when there is room again. */
  open(): Promise<void>;
}

export function sendWindow(onOpen: () => void = () => undefined): SendWindow {
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
