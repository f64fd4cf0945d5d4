// Owns the rows of what each call of the client sends, and what it makes of a refusal.
// Must not test any carrier.
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../renderer/client/api-error.ts';
import { type Client, createClient } from '../../../renderer/client/client.ts';
import { recordingTransport } from './recording-transport.ts';

const machine = { namespace: 'default', name: 'web' };
const vm = { resource: 'virtualmachines.kubevirt.io', ...machine } as const;
const vmPath = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines/web';
const subresources = '/apis/subresources.kubevirt.io/v1/namespaces/default';
const json = 'application/json';

interface Row {
  readonly name: string;
  readonly call: (client: Client) => Promise<unknown>;
  readonly sent: object;
}

const rows: readonly Row[] = [
  { name: 'get', call: (client) => client.get(vm), sent: { method: 'GET', path: vmPath } },
  {
    name: 'list with a selector',
    call: (client) => client.list('nodes', { labelSelector: 'a=b,c' }),
    sent: { method: 'GET', path: '/api/v1/nodes?labelSelector=a%3Db%2Cc' },
  },
  {
    name: 'create in the namespace of the draft, as a rehearsal',
    call: (client) =>
      client.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'a', name: 's' } }, { dryRun: true }),
    sent: {
      method: 'POST',
      path: '/api/v1/namespaces/a/secrets?dryRun=All',
      type: json,
      body: { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'a', name: 's' } },
    },
  },
  {
    name: 'a list is a JSON patch',
    call: (client) => client.patch(vm, [{ op: 'remove', path: '/a' }]),
    sent: { method: 'PATCH', path: vmPath, type: 'application/json-patch+json', body: [{ op: 'remove', path: '/a' }] },
  },
  {
    name: 'an object is a merge patch',
    call: (client) => client.patch(vm, { spec: { runStrategy: 'Manual' } }),
    sent: { method: 'PATCH', path: vmPath, type: 'application/merge-patch+json', body: { spec: { runStrategy: 'Manual' } } },
  },
  {
    name: 'delete in the background',
    call: (client) => client.delete(vm, { propagation: 'Background' }),
    sent: {
      method: 'DELETE',
      path: vmPath,
      type: json,
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' },
    },
  },
  {
    name: 'stop names its grace period as KubeVirt does',
    call: (client) => client.act('stop', machine, { gracePeriodSeconds: 0 }),
    sent: { method: 'PUT', path: `${subresources}/virtualmachines/web/stop`, type: json, body: { gracePeriod: 0 } },
  },
  {
    name: 'restart names it otherwise',
    call: (client) => client.act('restart', machine, { gracePeriodSeconds: 5 }),
    sent: { method: 'PUT', path: `${subresources}/virtualmachines/web/restart`, type: json, body: { gracePeriodSeconds: 5 } },
  },
  {
    name: 'pause acts on the instance and sends no options',
    call: (client) => client.act('pause', machine),
    sent: { method: 'PUT', path: `${subresources}/virtualmachineinstances/web/pause`, type: json, body: {} },
  },
  {
    name: 'start check',
    call: (client) => client.startCheck(machine),
    sent: { method: 'PUT', path: `${subresources}/virtualmachines/web/start?dryRun=All`, type: json, body: {} },
  },
  {
    name: 'start check of what is not stored',
    call: (client) => client.startCheck(machine, { objects: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } }] }),
    sent: {
      method: 'PUT',
      path: `${subresources}/virtualmachines/web/start?dryRun=All`,
      type: json,
      body: { objects: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } }] },
    },
  },
  {
    name: 'revisions of one object',
    call: (client) => client.revisions({ resource: 'nodes', name: 'n', limit: 5 }),
    sent: { method: 'GET', path: '/apis/virtdeck.io/v1alpha1/revisions?resource=nodes&name=n&limit=5' },
  },
  {
    name: 'undo',
    call: (client) => client.takeBack('undo', '7'),
    sent: { method: 'POST', path: '/apis/virtdeck.io/v1alpha1/revisions/7/undo' },
  },
  {
    name: 'a fix that patches goes to the object it is meant for',
    call: (client) => client.applyFix({ type: 'PatchMachine', label: 'x', patch: [{ op: 'remove', path: '/spec/a' }] }, vm),
    sent: { method: 'PATCH', path: vmPath, type: 'application/json-patch+json', body: [{ op: 'remove', path: '/spec/a' }] },
  },
  {
    name: 'a fix that calls goes where it says',
    call: (client) => client.applyFix({ type: 'StopMachine', namespace: 'lab', name: 'b' }, vm),
    sent: { method: 'PUT', path: '/apis/subresources.kubevirt.io/v1/namespaces/lab/virtualmachines/b/stop', type: json, body: {} },
  },
  {
    name: 'how this computer would be parted',
    call: (client) => client.nodeMap({ placement: { by: 'cache' } }),
    sent: { method: 'POST', path: '/apis/virtdeck.io/v1alpha1/nodemap', type: json, body: { placement: { by: 'cache' } } },
  },
  {
    name: 'directories',
    call: (client) => client.listDirectory('/home/a b'),
    sent: { method: 'GET', path: '/apis/virtdeck.io/v1alpha1/directories?path=%2Fhome%2Fa+b' },
  },
];

test.each(rows)('$name', async ({ call, sent }) => {
  const transport = recordingTransport(() => ({ metadata: { resourceVersion: '1' }, items: [] }));
  await call(createClient(transport));
  expect(transport.asked).toEqual([sent]);
});

describe('a refusal', () => {
  const causes = [{ reason: 'FieldValueInvalid', field: 'spec.x', message: 'too small', fix: 'Make it larger.' }];
  const status = { kind: 'Status', status: 'Failure', code: 422, reason: 'Invalid', message: 'no', details: { causes } };
  const refusal = async (response: Response): Promise<unknown> =>
    createClient(recordingTransport(() => response))
      .get(vm)
      .catch((error: unknown) => error);

  test('carries status, reason and causes', async () => {
    expect(await refusal(Response.json(status, { status: 422 }))).toEqual(new ApiError(422, 'no', { reason: 'Invalid', causes }));
    expect(await refusal(Response.json(status, { status: 422 }))).toMatchObject({ status: 422, reason: 'Invalid', causes });
  });

  test('that is no Status is shown as it is', async () => {
    expect(await refusal(new Response('Bad gateway', { status: 502 }))).toMatchObject({ status: 502, message: 'Bad gateway', causes: [] });
    expect(await refusal(new Response('', { status: 500 }))).toMatchObject({ status: 500, message: 'HTTP 500' });
  });
});
