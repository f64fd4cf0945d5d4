// Owns the routes of the preparation of this computer for passthrough.
// Must not plan or write anything; the engine does.
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';
import { lineStream } from './line-stream.ts';
import { badOption, flag } from './query.ts';

const root = '/apis/virtdeck.io/v1alpha1/preparation';

export const preparationRoutes: readonly Route[] = [
  { method: 'GET', path: root, handle: plan },
  { method: 'POST', path: root, handle: apply },
  { method: 'GET', path: `${root}/changes`, handle: changes },
  { method: 'DELETE', path: `${root}/changes`, handle: async ({ engine }) => json(await engine.undoPreparation()) },
  {
    method: 'DELETE',
    path: `${root}/changes/{id}`,
    handle: async ({ engine }, { params }) => json(await engine.undoPreparation(params['id'])),
  },
  { method: 'GET', path: `${root}/card`, handle: async ({ engine }) => json(await engine.recoveryCard()) },
];

/** `?devices=0000:01:00.0,0000:01:00.1`; without: what MachineConfigs want. */
async function plan({ engine }: Parts, { query }: Exchange): Promise<Response> {
  return json(await engine.preparation(devicesOf(query.get('devices') ?? '')));
}

/** Answers when every step is done; who watches the changes is told of each. */
async function apply({ engine }: Parts, { request }: Exchange): Promise<Response> {
  const value = (await readBody(request))?.value;
  const { devices = [], digest } = isObject(value) ? value : {};
  if (typeof digest !== 'string') throw badOption('digest', '', 'Send the digest of the plan that was shown.');
  if (!Array.isArray(devices)) throw badOption('devices', '', 'Send a list of addresses.');
  return json(await engine.applyPreparation({ devices: devicesOf(devices.map(String).join(',')), digest }));
}

/** With `watch`: now, and again after each change. */
async function changes({ engine }: Parts, { query, request }: Exchange): Promise<Response> {
  if (flag(query, 'watch') !== true) return json(await engine.preparationChanges());
  return lineStream(request, (send) => engine.watchPreparationChanges(send), { drop: true });
}

function devicesOf(text: string): readonly string[] {
  const devices = text.split(',').filter((address) => address !== '');
  const wrong = devices.find((address) => !/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(address));
  if (wrong !== undefined) throw badOption('devices', wrong, 'Write addresses as: 0000:01:00.0');
  return devices;
}
