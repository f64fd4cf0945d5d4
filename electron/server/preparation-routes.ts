// Owns the routes of the preparation of this computer for passthrough.
// Must not plan or write anything; the engine does.
import { json } from './answer.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { badOption } from './query.ts';

const root = '/apis/virtdeck.io/v1alpha1/preparation';

export const preparationRoutes: readonly Route[] = [{ method: 'GET', path: root, handle: plan }];

/** `?devices=0000:01:00.0,0000:01:00.1`; without: what MachineConfigs want. */
async function plan({ engine }: Parts, { query }: Exchange): Promise<Response> {
  return json(await engine.preparation(devicesOf(query.get('devices') ?? '')));
}

export function devicesOf(text: string): readonly string[] {
  const devices = text.split(',').filter((address) => address !== '');
  const wrong = devices.find((address) => !/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(address));
  if (wrong !== undefined) throw badOption('devices', wrong, 'Write addresses as: 0000:01:00.0');
  return devices;
}
