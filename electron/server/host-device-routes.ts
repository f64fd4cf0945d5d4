// Owns the routes of this computer's devices, and of trials of them.
// Must not read or judge them; the engine does.
import { type NewDeviceTrial, trialSeconds } from '../api/device-trials.ts';
import type { Json } from '../api/object.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';
import { lineStream } from './line-stream.ts';
import { badOption, flag } from './query.ts';

const root = '/apis/virtdeck.io/v1alpha1/host-devices';

const trials = '/apis/virtdeck.io/v1alpha1/device-trials';

export const hostDeviceRoutes: readonly Route[] = [
  { method: 'GET', path: root, handle: hostDevices },
  { method: 'PUT', path: `${root}/{address}/virtual-functions`, handle: setVirtualFunctions },
  { method: 'POST', path: `${root}/mediated-devices`, handle: retryMediatedDevices },
  { method: 'GET', path: trials, handle: deviceTrials },
  { method: 'POST', path: trials, handle: tryDevice },
  {
    method: 'POST',
    path: `${trials}/{address}/keep`,
    handle: async ({ engine }, { params }) => json(await engine.keepDevice(params['address'] ?? '')),
  },
  { method: 'POST', path: `${trials}/{address}/revert`, handle: revertDevice },
];

/** With `watch`: now, and again after each change. A change is told once, so that none may be dropped for a slow reader. */
async function hostDevices({ engine }: Parts, { query, request }: Exchange): Promise<Response> {
  if (flag(query, 'watch') !== true) return json(await engine.hostDevices());
  return lineStream(request, (send) => engine.watchHostDevices(send));
}

async function setVirtualFunctions({ engine }: Parts, { params, request }: Exchange): Promise<Response> {
  const value = (await readBody(request))?.value;
  const { count, ...unknown } = isObject(value) ? value : {};
  const [strange] = Object.keys(unknown);
  if (strange !== undefined) throw badOption(strange, '', 'Send count alone.');
  if (typeof count !== 'number') throw badOption('count', JSON.stringify(count) ?? '', 'Send {"count": 4}.');
  await engine.setVirtualFunctions({ address: params['address'] ?? '', count });
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}

/** HyperConverged says which are wanted. A refusal stands until somebody comes here, or something else is wanted. */
async function retryMediatedDevices({ engine }: Parts): Promise<Response> {
  engine.retryMediatedDevices();
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}

async function deviceTrials({ engine }: Parts, { query, request }: Exchange): Promise<Response> {
  if (flag(query, 'watch') !== true) return json(await engine.deviceTrials());
  return lineStream(request, (send) => engine.watchDeviceTrials(send));
}

async function tryDevice({ engine }: Parts, { request }: Exchange): Promise<Response> {
  return json(await engine.tryDevice(newTrial((await readBody(request))?.value)), 201);
}

function newTrial(value: Json | undefined): NewDeviceTrial {
  if (!isObject(value)) throw badOption('<root>', '', 'Send {"address": "0000:01:00.0", "seconds": 30}.');
  const { address, seconds = trialSeconds.usual, ...unknown } = value;
  const [strange] = Object.keys(unknown);
  if (strange !== undefined) throw badOption(strange, '', 'Send address and seconds alone.');
  if (typeof address !== 'string') throw badOption('address', JSON.stringify(address) ?? '', 'Name the PCI device, such as 0000:01:00.0.');
  if (typeof seconds !== 'number') throw badOption('seconds', JSON.stringify(seconds), 'Use a number of seconds.');
  return { address, seconds };
}

async function revertDevice({ engine }: Parts, { params }: Exchange): Promise<Response> {
  await engine.revertDevice(params['address'] ?? '');
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}
