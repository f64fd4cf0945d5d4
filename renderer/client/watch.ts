// Owns a watch: the events of one resource from a resource version on.
// Must not retry; cache.ts does.
import type { Status } from '../../electron/api/errors.ts';
import type { KubeObject } from '../../electron/api/object.ts';
import { apiErrorOf } from './api-error.ts';
import { jsonLines } from './json-lines.ts';
import { withQuery } from './paths.ts';
import type { TransportInit } from './transport.ts';

export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

type WatchLine<T> = WatchEvent<T> | { readonly type: 'ERROR'; readonly object: Status };

/** Ends when the server ends it. Throws ApiError 410 when the version is too old: list again. */
export async function* watchEvents<T extends KubeObject>(
  call: (path: string, init: TransportInit) => Promise<Response>,
  collection: string,
  options: { readonly resourceVersion: string; readonly signal: AbortSignal; readonly onOpen?: () => void },
): AsyncGenerator<WatchEvent<T>> {
  const { resourceVersion, signal, onOpen } = options;
  const response = await call(withQuery(collection, { watch: true, allowWatchBookmarks: true, resourceVersion }), {
    signal,
    endless: true,
  });
  onOpen?.();
  for await (const line of jsonLines<WatchLine<T>>(response)) {
    if (line.type === 'ERROR') throw apiErrorOf(line.object);
    yield line;
  }
}
