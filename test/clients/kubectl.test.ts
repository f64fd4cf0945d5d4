// Owns running the battery with every kubectl that can be had.
// Must not hold tasks; battery/ does.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { battery } from './battery/battery.ts';
import { machine } from './battery/task.ts';
import { kubectls, runner, type Runner } from './kubectl.ts';
import { workstation } from '../fakes/workstation.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

const { found, missing } = await kubectls();
for (const { from, why } of missing) process.stderr.write(`kubectl of ${from} is left out: ${why}\n`);

let core: ServingCore;
beforeAll(async () => {
  core = await serveCore({ devices: workstation });
});
afterAll(() => core.close());

test('there is a kubectl to try', () => expect(found.map(({ from }) => from)).not.toEqual([]));

test('the battery has forty tasks and more', () => expect(battery.length).toBeGreaterThanOrEqual(40));

describe.each(found)('kubectl $version of $from', (kubectl) => {
  let client: Runner;
  beforeAll(async () => {
    const namespace = kubectl.version.replaceAll(/[^a-z0-9]+/g, '-');
    const folder = join(core.folder, namespace);
    await mkdir(folder);
    client = runner({ kubectl, kubeconfig: core.kubeconfigs.admin, namespace, folder });
    await client.ok(`create namespace ${namespace}`);
  });

  test('the kubeconfig as it is printed, with a certificate for each call', async () => {
    const printed = runner({ kubectl, kubeconfig: core.kubeconfigs.printed, namespace: client.namespace, folder: client.folder });
    expect(await printed.ok('auth can-i delete vm')).toBe('yes\n');
  });

  test('a viewer looks, and changes nothing', async () => {
    const viewer = runner({ kubectl, kubeconfig: core.kubeconfigs.view, namespace: client.namespace, folder: client.folder });
    await client.ok('create -f -', { input: machine('viewed') });
    expect(await viewer.ok('get vm viewed -o name')).toBe('virtualmachine.kubevirt.io/viewed\n');
    expect(await viewer.ok('auth can-i list vm')).toBe('yes\n');
    expect(await viewer.run(['auth', 'can-i', 'delete', 'vm'])).toMatchObject({ code: 1, stdout: expect.stringMatching(/^no/) as string });
    expect(await viewer.fails('delete vm viewed')).toMatch(
      /Error from server \(Forbidden\): virtualmachines\.kubevirt\.io "viewed" is forbidden: User ".+" cannot delete resource "virtualmachines"/,
    );
    expect(await viewer.fails('get secrets')).toContain('secrets is forbidden');
    expect(await viewer.fails('apply -f -', { input: machine('viewed', { memory: '1Gi' }) })).toContain('Forbidden');
  });

  for (const { name, since = 0, run } of battery) test.skipIf(kubectl.minor < since).concurrent(name, () => run(client));
});
