// Task: promise machines less than their guests are told, and see where a new one's charge comes from (8.14.7).
import { resources } from '../../electron/api/resources.ts';
import { named, vm, withMemory, withRunStrategy } from '../fakes/builders.ts';
import { lookAt } from './look-at.ts';
import { expect, goTo, test } from './window.ts';

test('memory overcommit in percent and vCPUs for each CPU, and the charge line by line', async ({ page, pretended, complaints }) => {
  await pretended.engine.create(resources.virtualMachines, 'default', vm(named('web'), withRunStrategy('Manual'), withMemory('1Gi')));
  await pretended.open(page, '/memory');
  const percentage = page.getByRole('spinbutton', { name: 'Memory overcommit' });
  await expect(percentage).toHaveValue('100');
  await percentage.fill('5');
  await expect(page.getByText('A whole number from 10 to 1000.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await percentage.fill('200');
  await expect(page.getByText(/a guest of 1 GiB is promised 512 MiB/)).toBeVisible();
  await page.getByRole('spinbutton', { name: 'vCPUs for each CPU' }).fill('4');
  await lookAt(page, 'density');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();

  await goTo(page, '/machines/default/web');
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Check whether it can start' }).click();
  const check = page.getByRole('dialog').filter({ hasText: 'Can web start?' });
  await check.getByRole('button', { name: /line by line/ }).click();
  await expect(check.getByText('Request for the guest')).toBeVisible();
  await expect(check.getByText(/memory is lent at 200 %/)).toBeVisible();
  await expect(check.getByText(/A processor is set aside for 4 vCPUs/)).toBeVisible();
  expect(complaints).toEqual([]);
});
