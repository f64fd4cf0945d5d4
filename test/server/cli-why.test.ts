// Owns the proof of `virtdeck why`: reasons with numbered fixes, the command of each, and doing one.
// Must not repeat the rules; core's tests have them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import { listen, type Listening } from '../../electron/server/http.ts';
import { named, vm, withMemory, withRunStrategy, withTemplate } from '../fakes/builders.ts';
import { type Places, virtdeck } from './cli-process.ts';
import { type Core, startCore } from './core-fixture.ts';

let core: Core;
let listening: Listening;
let places: Places;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vd-why-'));
  core = await startCore();
  listening = await listen({ router: core.router, log: core.log, unixSocket: join(folder, 'api.sock') });
  places = { data: folder, run: folder };
});
afterAll(async () => {
  await listening.close();
  await core.close();
  rmSync(places.run, { recursive: true });
});

test('each reason has its fixes; one is done, and what is left is said', async () => {
  const { engine, clock } = core;
  await engine.create(resources.resourceQuotas, 'default', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team' },
    spec: { hard: { pods: '1' } },
  });
  await engine.create(resources.virtualMachines, 'default', vm(named('db'), withRunStrategy('Always'), withMemory('1Gi')));
  const onSsd = withTemplate((spec) => ({ ...spec, nodeSelector: { disk: 'ssd' } }));
  await engine.create(resources.virtualMachines, 'default', vm(named('web'), withMemory('1Gi'), onSsd));
  await clock.settle();

  const first = await virtdeck(places, ['why', 'web']);
  expect(first.status).toBe(1);
  const offered = first.stdout.split('\n').filter((line) => /^ {2}\[|^ {6}/.test(line));
  expect(offered).toEqual([
    '  [1] Prefer nodes with disk=ssd instead of asking for them',
    expect.stringContaining('"path":"/spec/template/spec/nodeSelector"'),
    '  [2] Label node workshop with disk=ssd',
    '      kubectl label --overwrite node workshop disk=ssd',
    '  [3] Stop db',
    '      virtdeck -n default stop db',
    '  [4] Raise quota team to pods=2',
    `      kubectl -n default patch resourcequota team --type=merge -p '{"spec":{"hard":{"pods":"2"}}}'`,
  ]);

  const nobody = await virtdeck(places, ['why', 'web', '--fix', '2']);
  expect([nobody.status, nobody.stderr]).toEqual([
    1,
    'error: Nobody is there to be asked. Say --yes to have it done: Label node workshop with disk=ssd.\n',
  ]);
  expect((await virtdeck(places, ['why', 'web', '--fix', '9', '--yes'])).stderr).toBe(
    'error: There is no fix 9 for VM web: see virtdeck why web.\n',
  );
  const labelled = await virtdeck(places, ['why', 'web', '--fix', '2', '--yes']);
  expect([labelled.status, labelled.stdout.includes('disk=ssd:')]).toEqual([1, false]);
  const raised = await virtdeck(places, ['why', 'web', '--fix', '2', '--yes']);
  expect([raised.status, raised.stdout.trim().split('\n').at(-1)]).toEqual([0, 'VM web can start.']);
  expect(engine.get({ resource: resources.resourceQuotas, namespace: 'default', name: 'team' })).toMatchObject({
    spec: { hard: { pods: '2' } },
  });
});

test('what the machine demands can be made a preference, in its definition', async () => {
  const { engine, clock } = core;
  const picky = withTemplate((spec) => ({ ...spec, nodeSelector: { rack: 'a1' } }));
  await engine.create(resources.virtualMachines, 'default', vm(named('picky'), withMemory('1Gi'), picky));
  await clock.settle();
  await virtdeck(places, ['why', 'picky', '--fix', '1', '--yes']);
  const spec = engine.get({ resource: resources.virtualMachines, namespace: 'default', name: 'picky' });
  expect(spec).toMatchObject({
    spec: {
      template: {
        spec: {
          affinity: {
            nodeAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 100, preference: { matchExpressions: [{ key: 'rack', operator: 'In', values: ['a1'] }] } },
              ],
            },
          },
        },
      },
    },
  });
  expect(JSON.stringify(spec)).not.toContain('"nodeSelector"');
});

test('a run that no machine owns is ended by being deleted', async () => {
  const { engine, clock } = core;
  await engine.create(resources.namespaces, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab' } });
  const domain = { memory: { guest: '1Gi' }, devices: {} };
  const bare = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'bare' },
    spec: { domain, terminationGracePeriodSeconds: 0 },
  };
  await engine.create(resources.virtualMachineInstances, 'lab', bare);
  await clock.settle();
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'one' }, spec: { hard: { pods: '1' } } };
  await engine.create(resources.resourceQuotas, 'lab', quota);
  await engine.create(resources.virtualMachines, 'lab', vm(named('web'), withMemory('1Gi')));
  await clock.settle();
  const first = await virtdeck(places, ['-n', 'lab', 'why', 'web']);
  expect(first.stdout).toContain('[1] Stop bare\n      kubectl -n lab delete virtualmachineinstance bare\n');
  await virtdeck(places, ['-n', 'lab', 'why', 'web', '--fix', '1', '--yes']);
  await clock.settle();
  expect((await virtdeck(places, ['-n', 'lab', 'why', 'web'])).stdout).toContain('VM web can start.');
});
