// Owns watches: one subscription to the engine, fanned out; each change is written once per representation, not per watcher.
// Must not read requests; objects.ts does.
import { AppError } from '../api/errors.ts';
import { apiVersionOf, resourceId } from '../api/kinds/kind.ts';
import type { ResourceId } from '../api/object.ts';
import type { Engine } from '../engine/engine-port.ts';
import type { Change, Clock } from '../engine/ports.ts';
import type { TextOf } from './encode.ts';
import { beginning, bookmarkLine, errorLine, eventFor, eventLine, type WatchRequest } from './watch-events.ts';

export interface WatchHub {
  /** JSON lines of events. Ends by itself when the reader is slower than the changes, with a 410 to begin again from. */
  open(request: WatchRequest): ReadableStream<Uint8Array>;
  /** How many are open. */
  count(): number;
}

/** What a watcher that does not read may make us keep. */
export const maxUnreadBytes = 4 * 1024 * 1024;
/** A window has ten, an informer one; past this somebody opens them without end. */
export const maxWatches = 1_000;
/** Kubernetes sends bookmarks about once a minute; here only after a change, so that an idle server does nothing. */
const bookmarkMs = 60_000;

interface Watcher {
  readonly request: WatchRequest;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** The version up to which it knows everything. */
  seen: number;
  /** Table columns go out with the first event only. */
  toldColumns: boolean;
  end(): void;
}

export interface WatchHubOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly textOf: TextOf;
}

export function createWatchHub({ engine, clock, textOf }: WatchHubOptions): WatchHub {
  const watchers = new Map<ResourceId, Set<Watcher>>();
  let unsubscribe: (() => void) | undefined;
  let cancelBookmarks: (() => void) | undefined;
  let count = 0;
  let newest = 0;

  const onChanges = (changes: readonly Change[]): void => {
    newest = Math.max(newest, changes.at(-1)?.resourceVersion ?? 0);
    const lines = new Map<string, string>();
    const batches = new Map<Watcher, string[]>();
    for (const change of changes) {
      lines.clear();
      for (const watcher of watchers.get(change.resource) ?? []) {
        const line = lineFor(watcher, change, lines);
        if (line === undefined) continue;
        const batch = batches.get(watcher);
        if (batch === undefined) batches.set(watcher, [line]);
        else batch.push(line);
      }
    }
    deliver(batches);
    cancelBookmarks ??= clock.after(bookmarkMs, sendBookmarks);
  };

  /** The event's line for this watcher, taken from `lines` when another of the same representation had it made. */
  const lineFor = (watcher: Watcher, change: Change, lines: Map<string, string>): string | undefined => {
    if (change.resourceVersion <= watcher.seen) return undefined;
    watcher.seen = change.resourceVersion;
    const event = eventFor(watcher.request, change);
    if (event === undefined) return undefined;
    const { kind, shape } = watcher.request;
    const key = `${apiVersionOf(kind)} ${shape.key} ${watcher.toldColumns} ${event.type}`;
    const known = lines.get(key);
    const line = known ?? eventLine(watcher, event, { textOf, now: clock.now() });
    if (known === undefined) lines.set(key, line);
    watcher.toldColumns = true;
    return line;
  };

  const sendBookmarks = (): void => {
    cancelBookmarks = undefined;
    for (const watcher of [...watchers.values()].flatMap((set) => [...set])) {
      if (watcher.request.bookmarks) send(watcher, Buffer.from(bookmarkLine(watcher.request.kind, newest)));
    }
  };

  const add = (watcher: Watcher): void => {
    const resource = resourceId(watcher.request.kind);
    watchers.set(resource, (watchers.get(resource) ?? new Set()).add(watcher));
    count += 1;
    unsubscribe ??= engine.subscribe(onChanges);
  };

  const remove = (watcher: Watcher): void => {
    if (watchers.get(resourceId(watcher.request.kind))?.delete(watcher) !== true) return;
    count -= 1;
    if (count > 0) return;
    unsubscribe?.();
    unsubscribe = undefined;
    cancelBookmarks?.();
    cancelBookmarks = undefined;
  };

  const open = (request: WatchRequest): ReadableStream<Uint8Array> => {
    if (count >= maxWatches) throw tooMany();
    const { events, resourceVersion } = beginning(engine, request);
    newest = Math.max(newest, resourceVersion);
    const watched = { request, toldColumns: false };
    const lines = events.map((event) => {
      const line = eventLine(watched, event, { textOf, now: clock.now() });
      watched.toldColumns = true;
      return line;
    });
    if (request.initialEvents === true) lines.push(bookmarkLine(request.kind, resourceVersion, { 'k8s.io/initial-events-end': 'true' }));
    const first = Buffer.from(lines.join(''));
    let watcher: Watcher | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start(controller) {
          watcher = started({ request, controller, seen: resourceVersion, toldColumns: watched.toldColumns }, clock, remove);
          add(watcher);
          if (first.byteLength > 0) controller.enqueue(first);
        },
        cancel: () => watcher?.end(),
      },
      // What was there at the beginning may lie unread beside the changes since.
      { highWaterMark: first.byteLength + maxUnreadBytes, size: (chunk) => chunk?.byteLength ?? 0 },
    );
  };
  return { open, count: () => count };
}

function tooMany(): AppError {
  const message = `${maxWatches} watches are open, and more are not served. Close some, or try again later.`;
  return new AppError('TooManyRequests', message, { causes: [{ reason: 'TooManyRequests', field: 'watch', message }] });
}

/** Ends, at whatever comes first: the client leaves, its time is up, it reads too slowly. */
function started(state: Omit<Watcher, 'end'>, clock: Clock, remove: (watcher: Watcher) => void): Watcher {
  const { signal, timeoutMs } = state.request;
  const cancelTimer = timeoutMs === undefined ? undefined : clock.after(timeoutMs, () => close());
  const watcher: Watcher = {
    ...state,
    end() {
      remove(watcher);
      cancelTimer?.();
      signal.removeEventListener('abort', close);
    },
  };
  const close = (): void => {
    watcher.end();
    state.controller.close();
  };
  if (signal.aborted) queueMicrotask(close);
  else signal.addEventListener('abort', close, { once: true });
  return watcher;
}

function deliver(batches: ReadonlyMap<Watcher, readonly string[]>): void {
  // Watchers of one representation mostly have the same lines: encode equal text once.
  const encoded = new Map<string, Uint8Array>();
  for (const [watcher, lines] of batches) {
    const text = lines.length === 1 ? (lines[0] ?? '') : lines.join('');
    const chunk = encoded.get(text) ?? Buffer.from(text);
    encoded.set(text, chunk);
    send(watcher, chunk);
  }
}

function send(watcher: Watcher, chunk: Uint8Array): void {
  const room = watcher.controller.desiredSize ?? 0;
  if (room >= chunk.byteLength) {
    watcher.controller.enqueue(chunk);
    return;
  }
  watcher.end();
  watcher.controller.enqueue(Buffer.from(errorLine('the watch was not read fast enough: list again and watch from there')));
  watcher.controller.close();
}
