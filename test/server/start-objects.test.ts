// Owns the rows of rehearsing the start of a machine that is not stored.
// Must not prove the check; the engine's tests do.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { named, secret, vm, withDataVolumeTemplate } from '../fakes/builders.ts';
import { carriers, type Connection } from './carriers.ts';
import { type Core, startCore } from './core-fixture.ts';
import { posted, subresources } from './rows.ts';

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

const machine = vm(named('new'), withDataVolumeTemplate('root'));
const seed = secret({ name: 'seed', stringData: { userdata: '' } });

test.each([
  { name: 'a machine', body: [machine], status: 200, want: { kind: 'StartCheck', allowed: true } },
  { name: 'a machine and its Secret', body: [seed, machine], status: 200, want: { kind: 'StartCheck', allowed: true } },
  { name: 'a Secret alone', body: [seed], status: 404, want: { reason: 'NotFound' } },
  { name: 'nothing', body: [], status: 404, want: { reason: 'NotFound' } },
  {
    name: 'another kind',
    body: [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }],
    status: 400,
    want: { message: 'A start takes a VirtualMachine and Secrets, not "Node".' },
  },
  { name: 'no list', body: machine, status: 400, want: { reason: 'BadRequest' } },
  {
    name: 'a misspelt field',
    body: [{ ...machine, spec: { ...machine.spec, runStragety: 'Always' } }],
    status: 400,
    want: { details: { causes: [{ reason: 'UnknownField', field: 'spec.runStragety' }] } },
  },
])('$name', async ({ body, status, want }) => {
  const path = `${subresources}/virtualmachines/new/start?dryRun=All`;
  const answer = await connection.fetch(path, { ...posted({ objects: body }), method: 'PUT' });
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status, body: want });
});
