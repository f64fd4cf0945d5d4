// Owns the routes of this computer's devices.
// Must not read or judge them; the engine does.
import { json } from './answer.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { lineStream } from './line-stream.ts';
import { flag } from './query.ts';

const root = '/apis/virtdeck.io/v1alpha1/host-devices';

export const hostDeviceRoutes: readonly Route[] = [{ method: 'GET', path: root, handle: hostDevices }];

/** With `watch`: now, and again after each change. */
async function hostDevices({ engine }: Parts, { query, request }: Exchange): Promise<Response> {
  if (flag(query, 'watch') !== true) return json(await engine.hostDevices());
  return lineStream(request, (send) => engine.watchHostDevices(send), { drop: true });
}
