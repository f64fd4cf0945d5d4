// Owns running the battery with every kubectl that can be had.
// Must not hold tasks; battery.ts does.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { battery } from './battery.ts';
import { kubectls, runner, type Runner } from './kubectl.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

const { found, missing } = await kubectls();
for (const { from, why } of missing) process.stderr.write(`kubectl of ${from} is left out: ${why}\n`);

let core: ServingCore;
beforeAll(async () => {
  core = await serveCore();
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
    client = runner({ kubectl, kubeconfig: core.kubeconfig, namespace, folder });
    await client.ok(`create namespace ${namespace}`);
  });

  for (const { name, since = 0, run } of battery) test.skipIf(kubectl.minor < since).concurrent(name, () => run(client));
});
