// Owns what the two roles may do, asked of the rules and through the router.
// Must not test how a caller is recognised.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../electron/api/certificates.ts';
import { askedBy, isAllowed } from '../../electron/server/access.ts';
import { subresourceTable } from '../../electron/server/subresources.ts';
import type { Caller } from '../../electron/server/router.ts';
import { named, vm } from '../fakes/builders.ts';
import { type Core, startCore } from './core-fixture.ts';
import { json, merge, own, subresources, vms } from './rows.ts';

const object = { type: 'resource', group: 'kubevirt.io', resource: 'virtualmachines', subresource: '', namespace: 'default', name: 'web' };

test.each<{ readonly line: string; readonly asked: Readonly<Record<string, string>> }>([
  { line: `GET ${vms}/web`, asked: { ...object, verb: 'get' } },
  { line: `GET ${vms}`, asked: { ...object, verb: 'list', name: '' } },
  { line: `GET ${vms}?watch=true`, asked: { ...object, verb: 'watch', name: '' } },
  { line: `DELETE ${vms}`, asked: { ...object, verb: 'deletecollection', name: '' } },
  { line: `PATCH ${vms}/web/status`, asked: { ...object, verb: 'patch', subresource: 'status' } },
  { line: 'GET /apis/kubevirt.io/v1/virtualmachines', asked: { ...object, verb: 'list', namespace: '', name: '' } },
  {
    line: `GET ${subresources}/virtualmachineinstances/web/vnc/screenshot`,
    asked: { verb: 'get', group: 'subresources.kubevirt.io', subresource: 'vnc/screenshot', name: 'web' },
  },
  { line: 'GET /api/v1/namespaces/web', asked: { resource: 'namespaces', namespace: 'web', name: 'web' } },
  { line: 'PUT /api/v1/namespaces/web/status', asked: { resource: 'namespaces', name: 'web', subresource: 'status' } },
  { line: 'GET /api/v1/namespaces/web/secrets/key', asked: { resource: 'secrets', namespace: 'web', name: 'key' } },
  { line: 'GET /api/v1/secrets%2Fx', asked: { resource: 'secrets/x' } },
  { line: 'GET /apis/kubevirt.io/v1', asked: { type: 'path', verb: 'get', path: '/apis/kubevirt.io/v1' } },
  { line: 'GET /version', asked: { type: 'path', verb: 'get', path: '/version' } },
])('$line asks for', ({ line, asked }) => {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?');
  expect(askedBy(method, path, query !== '')).toMatchObject(asked);
});

