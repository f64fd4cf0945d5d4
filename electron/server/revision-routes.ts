// Owns the routes of the journal: reading revisions, hearing of new ones, taking one back.
// Must not decide what can be taken back; the engine does.
import type { RevisionList } from '../api/revision.ts';
import { json } from './answer.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { lineStream } from './line-stream.ts';
import { writeOptions } from './write-request.ts';
import { flag, wholeNumber } from './query.ts';

const root = '/apis/virtdeck.io/v1alpha1/revisions';
const defaultLimit = 100;
const maxLimit = 1_000;

export const revisionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: root,
    handle: (parts, exchange) => (flag(exchange.query, 'watch') === true ? watch(parts, exchange) : list(parts, exchange)),
  },
  { method: 'GET', path: `${root}/{name}`, handle: ({ engine }, { params }) => json(engine.revision(params['name'] ?? '')) },
  ...(['undo', 'restore'] as const).map((how): Route => ({
    method: 'POST',
    path: `${root}/{name}/${how}`,
    handle: async ({ engine }, exchange) => json(await engine.takeBack(how, exchange.params['name'] ?? '', writeOptions(exchange))),
  })),
];

function list({ engine }: Parts, { query }: Exchange): Response {
  const [resource, namespace, name] = ['resource', 'namespace', 'name'].map((word) => query.get(word) ?? undefined);
  const before = wholeNumber(query, 'before');
  const items = engine.revisions({
    ...(resource === undefined ? {} : { resource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(before === undefined ? {} : { before }),
    limit: Math.min(wholeNumber(query, 'limit') ?? defaultLimit, maxLimit),
  });
  return json({ apiVersion: 'virtdeck.io/v1alpha1', kind: 'RevisionList', items } satisfies RevisionList);
}

function watch({ engine }: Parts, { request }: Exchange): Response {
  return lineStream(request, (send) => engine.watchRevisions(send));
}
