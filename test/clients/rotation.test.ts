// Owns kubectl with the user's own kubeconfig, into which the context was merged, while the authority is changed twice.
// Must not write to the kubeconfig after the merge.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { virtdeck } from '../server/cli-process.ts';
import { kubectls, runner } from './kubectl.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

const { found } = await kubectls();
let core: ServingCore;
beforeAll(async () => {
  core = await serveCore();
});
afterAll(() => core.close());

test('the merged context goes on over two rotations of the authority', async () => {
  const file = join(core.folder, 'own.kubeconfig');
  const others =
    '# mine\napiVersion: v1\nkind: Config\ncontexts:\n- {name: work, context: {cluster: work, user: work}}\ncurrent-context: work\n';
  writeFileSync(file, others);
  const merged = await virtdeck(core.where, ['kubeconfig', '--merge'], { env: { KUBECONFIG: file } });
  expect([merged.status, merged.stderr]).toEqual([0, '']);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^# mine\n/);
  expect(text).toContain('current-context: work');

  const [kubectl] = found;
  if (kubectl === undefined) throw new Error('There is no kubectl to try.');
  const client = runner({ kubectl, kubeconfig: file, namespace: 'default', folder: core.folder });
  const ask = async (): Promise<string> => client.ok('--context virtdeck get namespaces -o name');
  expect(await ask()).toContain('namespace/default');
  const authorities = new Set<string>();
  for (const name of ['first', 'second']) {
    await core.engine.rotateCertificates('authority');
    await core.engine.create('namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    expect(await ask()).toContain(`namespace/${name}`);
    authorities.add((await core.engine.tlsMaterial('api'))?.certificate ?? '');
  }
  expect(authorities.size).toBe(2);
  // The file that it names was written anew; its own text was not.
  expect(readFileSync(file, 'utf8')).toBe(text);
});
