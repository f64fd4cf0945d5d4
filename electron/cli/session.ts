// Owns what every command needs: the running core, the namespace, and where to write.
// Must not know any command.
import { ensureCore, requestBytes, requestJson, requestLines, type ApiRequest, type CorePlaces } from './connection.ts';

export interface GlobalOptions {
  readonly namespace: string;
  readonly allNamespaces: boolean;
  /** Whether the user named the namespace, rather than took the default. */
  readonly namespaceGiven?: boolean;
}

export class Session {
  readonly where: CorePlaces;
  readonly namespace: string;
  readonly allNamespaces: boolean;
  readonly namespaceGiven: boolean;
  private ready: Promise<void> | undefined;

  constructor(where: CorePlaces, options: GlobalOptions) {
    this.where = where;
    this.namespace = options.namespace;
    this.allNamespaces = options.allNamespaces;
    this.namespaceGiven = options.namespaceGiven === true;
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
    return requestJson({ ...given, socket: this.where.socket });
  }

  async bytes(given: ApiRequest): Promise<Buffer> {
    await this.connected();
    return requestBytes({ ...given, socket: this.where.socket });
  }

  async *lines(given: ApiRequest & { readonly signal?: AbortSignal }): AsyncGenerator<unknown> {
    await this.connected();
    yield* requestLines({ ...given, socket: this.where.socket });
  }

  print(text: string): void {
    process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);
  }
}
