// Owns a byte channel dressed as the WebSocket that noVNC expects.
// Must not know RFB.
import type { ByteChannel } from '../../../electron/api/channel.ts';

/**
 * noVNC demands these eight properties on the object or on its immediate prototype: send, close, binaryType, onerror, onmessage,
 * onopen, protocol, readyState. It sets `onclose` too.
 */
export class VncChannel {
  binaryType = 'arraybuffer';
  readonly protocol = '';
  readyState: 'open' | 'closed' = 'open';
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
  /** Why it ended, in the core's words; empty for a normal end. */
  closeReason = '';
  readonly #channel: ByteChannel;
  #waiting: Uint8Array[] = [];
  #blocked = false;

  constructor(channel: ByteChannel) {
    this.#channel = channel;
    // A copy: the chunk may be reused after the listener returns, and noVNC takes an ArrayBuffer of its own.
    channel.onData((chunk) => this.onmessage?.({ data: new Uint8Array(chunk).buffer }));
    channel.onDrain(() => this.#flush());
    channel.onClose((reason = '') => this.#closed(reason));
  }

  /** noVNC sends a view of a buffer that it fills again: copied here. */
  send(data: ArrayBuffer | Uint8Array): void {
    if (this.readyState === 'closed') return;
    const copy = new Uint8Array(data.byteLength);
    copy.set(data instanceof Uint8Array ? data : new Uint8Array(data));
    this.#waiting.push(copy);
    if (!this.#blocked) this.#flush();
  }

  close(): void {
    if (this.readyState === 'closed') return;
    this.#channel.close();
    this.#closed('');
  }

  #flush(): void {
    this.#blocked = false;
    while (!this.#blocked && this.#waiting.length > 0) this.#blocked = !this.#channel.write(this.#waiting.shift()!);
  }

  #closed(reason: string): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.closeReason = reason;
    this.#waiting = [];
    // A turn later, as a WebSocket does: noVNC sets its timer for a late close after it has called close().
    queueMicrotask(() => this.onclose?.({ code: reason === '' ? 1000 : 1011, reason }));
  }
}
