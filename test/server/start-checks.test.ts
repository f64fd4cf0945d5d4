// Owns the rows of asking for the start check of a machine that is not stored.
// Must not prove the check; the engine's tests do.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secret, vm, withDataVolumeTemplate } from '../fakes/builders.ts';
import { carriers, type Connection } from './carriers.ts';
import { type Core, startCore } from './core-fixture.ts';
import { own, posted } from './rows.ts';

let core: Core;
let connection: Connection;
beforeAll(async () => {
  core = await startCore();
  connection = await carriers[0]!.connect(core.router);
});
afterAll(async () => {
  await connection.close();
  await core.close();
});

const machine = vm(withDataVolumeTemplate('root'));
const seed = secret({ name: 'seed', stringData: { userdata: '' } });
const list = (...items: readonly object[]): object => ({ apiVersion: 'v1', kind: 'List', items });

test.each([
  { name: 'a machine', body: machine, status: 200, want: { kind: 'StartCheck', allowed: true } },
  { name: 'a machine and its Secret', body: list(seed, machine), status: 200, want: { kind: 'StartCheck', allowed: true } },
  { name: 'a Secret alone', body: seed, status: 400, want: { reason: 'BadRequest' } },
  { name: 'an empty list', body: list(), status: 400, want: { reason: 'BadRequest' } },
  {
    name: 'another kind',
    body: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } },
    status: 400,
    want: { message: 'A start check takes a VirtualMachine and Secrets, not "Node".' },
  },
  { name: 'no object', body: [], status: 400, want: { reason: 'BadRequest' } },
  {
    name: 'a misspelt field',
    body: { ...machine, spec: { ...machine.spec, runStragety: 'Always' } },
    status: 400,
    want: { details: { causes: [{ reason: 'UnknownField', field: 'spec.runStragety' }] } },
  },
])('$name', async ({ body, status, want }) => {
  const answer = await connection.fetch(`${own}/namespaces/default/startchecks`, posted(body));
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status, body: want });
});
