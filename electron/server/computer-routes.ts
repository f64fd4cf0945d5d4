// Owns the routes of virtdeck.io/v1alpha1 that are no stored objects: this computer, images, usage, uploads.
// Must not gather anything; the engine does.
import { AppError } from '../api/errors.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { bytes, json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';
import { lineStream } from './line-stream.ts';
import { badOption, flag, isDryRun } from './query.ts';
import { instanceKey } from './subresources.ts';
import { managerOf } from './write-request.ts';

const root = '/apis/virtdeck.io/v1alpha1';
const inNamespace = `${root}/namespaces/{namespace}`;

export const computerRoutes: readonly Route[] = [
  { method: 'GET', path: `${root}/computer`, handle: async ({ engine }) => json(await engine.computer()) },
  { method: 'GET', path: `${root}/processor`, handle: async ({ engine }) => json(await engine.processor()) },
  { method: 'GET', path: `${root}/login-start`, handle: async ({ engine }) => json(await engine.loginStart()) },
  { method: 'PUT', path: `${root}/login-start`, handle: setLoginStart },
  { method: 'GET', path: `${root}/catalog`, handle: async ({ engine }) => json({ items: await engine.catalog() }) },
  { method: 'POST', path: `${root}/inspections`, handle: inspect },
  { method: 'GET', path: `${root}/directories`, handle: listDirectory },
  { method: 'GET', path: `${root}/usage`, handle: watchUsage },
  { method: 'POST', path: `${root}/listeners`, handle: openListener },
  { method: 'GET', path: `${inNamespace}/virtualmachineinstances/{name}/usage`, handle: usageHistory },
  { method: 'GET', path: `${inNamespace}/virtualmachineinstances/{name}/viewers`, handle: watchViewers },
  { method: 'GET', path: `${inNamespace}/virtualmachineinstances/{name}/serial-log`, handle: serialLog },
  { method: 'PUT', path: `${inNamespace}/virtualmachines/{name}/resetfirmware`, handle: resetFirmware },
  {
    method: 'GET',
    path: `${inNamespace}/virtualmachines/{name}/snapshotcheck`,
    handle: async ({ engine }, exchange) => json(await engine.snapshotCheck(machineKey(exchange))),
  },
  { method: 'PUT', path: `${inNamespace}/virtualmachines/{name}/suspend`, handle: suspend },
  { method: 'PUT', path: `${inNamespace}/virtualmachines/{name}/discardsavedstate`, handle: discardSavedState },
  { method: 'GET', path: `${inNamespace}/virtualmachineinstances/{name}/evidence`, handle: evidence },
  { method: 'GET', path: `${inNamespace}/virtualmachineinstances/{name}/evidence/{id}/screenshot`, handle: evidenceScreenshot },
  { method: 'PUT', path: `${inNamespace}/datavolumes/{name}/upload`, handle: upload },
];

async function setLoginStart({ engine }: Parts, { request }: Exchange): Promise<Response> {
  const value = (await readBody(request))?.value;
  const enabled = isObject(value) ? value['enabled'] : undefined;
  if (typeof enabled !== 'boolean') throw badOption('enabled', JSON.stringify(enabled) ?? '', 'Write true or false.');
  return json(await engine.setLoginStart(enabled));
}

async function inspect({ engine }: Parts, { request }: Exchange): Promise<Response> {
  const value = (await readBody(request))?.value;
  const path = isObject(value) ? value['path'] : undefined;
  return json(await engine.inspectImage(absolutePath(typeof path === 'string' ? path : '')));
}

async function listDirectory({ engine }: Parts, { query }: Exchange): Promise<Response> {
  return json(await engine.listDirectory(absolutePath(query.get('path') ?? '')));
}

function absolutePath(path: string): string {
  if (path.startsWith('/') && !path.includes('\0')) return path;
  throw badOption('path', path, 'Give an absolute path of a file or folder on this computer.');
}

/** With `watch`: a line a second while somebody reads. Without: the next line. */
function watchUsage({ engine }: Parts, { query, request }: Exchange): Response {
  const once = flag(query, 'watch') !== true;
  return lineStream(request, (send) => engine.watchUsage(send), { once, drop: true });
}

/** Told at once: with `watch` it goes on. */
function watchViewers({ engine }: Parts, { query, request, params }: Exchange): Response {
  const key = instanceKey(params);
  // A refusal is an answer, not the end of a stream.
  engine.watchViewers(key, () => undefined)();
  return lineStream(request, (send) => engine.watchViewers(key, send), { once: flag(query, 'watch') !== true });
}

function usageHistory({ engine }: Parts, { params }: Exchange): Response {
  return json({ samples: engine.usageHistory(instanceKey(params)) });
}

async function serialLog({ engine }: Parts, { params }: Exchange): Promise<Response> {
  return bytes(await engine.serialLog(instanceKey(params)), 'application/octet-stream');
}

async function resetFirmware({ engine }: Parts, exchange: Exchange): Promise<Response> {
  return json(await engine.resetFirmware(machineKey(exchange), { dryRun: isDryRun(exchange.query.getAll('dryRun')) }));
}

/** Answers when its memory is on disk. */
async function suspend({ engine }: Parts, exchange: Exchange): Promise<Response> {
  await engine.suspendToDisk(machineKey(exchange), { dryRun: isDryRun(exchange.query.getAll('dryRun')), manager: managerOf(exchange) });
  return new Response(null, { status: 202 });
}

async function discardSavedState({ engine }: Parts, exchange: Exchange): Promise<Response> {
  await engine.discardSavedState(machineKey(exchange), { dryRun: isDryRun(exchange.query.getAll('dryRun')) });
  return new Response(null, { status: 202 });
}

function machineKey({ params: { namespace = '', name = '' } }: Exchange): ObjectKey {
  return { resource: resources.virtualMachines, namespace, name };
}

async function evidence({ engine }: Parts, { params }: Exchange): Promise<Response> {
  return json({ items: await engine.evidence(instanceKey(params)) });
}

async function evidenceScreenshot({ engine }: Parts, { params }: Exchange): Promise<Response> {
  return bytes(await engine.evidenceScreenshot(instanceKey(params), params['id'] ?? ''), 'image/png');
}

/** The body is the image, as it is on disk; it goes through without being kept. */
async function upload({ engine }: Parts, { request, params }: Exchange): Promise<Response> {
  const { namespace = '', name = '' } = params;
  if (request.body === null) throw badOption('<root>', '', 'Send the bytes of the image as the body.');
  const length = request.headers.get('content-length');
  const totalBytes = length === null ? undefined : Number(length);
  await engine.upload({ resource: resources.dataVolumes, namespace, name }, request.body, totalBytes);
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}

/** The socket's folder is the user's alone; everybody else on this computer can reach a port. */
async function openListener({ listeners }: Parts, { caller }: Exchange): Promise<Response> {
  if (caller.transport === 'http') {
    throw new AppError('Forbidden', 'A browser address is handed out on the unix socket alone. Ask there, or run: virtdeck open');
  }
  if (listeners === undefined) throw new AppError('ServiceUnavailable', 'This core opens no listener for browsers.');
  return json(await listeners(), 201);
}
