// Owns the routes of the map of this computer and the load of its processors.
// Must not gather anything; the engine does.
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';
import { lineStream } from './line-stream.ts';
import { badOption, flag } from './query.ts';

const root = '/apis/virtdeck.io/v1alpha1';

export const nodeRoutes: readonly Route[] = [
  { method: 'GET', path: `${root}/nodemap`, handle: async ({ engine }) => json(await engine.nodeMap()) },
  { method: 'POST', path: `${root}/nodemap`, handle: preview },
  { method: 'GET', path: `${root}/cpuload`, handle: watchLoad },
];

/** How it would be with these settings; nothing is changed. */
async function preview({ engine }: Parts, { request }: Exchange): Promise<Response> {
  const value = (await readBody(request))?.value;
  if (!isObject(value) || value['placement'] === undefined) throw badOption('placement', '', 'Send {"placement": {"by": "cache"}}.');
  return json(await engine.nodeMap(value['placement']));
}

/** With `watch`: a line a second while somebody reads. Without: the next line. */
function watchLoad({ engine }: Parts, { query, request }: Exchange): Response {
  return lineStream(request, (send) => engine.watchCpuLoad(send), { once: flag(query, 'watch') !== true, drop: true });
}
