// Owns the frames that carry one HTTP-shaped request, or one byte channel, over a message port.
// Must not know Electron: any pair of ports with postMessage will do.

/** Header names are lower case. Bodies travel as chunks; `end` closes one direction. */
export type ClientFrame =
  | {
      readonly type: 'request';
      readonly id: number;
      readonly method: string;
      /** Path and query, e.g. `/apis/kubevirt.io/v1/virtualmachines?watch=true`. */
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      /** The whole body when it is small; otherwise `streaming` and chunks follow. */
      readonly body?: Uint8Array | string;
      readonly streaming?: boolean;
    }
  | { readonly type: 'open'; readonly id: number; readonly path: string; readonly protocol: string }
  | { readonly type: 'chunk'; readonly id: number; readonly data: Uint8Array }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'cancel'; readonly id: number; readonly reason?: string }
  /** Bytes consumed since the last ack: MessagePorts have no bufferedAmount, so the sender counts. */
  | { readonly type: 'ack'; readonly id: number; readonly bytes: number };

export type ServerFrame =
  | {
      readonly type: 'response';
      readonly id: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly type: 'opened'; readonly id: number }
  | { readonly type: 'chunk'; readonly id: number; readonly data: Uint8Array }
  | { readonly type: 'end'; readonly id: number; readonly reason?: string }
  | { readonly type: 'ack'; readonly id: number; readonly bytes: number };

/** The sender stops when this many bytes are unacknowledged. */
export const frameWindowBytes = 1024 * 1024;
