// Owns the proof that kubectl applies every manifest of chapter 8.14 in the API version that it is printed in, and finds it again in each.
// Must not run a machine; chapter.test.ts does.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completed, manifests, where } from '../server/chapter-manifests.ts';
import { machine } from './battery/task.ts';
import { kubectls, runner, type Runner } from './kubectl.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

const { found } = await kubectls();

let core: ServingCore;
beforeAll(async () => {
  core = await serveCore();
});
afterAll(() => core.close());

describe.each(found)('kubectl $version of $from', (kubectl) => {
  let client: Runner;
  beforeAll(async () => {
    const namespace = `printed-${kubectl.version.replaceAll(/[^a-z0-9]+/g, '-')}`;
    const folder = join(core.folder, namespace);
    await mkdir(folder);
    client = runner({ kubectl, kubeconfig: core.kubeconfigs.admin, namespace, folder });
    await client.ok(`create namespace ${namespace}`);
  });

  test.each(['kubevirt.io/v1alpha3', 'kubevirt/v1alpha3'])(
    'a machine of %s: made, the same again, changed, read, watched',
    async (version) => {
      const { ok } = client;
      const [group = '', release = ''] = version.split('/');
      const name = `of-${group.replace('.', '-')}`;
      const manifest = (memory: string): string => machine(name, { memory }).replace('kubevirt.io/v1\n', `${version}\n`);
      const whole = `virtualmachine.${group}/${name}`;
      expect(await ok('apply -f -', { input: manifest('256Mi') })).toBe(`${whole} created\n`);
      expect(await ok('apply -f -', { input: manifest('256Mi') })).toBe(`${whole} unchanged\n`);
      expect(await ok('apply -f -', { input: manifest('512Mi') })).toBe(`${whole} configured\n`);
      expect(await ok('apply --server-side --force-conflicts -f -', { input: manifest('640Mi') })).toBe(`${whole} serverside-applied\n`);
      const asked = `get virtualmachines.${release}.${group}`;
      expect(await ok(`${asked} ${name} -o jsonpath={.apiVersion}`)).toBe(version);
      expect(await ok(`${asked} -o jsonpath={.items[*].apiVersion}`)).toContain(version);
      // It is one machine: who asks as usual finds it as usual.
      expect(await ok(`get vm ${name} -o jsonpath={.apiVersion}/{.spec.template.spec.domain.memory.guest}`)).toBe('kubevirt.io/v1/640Mi');
      expect(await ok(`${asked} ${name}`)).toMatch(/^NAME +AGE +STATUS +READY\n/);
      expect(await ok('delete -f -', { input: manifest('640Mi') })).toContain('deleted');
      expect(await ok('get vm -o name')).not.toContain(name);
    },
  );

  test('HyperConverged in both of its versions', async () => {
    const { ok } = client;
    const named = 'kubevirt-hyperconverged -n openshift-cnv';
    expect(await ok(`get hyperconvergeds.v1.hco.kubevirt.io ${named} -o jsonpath={.apiVersion}`)).toBe('hco.kubevirt.io/v1');
    expect(await ok(`get hco ${named} -o jsonpath={.apiVersion}`)).toBe('hco.kubevirt.io/v1beta1');
  });

  test.concurrent.each(manifests.map((manifest, index) => [index, manifest.metadata?.name ?? manifest.kind ?? '', manifest] as const))(
    `chapter: %i %s is applied in its own version${where}`,
    async (...[index, , manifest]) => {
      // kubectl itself does not know what to do with the misspelt field of one of them; the server reads it.
      const { apiversion, ...draft } = completed(manifest, index) as ReturnType<typeof completed> & { readonly apiversion?: string };
      const input = JSON.stringify({ ...draft, ...(apiversion === undefined ? {} : { apiVersion: apiversion }) });
      const namespace = draft.metadata.namespace ?? client.namespace;
      // Some stand beside their place, which kubectl's own check, before 1.27, does not know of.
      const check = kubectl.minor < 27 ? '--validate=false' : '';
      const applied = await client.ok(`apply --dry-run=server ${check} -n ${namespace} -f -`, { input });
      expect(applied).toMatch(/ (created|configured) \(server dry run\)\n$/);
    },
  );
});
