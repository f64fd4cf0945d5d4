// Owns what a watch says: which event a change is to whom, and its line.
// Must not deliver; watch.ts does.
import { AppError, statusOf } from '../api/errors.ts';
import { apiVersionOf, type Kind, resourceId } from '../api/kinds/kind.ts';
import type { KubeObject } from '../api/object.ts';
import type { Engine } from '../engine/engine-port.ts';
import type { Change } from '../engine/ports.ts';
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

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Event {
  readonly type: EventType;
  readonly object: KubeObject;
}

/** What the watch begins with. A version that the feed no longer reaches is told as an event, as Kubernetes does. */
export function beginning(engine: Engine, request: WatchRequest): { readonly events: readonly Event[]; readonly resourceVersion: number } {
  const { kind, namespace, matches, since, initialEvents } = request;
  const { items, resourceVersion } = engine.list(resourceId(kind), namespace);
  if (initialEvents ?? since === undefined) {
    const chosen = matches === undefined ? items : items.filter(matches);
    return { events: chosen.map((object) => ({ type: 'ADDED', object })), resourceVersion };
  }
  const changes = since === undefined ? [] : engine.changesSince(since, resourceId(kind));
  if (changes === 'expired') throw expired(`too old resource version: ${since} (${resourceVersion})`);
  const events = changes.flatMap((change) => (change.resource === resourceId(kind) ? (eventFor(request, change) ?? []) : []));
  return { events, resourceVersion };
}

/** What the change is to somebody with this selection: an object that leaves it is deleted, one that enters it is added. */
export function eventFor({ namespace, matches }: WatchRequest, { type, object, previous, resourceVersion }: Change): Event | undefined {
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

export function eventLine(
  { request: { kind, shape }, toldColumns }: { readonly request: WatchRequest; readonly toldColumns: boolean },
  { type, object }: Event,
  encoding: { readonly textOf: TextOf; readonly now: number },
): string {
  return `{"type":"${type}","object":${shapedText(object, { ...encoding, kind, shape, withColumns: !toldColumns })}}\n`;
}

export function bookmarkLine(kind: Kind, resourceVersion: number, annotations?: Readonly<Record<string, string>>): string {
  const metadata = {
    resourceVersion: String(resourceVersion),
    creationTimestamp: null,
    ...(annotations === undefined ? {} : { annotations }),
  };
  return `${JSON.stringify({ type: 'BOOKMARK', object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } })}\n`;
}

function expired(message: string): AppError {
  return new AppError('Expired', message);
}

/** An ERROR event: Kubernetes answers a watch that cannot begin, or go on, with 200 and this line. */
export function errorLine(message: string): string {
  return `${JSON.stringify({ type: 'ERROR', object: statusOf(expired(message)) })}\n`;
}
