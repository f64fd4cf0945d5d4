// Owns the routes of this computer's networks.
// Must not make anything; the engine does.
import type { NewBridge } from '../api/networks.ts';
import type { Json } from '../api/object.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';
import { badOption } from './query.ts';

const root = '/apis/virtdeck.io/v1alpha1/networks';
const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } as const;

export const networkRoutes: readonly Route[] = [
  { method: 'GET', path: root, handle: async ({ engine }) => json(await engine.networks()) },
  { method: 'POST', path: `${root}/bridges`, handle: makeBridge },
  { method: 'DELETE', path: `${root}/bridges/{name}`, handle: removeBridge },
];

async function makeBridge({ engine }: Parts, { request }: Exchange): Promise<Response> {
  await engine.makeBridge(newBridge((await readBody(request))?.value));
  return json(success, 201);
}

function newBridge(value: Json | undefined): NewBridge {
  if (!isObject(value)) throw badOption('<root>', '', 'Send {"name": "br1"}.');
  const { name, vlanFiltering = false, ...unknown } = value;
  const [strange] = Object.keys(unknown);
  if (strange !== undefined) throw badOption(strange, '', 'Send name and vlanFiltering alone.');
  if (typeof name !== 'string') throw badOption('name', '', 'Name the bridge.');
  if (typeof vlanFiltering !== 'boolean') throw badOption('vlanFiltering', JSON.stringify(vlanFiltering), 'Use true or false.');
  return { name, vlanFiltering };
}

async function removeBridge({ engine }: Parts, { params }: Exchange): Promise<Response> {
  await engine.removeBridge(params['name'] ?? '');
  return json(success);
}
