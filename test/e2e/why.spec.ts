// Task: find out why a machine does not start, and press what helps, until it can.
import { machine, machinesPath } from '../bench/machines.ts';
import { AppError } from '../../electron/api/errors.ts';
import { resources } from '../../electron/api/resources.ts';
import { dataVolume, named, vm, withDisk, withRunStrategy } from '../fakes/builders.ts';
import { lookAt } from './look-at.ts';
import { expect, test } from './window.ts';

test('a node label, a processor model and a missing disk: why, and pressed away one by one', async ({ page, deck, complaints }) => {
  const made = machine('web', undefined) as { spec: { template: { spec: { domain: object } } } };
  const { spec } = made.spec.template;
  const disks = [{ name: 'data', disk: { bus: 'virtio' } }];
  const domain = { ...spec.domain, cpu: { model: 'Warp9' }, devices: { autoattachGraphicsDevice: false, disks } };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'lost' } }];
  const template = { ...made.spec.template, spec: { ...spec, domain, volumes, nodeSelector: { disk: 'ssd' } } };
  await deck.core.request({ method: 'POST', path: machinesPath, body: { ...made, spec: { ...made.spec, template } } });
  await deck.open(page, '/machines/default/web');
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Check whether it can start' }).click();
  const check = page.getByRole('dialog').filter({ hasText: 'Can web start?' });
  await expect(check.getByText('3 things stand in the way:')).toBeVisible();
  await lookAt(page, 'why');

  const press = async (name: RegExp): Promise<void> => {
    await check.getByRole('button', { name }).click();
    const asked = page.getByRole('dialog').filter({ hasText: 'The same as a command' });
    await asked.getByRole('button', { name }).click();
    await expect(asked).toHaveCount(0);
  };
  await press(/^Label node .* with disk=ssd$/);
  await expect(check.getByText('2 things stand in the way:')).toBeVisible();
  await press(/^Use host-model$/);
  await expect(check.getByText('1 thing stands in the way:')).toBeVisible();
  await press(/^Take the disk data out$/);
  await expect(check.getByText('Nothing stands in the way.')).toBeVisible();
  await check.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('Running').first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a Secret that only its user knows, and an import that failed: typed, and tried again', async ({ page, pretended, complaints }) => {
  const { engine, host } = pretended;
  host.disks.mode = { type: 'fails', error: new AppError('ImageRefused', 'https://example.test/a.img is a web page.') };
  await engine.create(
    resources.dataVolumes,
    'default',
    dataVolume({ name: 'data', source: { http: { url: 'https://example.test/a.img' } } }),
  );
  const made = vm(named('web'), withRunStrategy('Manual'), withDisk('data', { dataVolume: 'data' }), withDisk('seed'));
  const text = JSON.stringify(made).replace('"emptyDisk":{"capacity":"1Gi"}', '"cloudInitNoCloud":{"secretRef":{"name":"seed"}}');
  await engine.create(resources.virtualMachines, 'default', JSON.parse(text) as typeof made);
  await pretended.open(page, '/machines/default/web');
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Check whether it can start' }).click();
  const check = page.getByRole('dialog').filter({ hasText: 'Can web start?' });
  await expect(check.getByText('2 things stand in the way:')).toBeVisible();
  await expect(check.getByText(/The disk data could not be filled\. .* is a web page\./)).toBeVisible();

  await check.getByRole('button', { name: 'Create the Secret seed' }).click();
  const asked = page.getByRole('dialog').filter({ hasText: 'The same as a command' });
  await expect(asked.getByRole('button', { name: 'Create the Secret seed' })).toBeDisabled();
  await asked.getByRole('textbox', { name: 'userdata' }).fill('#cloud-config\n');
  await lookAt(page, 'why-secret');
  await asked.getByRole('button', { name: 'Create the Secret seed' }).click();
  await expect(check.getByText('1 thing stands in the way:')).toBeVisible();

  host.disks.mode = { type: 'atOnce' };
  await check.getByRole('button', { name: 'Fill the disk data again' }).click();
  await asked.getByRole('button', { name: 'Fill the disk data again' }).click();
  await expect(asked).toHaveCount(0);
  await check.getByRole('button', { name: 'Check again' }).click();
  await expect(check.getByText('Nothing stands in the way.')).toBeVisible();
  expect(complaints).toEqual([]);
});
