// Owns the routes of this computer's memory: who has what, merging of equal pages, pools of huge pages.
// Must not gather or change anything; the engine does.
import type { HugePageChange } from '../api/huge-pages.ts';
import type { Json } from '../api/object.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';
import { lineStream } from './line-stream.ts';
import { badOption, flag } from './query.ts';

const memory = '/apis/virtdeck.io/v1alpha1/memory';
const hugePages = '/apis/virtdeck.io/v1alpha1/hugepages';

export const memoryRoutes: readonly Route[] = [
  { method: 'GET', path: memory, handle: memoryReport },
  { method: 'PUT', path: `${memory}/merging`, handle: mergePages },
  { method: 'GET', path: hugePages, handle: async ({ engine }) => json(await engine.hugePages()) },
  { method: 'POST', path: hugePages, handle: changeHugePages },
];

/** With `watch`: a line every two seconds while somebody reads. */
async function memoryReport({ engine }: Parts, { query, request }: Exchange): Promise<Response> {
  if (flag(query, 'watch') !== true) return json(await engine.memory());
  return lineStream(request, (send) => engine.watchMemory(send), { drop: true });
}

async function mergePages({ engine }: Parts, { request }: Exchange): Promise<Response> {
  const value = (await readBody(request))?.value;
  if (!isObject(value) || typeof value['enabled'] !== 'boolean') throw badOption('enabled', '', 'Send {"enabled": true} or false.');
  return json(await engine.mergePages(value['enabled']));
}

async function changeHugePages({ engine }: Parts, { request }: Exchange): Promise<Response> {
  return json(await engine.changeHugePages(pageChange((await readBody(request))?.value)));
}

function pageChange(value: Json | undefined): HugePageChange {
  if (!isObject(value)) throw badOption('<root>', '', 'Send {"numaNode": 0, "pageSize": "2Mi", "count": 512}.');
  const { numaNode = 0, pageSize, count, more, when = 'now', ...unknown } = value;
  const [strange] = Object.keys(unknown);
  if (strange !== undefined) throw badOption(strange, '', 'Send numaNode, pageSize, count or more, and when.');
  if (typeof numaNode !== 'number') throw badOption('numaNode', JSON.stringify(numaNode), 'Use the number of a memory node.');
  if (typeof pageSize !== 'string') throw badOption('pageSize', JSON.stringify(pageSize) ?? '', 'Use 2Mi or 1Gi.');
  if (when !== 'now' && when !== 'boot') throw badOption('when', JSON.stringify(when), 'Use now or boot.');
  return { numaNode, pageSize, when, ...pages('count', count), ...pages('more', more) };
}

function pages(name: 'count' | 'more', value: Json | undefined): Pick<HugePageChange, 'count' | 'more'> {
  if (value === undefined) return {};
  if (typeof value !== 'number') throw badOption(name, JSON.stringify(value), 'Use a number of pages.');
  return { [name]: value };
}
