// Owns what the engine needs of clusters: requests, byte channels and the bytes of disks, by a context of a kubeconfig.
// Must not import any implementation.
import type { ByteChannel } from '../api/channel.ts';
import type { ContextList, KubeContext } from '../api/clusters.ts';
import type { ConnectionSpec } from '../api/kinds/connection.ts';
import type { Json, JsonObject } from '../api/object.ts';

/** Which context, and what may be run to sign in to it. */
export type ClusterPlace = Pick<ConnectionSpec, 'kubeconfig' | 'context' | 'allowedCommand'>;

export interface ClusterRequest {
  readonly method: string;
  /** Path and query, below the server's address. */
  readonly path: string;
  /** In lower case. Credentials are added, never taken from here. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Is handed what ends the request, at once. */
  readonly onBegin?: (cancel: () => void) => void;
}

export interface ClusterAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): void;
}

export interface ClusterQuestion {
  readonly method: string;
  readonly path: string;
  readonly body?: JsonObject;
  /** Absent: JSON. */
  readonly contentType?: string;
}

export interface AskedAnswer {
  readonly status: number;
  /** Undefined when it is no JSON: a proxy on the way answers with a page. */
  readonly value: Json | undefined;
  /** What the cluster warns of, in its words. */
  readonly warnings: readonly string[];
}

/** An address that a cluster told us, with what vouches for its certificate. */
export interface ByteAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** PEM, beside the authorities of this computer and that of the context. */
  readonly authorities?: string;
}

/** Every method throws NotFound, BadRequest or Forbidden for the kubeconfig, ServiceUnavailable for the line; their causes say it plainly. */
export interface ClusterPort {
  /** Absent: the user's own kubeconfig. */
  contexts(kubeconfig?: string): Promise<ContextList>;
  context(place: ClusterPlace): Promise<KubeContext>;
  request(place: ClusterPlace, request: ClusterRequest): Promise<ClusterAnswer>;
  /** The same with JSON both ways; `body` is sent as it is. Throws ServiceUnavailable for an answer without an end. */
  ask(place: ClusterPlace, question: ClusterQuestion): Promise<AskedAnswer>;
  /** A WebSocket of the cluster's API. Throws what the cluster answered in place of opening it. */
  open(place: ClusterPlace, path: string): Promise<ByteChannel>;
  /** Sends bytes with a POST. The context's own credentials do not go there. */
  send(place: ClusterPlace, to: ByteAddress, content: OutgoingBytes): Promise<void>;
  /** Reads bytes. The context's own credentials do not go there. */
  receive(place: ClusterPlace, from: ByteAddress, options: ReceiveOptions): Promise<IncomingBytes>;
}

export interface ReceiveOptions {
  /** The bytes are packed with gzip on the way. */
  readonly gzip: boolean;
  readonly onBegin: (cancel: () => void) => void;
}

export interface IncomingBytes {
  /** Unpacked. Fails when the line was cut. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** `sha256:HEX` of what was read, unpacked. */
  digest(): string;
}

export interface OutgoingBytes {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly totalBytes: number;
  readonly onBegin: (cancel: () => void) => void;
}