test.each<{ readonly role: Role; readonly line: string; readonly allowed: boolean }>([
  { role: 'view', line: `GET ${vms}`, allowed: true },
  { role: 'view', line: 'GET /api/v1/nodes/here', allowed: true },
  { role: 'view', line: `GET ${own}/computer`, allowed: true },
  { role: 'view', line: `GET ${subresources}/virtualmachineinstances/web/guestosinfo`, allowed: true },
  { role: 'view', line: 'GET /openapi/v3/apis/kubevirt.io/v1', allowed: true },
  { role: 'view', line: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', allowed: true },
  { role: 'view', line: 'GET /api/v1/namespaces/default/secrets', allowed: false },
  { role: 'view', line: 'GET /api/v1/secrets', allowed: false },
  { role: 'view', line: `GET ${subresources}/virtualmachineinstances/web/console`, allowed: false },
  { role: 'view', line: `GET ${subresources}/virtualmachineinstances/web/vnc/screenshot`, allowed: false },
  { role: 'view', line: `GET ${subresources}/virtualmachineinstances/web/vnc`, allowed: false },
  { role: 'view', line: `GET ${subresources}/virtualmachineinstances/web/portforward/22`, allowed: false },
  { role: 'view', line: `GET ${subresources}/virtualmachines/web/portforward/22/tcp`, allowed: false },
  { role: 'view', line: `GET ${own}/namespaces/default/virtualmachineinstances/web/serial-log`, allowed: false },
  { role: 'view', line: `GET ${own}/directories`, allowed: false },
  { role: 'view', line: `POST ${own}/listeners`, allowed: false },
  { role: 'view', line: `PUT ${subresources}/virtualmachines/web/start`, allowed: false },
  { role: 'view', line: `POST ${vms}`, allowed: false },
  { role: 'view', line: `DELETE ${vms}`, allowed: false },
  { role: 'view', line: `PATCH ${vms}/web/status`, allowed: false },
  { role: 'admin', line: `PATCH ${vms}/web/status`, allowed: true },
  { role: 'admin', line: 'GET /api/v1/namespaces/default/secrets', allowed: true },
  { role: 'admin', line: 'GET /anything', allowed: true },
])('$role: $line is allowed: $allowed', ({ role, line, allowed }) => {
  const [method = '', path = ''] = line.split(' ');
  expect(isAllowed(role, askedBy(method, path, false))).toBe(allowed);
});

test('of all subresources a viewer may ask the agent, and nothing else', () => {
  const allowed = subresourceTable.flatMap(({ plural, name, method }) => {
    const path = `${subresources}/${plural}/web/${name.replace('{port}', '22').replace('{protocol}', 'tcp')}`;
    return isAllowed('view', askedBy(method, path, false)) ? [`${plural}/${name}`] : [];
  });
  expect(allowed.toSorted()).toEqual(['filesystemlist', 'guestosinfo', 'userlist'].map((name) => `virtualmachineinstances/${name}`));
});

let core: Core;
beforeAll(async () => {
  core = await startCore();
  await core.engine.create('virtualmachines.kubevirt.io', 'default', vm(named('web')));
});
afterAll(() => core.close());

const viewer: Caller = { name: 'kubectl', transport: 'http', role: 'view', user: 'anna' };

test.each([
  { method: 'POST', path: vms, headers: json, body: JSON.stringify(vm(named('new'))) },
  { method: 'POST', path: `${vms}?dryRun=All`, headers: json, body: JSON.stringify(vm(named('new'))) },
  { method: 'PATCH', path: `${vms}/web`, headers: merge, body: '{"spec":{"runStrategy":"Always"}}' },
  { method: 'DELETE', path: `${vms}/web` },
  { method: 'PUT', path: `${subresources}/virtualmachines/web/start` },
  { method: 'GET', path: '/api/v1/namespaces/default/secrets?watch=true' },
])('the router refuses a viewer: $method $path', async ({ path, ...init }) => {
  const before = core.engine.list('virtualmachines.kubevirt.io').resourceVersion;
  const answer = await core.router.handle(new Request(`http://virtdeck${path}`, init), viewer);
  expect([answer.status, await answer.json()]).toMatchObject([
    403,
    { reason: 'Forbidden', message: expect.stringContaining('User "anna" cannot') },
  ]);
  expect(core.engine.list('virtualmachines.kubevirt.io').resourceVersion).toBe(before);
});

test('the sentence is that of Kubernetes', async () => {
  const answer = await core.router.handle(new Request(`http://virtdeck${vms}/web`, { method: 'DELETE' }), viewer);
  expect(await answer.json()).toMatchObject({
    message:
      'virtualmachines.kubevirt.io "web" is forbidden: User "anna" cannot delete resource "virtualmachines" in API group "kubevirt.io" in the namespace "default"',
    details: { name: 'web', group: 'kubevirt.io', kind: 'virtualmachines' },
  });
});

test('a viewer opens no console, and looks at everything else', async () => {
  await expect(core.router.open(`${subresources}/virtualmachineinstances/web/console`, viewer)).rejects.toMatchObject({
    code: 'Forbidden',
  });
  const answer = await core.router.handle(new Request(`http://virtdeck${vms}`), viewer);
  expect(await answer.json()).toMatchObject({ items: [{ metadata: { name: 'web' } }] });
});
