// Task: make a disk of a container image that only its user may pull, and make room when there is none.
import { AppError } from '../../electron/api/errors.ts';
import { resources } from '../../electron/api/resources.ts';
import { dataVolume, named, vm, withDisk, withRunStrategy } from '../fakes/builders.ts';
import { lookAt } from './look-at.ts';
import { expect, goTo, test } from './window.ts';

test('a disk from a registry with a Secret made beside it, no room for another, and an unused disk deleted', async ({
  page,
  pretended,
  complaints,
}) => {
  const { engine, host } = pretended;
  await pretended.open(page, '/disks');
  await page.getByRole('button', { name: 'Create disk' }).first().click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Create a disk' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('web-image');
  await dialog.getByRole('radio', { name: 'From the web or a registry' }).check();
  await dialog.getByRole('textbox', { name: 'Address or image' }).fill('quay.io/team/web:1');
  await dialog.getByRole('button', { name: 'New', exact: true }).click();
  const secret = page.getByRole('dialog').filter({ hasText: 'Secret for a registry' });
  await secret.getByRole('textbox', { name: 'Name' }).fill('quay');
  await secret.getByRole('textbox', { name: 'User' }).fill('ada');
  await secret.getByLabel('Password or token').fill('lovelace');
  await secret.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(secret).toHaveCount(0);
  await expect(dialog.getByRole('combobox', { name: 'Secret for the registry' })).toHaveValue('quay');
  await lookAt(page, 'create-disk');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('row', { name: /web-image .* Container image/ })).toBeVisible();

  await engine.create(resources.dataVolumes, 'default', dataVolume({ name: 'old', size: '3Gi' }));
  await expect(page.getByRole('row', { name: /old Ready/ })).toBeVisible();
  host.disks.mode = { type: 'fails', error: new AppError('DiskFull', 'The file system is 2 GiB short.') };
  await engine.create(
    resources.dataVolumes,
    'default',
    dataVolume({ name: 'root', source: { http: { url: 'https://example.test/a.img' } } }),
  );
  await engine.create(
    resources.virtualMachines,
    'default',
    vm(named('web'), withRunStrategy('Manual'), withDisk('root', { dataVolume: 'root' })),
  );
  await goTo(page, '/machines/default/web');
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Check whether it can start' }).click();
  const check = page.getByRole('dialog').filter({ hasText: 'Can web start?' });
  await expect(check.getByText(/The file system is 2 GiB short\./)).toBeVisible();
  await check.getByRole('button', { name: 'Delete the unused disk old and free 3 GiB' }).click();
  const asked = page.getByRole('dialog').filter({ hasText: 'The same as a command' });
  await expect(asked.getByRole('button', { name: /^Delete the unused disk/ })).toBeDisabled();
  await asked.getByRole('textbox', { name: 'Type old to confirm' }).fill('old');
  await lookAt(page, 'disk-full-delete');
  await asked.getByRole('button', { name: /^Delete the unused disk/ }).click();
  await expect(asked).toHaveCount(0);
  await expect(check.getByRole('button', { name: /^Delete the unused disk old/ })).toHaveCount(0);
  expect(complaints).toEqual([]);
});
