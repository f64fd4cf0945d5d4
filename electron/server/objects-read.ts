// Owns get, list and watch of every kind.
// Must not change anything.
import { AppError } from '../api/errors.ts';
import { resourceId } from '../api/kinds/kind.ts';
import type { KubeObject } from '../api/object.ts';
import { listAnswer, type ListMeta, objectAnswer, shapeOf } from './encode.ts';
import type { Exchange, Parts } from './exchange.ts';
import { keyAt, targetAt } from './object-target.ts';
import { badOption, choice, flag, wholeNumber } from './query.ts';
import { selector } from './selectors.ts';
import { errorLine } from './watch-events.ts';

export function getObject(parts: Parts, exchange: Exchange): Response {
  const shape = shapeOf(exchange);
  const { kind, key } = keyAt(exchange.params);
  const object = parts.engine.get(key);
  return objectAnswer(parts, kind, { object, shape, status: 200, managedFields: parts.engine.managedFields(key) });
}

export function listObjects(parts: Parts, exchange: Exchange): Response {
  if (flag(exchange.query, 'watch') === true) return watchObjects(parts, exchange);
  const { query, params } = exchange;
  const shape = shapeOf(exchange);
  const { kind, namespace } = targetAt(params);
  const matches = selector(kind, query);
  const { items, resourceVersion } = parts.engine.list(resourceId(kind), namespace);
  checkVersion(query, resourceVersion);
  const chosen = matches === undefined ? items : items.filter(matches);
  const page = pageOf(chosen, { query, resourceVersion, selected: matches !== undefined });
  return listAnswer(parts, kind, { ...page, shape });
}

/** Every answer is the newest there is; a version that this server has not reached can only come from another one. */
function checkVersion(query: URLSearchParams, current: number): void {
  const asked = wholeNumber(query, 'resourceVersion');
  const match = choice(query, 'resourceVersionMatch', ['Exact', 'NotOlderThan']);
  if (match !== undefined && asked === undefined) {
    throw badOption('resourceVersionMatch', match, 'Give resourceVersion too, or neither.');
  }
  if (asked !== undefined && asked > current) throw new AppError('Timeout', `Too large resource version: ${asked}, current: ${current}`);
  if (match === 'Exact' && asked !== current) throw new AppError('Expired', `The resourceVersion for the provided list is too old.`);
}

interface Paging {
  readonly query: URLSearchParams;
  readonly resourceVersion: number;
  /** With a selector Kubernetes does not count what remains. */
  readonly selected: boolean;
}

interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: ListMeta;
}

/** All pages carry the version of the first: a watch from there misses nothing that changed between pages. */
function pageOf(all: readonly KubeObject[], { query, resourceVersion, selected }: Paging): Page {
  const limit = wholeNumber(query, 'limit') ?? 0;
  const token = readToken(query.get('continue') ?? '');
  const version = String(token?.version ?? resourceVersion);
  const from = token === undefined ? 0 : firstAfter(all, token.after);
  const to = limit === 0 ? all.length : Math.min(all.length, from + limit);
  const items = from === 0 && to === all.length ? all : all.slice(from, to);
  const last = items.at(-1);
  if (to >= all.length || last === undefined) return { items, metadata: { resourceVersion: version } };
  const next = writeToken({ version: Number(version), after: placeOf(last) });
  const remaining = selected ? {} : { remainingItemCount: all.length - to };
  return { items, metadata: { resourceVersion: version, continue: next, ...remaining } };
}

interface Token {
  readonly version: number;
  /** The last object of the page before. */
  readonly after: readonly [namespace: string, name: string];
}

function placeOf({ metadata }: KubeObject): Token['after'] {
  return [metadata.namespace ?? '', metadata.name];
}

function firstAfter(all: readonly KubeObject[], [namespace, name]: Token['after']): number {
  const found = all.findIndex((object) => {
    const [itsNamespace, itsName] = placeOf(object);
    return itsNamespace === namespace ? itsName > name : itsNamespace > namespace;
  });
  return found < 0 ? all.length : found;
}

function writeToken({ version, after }: Token): string {
  return Buffer.from(JSON.stringify([version, ...after])).toString('base64url');
}

function readToken(text: string): Token | undefined {
  if (text === '') return undefined;
  const bad = badOption('continue', text.slice(0, 100), 'Begin the list again without it.');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw bad;
  }
  if (!Array.isArray(value) || value.length !== 3) throw bad;
  const [version, namespace, name] = value as readonly unknown[];
  if (!Number.isSafeInteger(version) || typeof namespace !== 'string' || typeof name !== 'string') throw bad;
  return { version: Number(version), after: [namespace, name] };
}

function watchObjects(parts: Parts, exchange: Exchange): Response {
  const { query, params, request } = exchange;
  const { kind, namespace } = targetAt(params);
  const matches = selector(kind, query);
  const since = wholeNumber(query, 'resourceVersion');
  const timeoutSeconds = wholeNumber(query, 'timeoutSeconds');
  const initialEvents = flag(query, 'sendInitialEvents');
  const shape = shapeOf(exchange);
  const headers = { 'content-type': 'application/json;stream=watch', 'cache-control': 'no-store' };
  try {
    const events = parts.watches.open({
      kind,
      shape,
      bookmarks: flag(query, 'allowWatchBookmarks') === true,
      signal: request.signal,
      ...(namespace === undefined ? {} : { namespace }),
      ...(matches === undefined ? {} : { matches }),
      // Version 0 means "any": Kubernetes then begins with what there is.
      ...(since === undefined || since === 0 ? {} : { since }),
      ...(initialEvents === undefined ? {} : { initialEvents }),
      ...(timeoutSeconds === undefined || timeoutSeconds === 0 ? {} : { timeoutMs: timeoutSeconds * 1000 }),
    });
    return new Response(events, { headers });
  } catch (error) {
    if (error instanceof AppError && error.code === 'Expired') return new Response(errorLine(error.message), { headers });
    throw error;
  }
}
