// Task: let kubectl in, with the commands that Settings shows to copy; and shut the door again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubectls, runner } from '../clients/kubectl.ts';
import { virtdeck } from '../server/cli-process.ts';
import { lookAt } from './look-at.ts';
import { expect, test } from './window.ts';

test('allow kubectl, use the commands, and take it back', async ({ page, deck, complaints }) => {
  await deck.open(page, '/settings');
  // The label is what is clicked, when it stands still: notices above it may have just come.
  const allow = page.locator('label', { has: page.getByRole('switch', { name: 'Allow kubectl and Ansible on this machine' }) });
  await allow.click();
  await expect(page.getByText(/^Listening at https:\/\/127\.0\.0\.1:\d+$/)).toBeVisible();
  const merge = page.getByText('virtdeck kubeconfig --merge', { exact: true });
  await expect(merge).toBeVisible();
  await lookAt(page, 'api-access');

  const kubeconfig = join(deck.core.dataDir, 'own.kubeconfig');
  const [, ...words] = ((await merge.textContent()) ?? '').split(' ');
  const merged = await virtdeck({ data: deck.core.dataDir, run: deck.core.runDir }, words, { env: { KUBECONFIG: kubeconfig } });
  expect([merged.status, merged.stderr]).toEqual([0, '']);
  expect(readFileSync(kubeconfig, 'utf8')).not.toContain('PRIVATE KEY');

  const [kubectl] = (await kubectls()).found;
  if (kubectl === undefined) throw new Error('There is no kubectl to try.');
  const client = runner({ kubectl, kubeconfig, namespace: 'default', folder: deck.core.dataDir });
  const shown = (await page.getByText(/^kubectl --context/).textContent()) ?? '';
  const command = shown.replace(/^kubectl /, '');
  await client.ok('--context virtdeck create -f -', {
    input: JSON.stringify({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'by-kubectl' },
      spec: { runStrategy: 'Halted', template: { spec: { domain: { memory: { guest: '64Mi' }, devices: {} } } } },
    }),
  });
  expect(await client.ok(command)).toMatch(/by-kubectl +\S+ +Stopped +False/);

  await allow.click();
  await expect(page.getByText(/^Listening at/)).toHaveCount(0);
  expect(await client.fails(command)).toContain('Programs are not let in over HTTPS.');
  expect(complaints).toEqual([]);
});
