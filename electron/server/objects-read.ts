// Owns get, list and watch of every kind.
// Must not change anything.
import { AppError } from '../api/errors.ts';
import { listAnswer, objectAnswer, shapeOf } from './encode.ts';
import type { Exchange, Parts } from './exchange.ts';
import { listPage } from './list-page.ts';
import { keyAt, targetAt } from './object-target.ts';
import { flag, wholeNumber } from './query.ts';
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
  const { items, metadata } = listPage(parts.engine, { kind, query, ...(namespace === undefined ? {} : { namespace }) }, matches);
  return listAnswer(parts, kind, { items, metadata, shape });
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
