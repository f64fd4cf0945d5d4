// Owns watches: one subscription to the engine, fanned out; each change is written once per representation, not per watcher.
// Must not read requests; objects.ts does.
import { AppError, statusOf } from '../api/errors.ts';
import { apiVersionOf, type Kind, resourceId } from '../api/kinds/kind.ts';
import type { KubeObject, ResourceId } from '../api/object.ts';
import type { Engine } from '../engine/engine-port.ts';
import type { Change, Clock } from '../engine/ports.ts';
import { shapedText, type Shape, type TextOf } from './encode.ts';
import type { Matches } from './selectors.ts';

export interface WatchRequest {
  readonly kind: Kind;
  readonly namespace?: string;
  readonly matches?: Matches;
  readonly shape: Shape;
  /** Changes after this version; undefined begins with everything there is as ADDED. */
  readonly since?: number;
  readonly bookmarks: boolean;
  /** True: everything there is as ADDED, then a bookmark that says so (Kubernetes' streaming list). False: never begin with it. */
  readonly initialEvents?: boolean;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

export interface WatchHub {
  /** JSON lines of events. Ends by itself when the reader is slower than the changes, with a 410 to begin again from. */
  open(request: WatchRequest): ReadableStream<Uint8Array>;
  /** How many are open. */
  count(): number;
}

/** What a watcher that does not read may make us keep. */
export const maxUnreadBytes = 4 * 1024 * 1024;
/** Kubernetes sends bookmarks about once a minute; here only after a change, so that an idle server does nothing. */
export const bookmarkMs = 60_000;

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

interface Event {
  readonly type: EventType;
  readonly object: KubeObject;
}

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
    const key = `${watcher.request.shape.key} ${watcher.toldColumns} ${event.type}`;
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

/** What the watch begins with. A version that the feed no longer reaches is told as an event, as Kubernetes does. */
function beginning(engine: Engine, request: WatchRequest): { readonly events: readonly Event[]; readonly resourceVersion: number } {
  const { kind, namespace, matches, since, initialEvents } = request;
  const { items, resourceVersion } = engine.list(resourceId(kind), namespace);
  if (initialEvents ?? since === undefined) {
    const chosen = matches === undefined ? items : items.filter(matches);
    return { events: chosen.map((object) => ({ type: 'ADDED', object })), resourceVersion };
  }
  const changes = since === undefined ? [] : engine.changesSince(since);
  if (changes === 'expired') throw expired(`too old resource version: ${since} (${resourceVersion})`);
  const events = changes.filter(({ resource }) => resource === resourceId(kind)).flatMap((change) => eventFor(request, change) ?? []);
  return { events, resourceVersion };
}

/** What the change is to somebody with this selection: an object that leaves it is deleted, one that enters it is added. */
function eventFor({ namespace, matches }: WatchRequest, { type, object, previous, resourceVersion }: Change): Event | undefined {
  if (namespace !== undefined && object.metadata.namespace !== namespace) return undefined;
  if (matches === undefined) return { type, object };
  const isIn = type !== 'DELETED' && matches(object);
  const wasIn = type !== 'ADDED' && matches(previous ?? object);
  if (isIn) return { type: wasIn ? 'MODIFIED' : 'ADDED', object };
  if (!wasIn) return undefined;
  // It left: the object as the watcher knew it, at the version of its leaving.
  const last = previous ?? object;
  return { type: 'DELETED', object: { ...last, metadata: { ...last.metadata, resourceVersion: String(resourceVersion) } } };
}

function eventLine(
  { request: { kind, shape }, toldColumns }: Pick<Watcher, 'request' | 'toldColumns'>,
  { type, object }: Event,
  encoding: { readonly textOf: TextOf; readonly now: number },
): string {
  return `{"type":"${type}","object":${shapedText(object, { ...encoding, kind, shape, withColumns: !toldColumns })}}\n`;
}

function bookmarkLine(kind: Kind, resourceVersion: number, annotations?: Readonly<Record<string, string>>): string {
  const metadata = {
    resourceVersion: String(resourceVersion),
    creationTimestamp: null,
    ...(annotations === undefined ? {} : { annotations }),
  };
  return `${JSON.stringify({ type: 'BOOKMARK', object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } })}\n`;
}

export function expired(message: string): AppError {
  return new AppError('Expired', message);
}

/** An ERROR event: Kubernetes answers a watch that cannot begin, or go on, with 200 and this line. */
export function errorLine(message: string): string {
  return `${JSON.stringify({ type: 'ERROR', object: statusOf(expired(message)) })}\n`;
}
