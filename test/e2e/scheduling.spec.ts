// Task: say where a machine may run (8.14.2): node selector, tolerations, affinity; and see at once which nodes are left.
import { machine, machinesPath } from '../bench/machines.ts';
import { lookAt } from './look-at.ts';
import { expect, test } from './window.ts';

test('node selector, tolerations and affinity rules of the chapter', async ({ page, deck, complaints }) => {
  await deck.core.request({ method: 'POST', path: machinesPath, body: machine('web', undefined) });
  const nodes = (await deck.core.request({ path: '/api/v1/nodes' })) as { items: readonly { metadata: { name: string } }[] };
  const node = `/api/v1/nodes/${nodes.items[0]?.metadata.name ?? ''}`;
  const contentType = 'application/merge-patch+json';
  const taints = [{ key: 'key', value: 'virtualization', effect: 'NoSchedule' }];
  const labels = { 'example-key-1': 'example-value-1' };
  await deck.core.request({ method: 'PATCH', path: node, contentType, body: { metadata: { labels }, spec: { taints } } });
  await deck.open(page, '/machines/default/web/details');
  const dialog = page.getByRole('dialog');
  const save = dialog.getByRole('button', { name: 'Save', exact: true });
  const none = dialog.getByText('Scheduling will not be possible at this state');

  await page.getByRole('button', { name: 'Edit: Node selector' }).click();
  await dialog.getByRole('textbox', { name: 'Node selector' }).fill('example-key-1=other');
  await expect(none).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Node selector' }).fill('example-key-1=example-value-1');
  await expect(dialog.getByText('1 matching node found')).toBeVisible();
  await save.click();
  await expect(dialog).toHaveCount(0);

  await page.getByRole('button', { name: 'Edit: Tolerations' }).click();
  await expect(none).toBeVisible();
  await dialog.getByRole('button', { name: 'Add toleration' }).click();
  await dialog.getByRole('textbox', { name: 'Taint key' }).fill('key');
  await dialog.getByRole('textbox', { name: 'Value' }).fill('virtualization');
  await expect(dialog.getByText('1 matching node found')).toBeVisible();
  await lookAt(page, 'tolerations');
  await save.click();
  await expect(page.getByText('key=virtualization:NoSchedule')).toBeVisible();

  await page.getByRole('button', { name: 'Edit: Affinity rules' }).click();
  await dialog.getByRole('button', { name: 'Add affinity rule' }).click();
  await dialog.getByRole('combobox', { name: 'Condition' }).selectOption('Required during scheduling');
  const nodeLabels = dialog.getByRole('grid', { name: 'Node labels' });
  await nodeLabels.getByRole('textbox', { name: 'Key' }).fill('example-key-1');
  await nodeLabels.getByRole('textbox', { name: 'Values' }).fill('example-value-1, example-value-2');
  await expect(dialog.getByText('1 matching node found')).toBeVisible();
  await dialog.getByRole('button', { name: 'Add affinity rule' }).click();
  const second = dialog.getByRole('region', { name: 'Rule 2' });
  await second.getByRole('combobox', { name: 'Type' }).selectOption('Workload (pod) anti-affinity');
  await second.getByRole('spinbutton', { name: 'Weight' }).fill('100');
  const machineLabels = second.getByRole('grid', { name: 'Workload labels' });
  await machineLabels.getByRole('textbox', { name: 'Key' }).fill('example-key-2');
  await machineLabels.getByRole('textbox', { name: 'Values' }).fill('example-value-2');
  await lookAt(page, 'affinity');
  await save.click();
  await expect(page.getByText('2 rules')).toBeVisible();

  const stored = await deck.core.request({ path: `${machinesPath}/web` });
  expect(stored).toMatchObject({
    spec: {
      template: {
        spec: {
          nodeSelector: labels,
          tolerations: [{ key: 'key', operator: 'Equal', value: 'virtualization', effect: 'NoSchedule' }],
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  { matchExpressions: [{ key: 'example-key-1', operator: 'In', values: ['example-value-1', 'example-value-2'] }] },
                ],
              },
            },
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: {
                    topologyKey: 'kubernetes.io/hostname',
                    labelSelector: { matchExpressions: [{ key: 'example-key-2', operator: 'In', values: ['example-value-2'] }] },
                  },
                },
              ],
            },
          },
        },
      },
    },
  });
  expect(complaints).toEqual([]);
});
