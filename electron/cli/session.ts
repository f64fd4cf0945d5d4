// Owns what every command needs: the running core, the namespace, and where to write.
// Must not know any command.
import { plainText } from '../api/plain-text.ts';
import type { WebSocket } from 'ws';
import { ensureCore, openWebSocket, requestBytes, requestJson, requestLines, type ApiRequest, type CorePlaces } from './connection.ts';

export interface GlobalOptions {
  readonly namespace: string;
  readonly allNamespaces: boolean;
  /** Whether the user named the namespace, rather than took the default. */
  readonly namespaceGiven?: boolean;
  /** Name of the Connection whose cluster is meant; absent: this computer. */
  readonly connection?: string;
}

export class Session {
  readonly where: CorePlaces;
  readonly namespace: string;
  readonly allNamespaces: boolean;
  readonly namespaceGiven: boolean;
  readonly connection: string | undefined;
  private ready: Promise<void> | undefined;

  constructor(where: CorePlaces, options: GlobalOptions) {
    this.where = where;
    this.namespace = options.namespace;
    this.allNamespaces = options.allNamespaces;
    this.namespaceGiven = options.namespaceGiven === true;
    this.connection = options.connection;
  }

  /** Undefined: all of them. */
  get scope(): string | undefined {
    return this.allNamespaces ? undefined : this.namespace;
  }

  /** Starts a core at the first request when none runs. */
  connected(): Promise<void> {
    this.ready ??= ensureCore(this.where);
    return this.ready;
  }

  async request(given: ApiRequest): Promise<unknown> {
    await this.connected();
    return requestJson({ ...given, path: this.pathOf(given.path), socket: this.where.socket });
  }

  async bytes(given: ApiRequest): Promise<Buffer> {
    await this.connected();
    return requestBytes({ ...given, path: this.pathOf(given.path), socket: this.where.socket });
  }

  async *lines(given: ApiRequest & { readonly signal?: AbortSignal }): AsyncGenerator<unknown> {
    await this.connected();
    yield* requestLines({ ...given, path: this.pathOf(given.path), socket: this.where.socket });
  }

  /** A console, a screen or a port. */
  async openSocket(path: string): Promise<WebSocket> {
    await this.connected();
    return openWebSocket(this.where.socket, this.pathOf(path));
  }

  /** The same core, about this computer. */
  get home(): Session {
    const { namespace, allNamespaces, namespaceGiven } = this;
    return new Session(this.where, { namespace, allNamespaces, namespaceGiven });
  }

  private pathOf(path: string): string {
    if (this.connection === undefined) return path;
    return `/apis/virtdeck.io/v1alpha1/connections/${encodeURIComponent(this.connection)}/proxy${path}`;
  }

  /** Names, states and messages may come from a guest or a cluster: no escape sequence of theirs reaches the terminal. */
  print(text: string): void {
    const plain = plainText(text);
    process.stdout.write(plain.endsWith('\n') || plain === '' ? plain : `${plain}\n`);
  }
}
