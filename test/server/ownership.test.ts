// Owns who manages what, as the requests of clients and the verbs of machines leave it.
// Must not test the merge itself; test/core/ownership does.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ManagedFieldsEntry } from '../../electron/api/object.ts';
import type { Caller } from '../../electron/server/router.ts';
import { named, vm, withRunStrategy } from '../fakes/builders.ts';
import { type Core, startCore } from './core-fixture.ts';
import { api, json, merge, operations, subresources, vms } from './rows.ts';

const caller: Caller = { name: 'test', transport: 'direct', role: 'admin' };

let core: Core;
beforeEach(async () => {
  core = await startCore();
});
afterEach(() => core.close());

interface Answer {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly metadata?: { readonly managedFields?: readonly ManagedFieldsEntry[]; readonly resourceVersion?: string };
    readonly items?: readonly object[];
    readonly details?: object;
  };
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await core.router.handle(new Request(`http://virtdeck${path}`, init), caller);
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
}

function applying(manager: string, value: object, force = false): Promise<Answer> {
  return ask(`${vms}/web?fieldManager=${manager}&force=${force}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(value),
  });
}

function managers(entries: readonly ManagedFieldsEntry[] = []): readonly string[] {
  return entries
    .map(({ manager, operation, subresource }) => [manager, operation, subresource].filter((part) => part !== undefined).join(' '))
    .toSorted();
}

async function managersNow(): Promise<readonly string[]> {
  return managers((await ask(`${vms}/web`)).body.metadata?.managedFields);
}

test('every way of writing is written down', async () => {
  await ask(`${vms}?fieldManager=maker`, { method: 'POST', headers: json, body: JSON.stringify(vm(named('web'))) });
  await ask(`${vms}/web?fieldManager=patcher`, { method: 'PATCH', headers: merge, body: '{"metadata":{"labels":{"a":"1"}}}' });
  await ask(`${vms}/web/status?fieldManager=reporter`, { method: 'PATCH', headers: merge, body: '{"status":{"created":true}}' });
  await applying('applier', { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { labels: { b: '1' } } });
  expect(await managersNow()).toEqual(['applier Apply', 'maker Update', 'patcher Update', 'reporter Update status']);
});

test('a rehearsal is not written down', async () => {
  await applying('applier', vm(named('web')));
  await ask(`${vms}/web?fieldManager=patcher&dryRun=All`, { method: 'PATCH', headers: merge, body: '{"metadata":{"labels":{"a":"1"}}}' });
  expect(await managersNow()).toEqual(['applier Apply']);
});

test('lists and watches stay small', async () => {
  await applying('applier', vm(named('web')));
  expect(JSON.stringify((await ask(vms)).body)).not.toContain('managedFields');
  expect(JSON.stringify((await ask(`${api}/virtualmachines`)).body)).not.toContain('managedFields');
  expect(JSON.stringify(core.engine.changesSince(0))).not.toContain('managedFields');
});

test('who presses Start takes the run strategy from who applied it', async () => {
  await applying('applier', vm(named('web')));
  expect((await ask(`${subresources}/virtualmachines/web/start`, { method: 'PUT' })).status).toBe(202);
  const { status, body } = await applying('applier', vm(named('web')));
  expect([status, body.message]).toEqual([
    409,
    'Apply failed with 1 conflict: conflict with "virt-api" using kubevirt.io/v1: .spec.runStrategy',
  ]);
  expect(body.details).toMatchObject({ causes: [{ reason: 'FieldManagerConflict', field: '.spec.runStrategy' }] });
  expect((await applying('applier', vm(named('web')), true)).status).toBe(200);
});

test('an apply that changes nothing makes no new version', async () => {
  const first = await applying('applier', vm(named('web')));
  await core.clock.settle();
  const settled = (await ask(`${vms}/web`)).body.metadata?.resourceVersion;
  const again = await applying('applier', vm(named('web')));
  expect([first.status, again.status, again.body.metadata?.resourceVersion]).toEqual([201, 200, settled]);
});

test('an apply may take away what must be there no more than anybody else', async () => {
  await applying('applier', vm(named('web')));
  const { status, body } = await applying('applier', {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    spec: { runStrategy: 'Halted' },
  });
  expect([status, body.message]).toEqual([422, expect.stringContaining('spec.template')]);
  expect(await managersNow()).toEqual(['applier Apply']);
});

test('the record can be written by who knows it, and is kept for who does not', async () => {
  await applying('applier', vm(named('web')));
  const mine = {
    manager: 'mine',
    operation: 'Apply',
    apiVersion: 'kubevirt.io/v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:runStrategy': {} } },
  };
  const operation = [{ op: 'replace', path: '/metadata/managedFields', value: [mine] }];
  await ask(`${vms}/web`, { method: 'PATCH', headers: operations, body: JSON.stringify(operation) });
  expect(await managersNow()).toEqual(['mine Apply']);
  await ask(`${vms}/web?fieldManager=putter`, {
    method: 'PUT',
    headers: json,
    body: JSON.stringify(vm(named('web'), withRunStrategy('Manual'))),
  });
  expect(await managersNow()).toEqual(['putter Update']);
  await ask(`${vms}/web`, { method: 'PATCH', headers: merge, body: '{"metadata":{"managedFields":[{}]}}' });
  expect(await managersNow()).toEqual([]);
});

test('the record goes with the object', async () => {
  await applying('applier', vm(named('web')));
  await ask(`${vms}/web`, { method: 'DELETE' });
  await core.clock.settle();
  await ask(`${vms}?fieldManager=maker`, { method: 'POST', headers: json, body: JSON.stringify(vm(named('web'))) });
  expect(await managersNow()).toEqual(['maker Update']);
});
