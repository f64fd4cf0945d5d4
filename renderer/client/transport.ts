// Owns what a carrier of the API must do: one call, one byte channel.
// Must not know any carrier.
import type { ByteChannel } from '../../electron/api/channel.ts';

export interface TransportInit {
  readonly method?: string;
  /** Header names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A Blob is streamed, never read into memory whole. */
  readonly body?: string | Blob;
  readonly signal?: AbortSignal;
  /** The answer goes on until it is aborted (a watch): the carrier may give it a line of its own. */
  readonly endless?: boolean;
}

export interface Transport {
  /** Rejects with TransportError when nobody answers; a refusal is a Response like any other. */
  fetch(path: string, init?: TransportInit): Promise<Response>;
  /** Bytes written before the channel is open are kept. A channel that cannot open closes with the reason. */
  open(path: string): ByteChannel;
  close(): void;
}

/** Nobody answered: the core is gone or the line is cut. */
export class TransportError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportError';
  }
}
