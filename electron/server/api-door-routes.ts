// Owns the routes that give programs access: where HTTPS listens, client certificates, tokens; and the rotation of certificates.
// Must not hand out credentials over TCP: who is in already would keep access for others.
import { roles, type Role } from '../api/certificates.ts';
import { AppError } from '../api/errors.ts';
import { timestamp } from '../api/timestamp.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { ApiDoor, Caller, Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';
import { badOption } from './query.ts';

const root = '/apis/virtdeck.io/v1alpha1';

export const apiDoorRoutes: readonly Route[] = [
  { method: 'GET', path: `${root}/apiaccess`, handle: async (parts) => json(await doorOf(parts).state()) },
  { method: 'POST', path: `${root}/apiaccess`, handle: openDoor },
  { method: 'POST', path: `${root}/credentials`, handle: issueCredential },
  { method: 'POST', path: `${root}/tokens`, handle: issueToken },
  { method: 'POST', path: `${root}/certificates/rotate`, handle: rotate },
];

async function openDoor(parts: Parts, { caller }: Exchange): Promise<Response> {
  onlyNear(caller);
  return json(await doorOf(parts).open(), 201);
}

async function issueCredential(parts: Parts, { request, caller }: Exchange): Promise<Response> {
  onlyNear(caller);
  const body = await fieldsOf(request);
  const publicKey = body['publicKey'];
  if (typeof publicKey !== 'string') throw badOption('publicKey', String(publicKey), 'Send an ECDSA P-256 public key as PEM.');
  // Its use is a call over HTTPS that follows at once: where nobody is let in, this says so better than a port that is shut.
  if ((await doorOf(parts).state()).server === undefined) throw notLetIn();
  const { certificate, notAfterMs } = await parts.engine.issueClientCertificate({ publicKey, user: userOf(body), role: roleIn(body) });
  return json({ certificate, notAfter: timestamp(notAfterMs) }, 201);
}

async function issueToken(parts: Parts, { request, caller }: Exchange): Promise<Response> {
  onlyNear(caller);
  return json(doorOf(parts).issueToken(roleIn(await fieldsOf(request))), 201);
}

async function rotate({ engine }: Parts, { request }: Exchange): Promise<Response> {
  const { scope = 'authority' } = await fieldsOf(request);
  if (scope !== 'authority' && scope !== 'servers') throw badOption('scope', String(scope), 'Use "authority" or "servers".');
  await engine.rotateCertificates(scope);
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}

/** The socket's folder is the user's alone, and the desktop window is theirs; everybody on this computer can reach a port. */
function onlyNear({ transport }: Caller): void {
  if (transport !== 'http') return;
  throw new AppError('Forbidden', 'Access is handed out on the unix socket alone. Ask there: virtdeck kubeconfig');
}

function notLetIn(): AppError {
  const message = 'Programs are not let in over HTTPS.';
  const fix = 'Allow it in the settings, or run: virtdeck kubeconfig';
  return new AppError('Forbidden', `${message} ${fix}`, { causes: [{ reason: 'Forbidden', field: 'spec.apiAccess', message, fix }] });
}

function doorOf({ apiDoor }: Parts): ApiDoor {
  if (apiDoor === undefined) throw new AppError('ServiceUnavailable', 'This core does not serve HTTPS.');
  return apiDoor;
}

async function fieldsOf(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const value = (await readBody(request))?.value ?? {};
  if (!isObject(value)) throw badOption('<root>', '', 'Send a JSON object.');
  return value;
}

function roleIn({ role = 'admin' }: Readonly<Record<string, unknown>>): Role {
  const found = roles.find((name) => name === role);
  if (found === undefined) throw badOption('role', String(role), 'Use "admin" or "view".');
  return found;
}

/** For the log and for managedFields; what it may do is the role's. */
function userOf({ user }: Readonly<Record<string, unknown>>): string {
  return typeof user === 'string' && /^[\w.@-]{1,64}$/.test(user) ? user : 'owner';
}
