// Task: part this computer into projects, say what each may take, and see before it is saved what a machine would take of it (8.14.1).
import { machine, machinesPath } from '../bench/machines.ts';
import { lookAt } from './look-at.ts';
import { expect, test } from './window.ts';

test('a project, its quota and limit range, limits of a machine, and the project deleted again', async ({ page, deck, complaints }) => {
  await deck.core.request({ method: 'POST', path: machinesPath, body: machine('web', undefined) });
  await deck.open(page, '/settings');
  const dialog = page.getByRole('dialog');
  // One project: nobody need know.
  await expect(page.getByRole('button', { name: /^Project:/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Create project' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('lab');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Delete project lab' })).toBeVisible();
  await page.getByRole('button', { name: /^Project:/ }).click();
  await page.getByRole('menuitem', { name: 'lab' }).click();
  await expect(page.getByRole('button', { name: 'Project: lab' })).toBeVisible();

  const go = (route: string): Promise<void> => page.evaluate((hash) => void (location.hash = hash), `#${route}`);
  await go('/machines');
  await expect(page.getByText('No machines yet')).toBeVisible();

  await go('/quotas');
  await page.getByRole('button', { name: 'Create quota' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('team');
  await dialog.getByRole('textbox', { name: 'At most' }).fill('1Gi');
  await dialog.getByRole('button', { name: 'Add resource' }).click();
  await dialog.getByRole('combobox', { name: 'Resource' }).nth(1).selectOption('limits.memory');
  await dialog.getByRole('textbox', { name: 'At most' }).nth(1).fill('2Gi');
  await lookAt(page, 'quota-dialog');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('progressbar', { name: /requests.memory/ })).toBeVisible();
  await page.getByRole('button', { name: 'Create limit range' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('bounds');
  await dialog.getByRole('textbox', { name: 'Maximum' }).fill('4Gi');
  await lookAt(page, 'range-dialog');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('grid', { name: 'Limit range bounds' })).toBeVisible();
  await lookAt(page, 'quotas-page');

  const inLab = machinesPath.replace('/default/', '/lab/');
  await deck.core.request({ method: 'POST', path: inLab, body: machine('with-limits', undefined, '512Mi') });
  // A new window, whose ranges are the last to answer.
  const ranges = Promise.withResolvers<void>();
  await page.route(/\/limitranges/, async (route) => {
    await ranges.promise;
    await route.continue();
  });
  const quotas = page.waitForResponse(/\/resourcequotas/);
  await deck.open(page, '/machines/lab/with-limits/details');
  await page.getByRole('button', { name: 'Edit: Requests and limits' }).click();
  await quotas;
  // The range's maximum is the limit of who names none, so that nobody need say it: neither before it is known nor after.
  const demanded = dialog.getByText('A quota of this project demands limits.memory');
  await expect(dialog.getByRole('button', { name: /line by line/ })).toBeVisible();
  expect(await demanded.count()).toBe(0);
  const answered = page.waitForResponse(/\/limitranges/);
  ranges.resolve();
  await answered;
  await expect(demanded).toHaveCount(0);
  await dialog.getByRole('textbox', { name: 'Memory requested' }).fill('128Mi');
  await dialog.getByRole('textbox', { name: 'Memory limit' }).fill('200Mi');
  await expect(dialog.getByText('The memory limit is less than 100Mi above the request')).toBeVisible();
  await expect(dialog.getByText(/must be equal to or less than the memory limit/)).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Memory limit' }).fill('700Mi');
  await expect(dialog.getByText('The memory limit is less than 100Mi above the request')).toHaveCount(0);
  await dialog.getByRole('button', { name: /line by line/ }).click();
  await expect(dialog.getByText('Request for the guest')).toBeVisible();
  await expect(dialog.getByText(/Quota team: .* of requests.memory fits/)).toBeVisible();
  await lookAt(page, 'resources-dialog');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('limits.memory=700Mi')).toBeVisible();

  // More than the quota has: said before it is saved.
  await page.getByRole('button', { name: 'Edit: Requests and limits' }).click();
  await dialog.getByRole('textbox', { name: 'Memory limit' }).fill('3Gi');
  await dialog.getByRole('textbox', { name: 'Memory requested' }).fill('2Gi');
  await expect(dialog.getByText(/exceeded quota: team, requested: limits.memory=/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await go('/settings');
  await page.getByRole('button', { name: 'Delete project lab' }).click();
  await dialog.getByRole('textbox').fill('lab');
  await lookAt(page, 'delete-project');
  await dialog.getByRole('button', { name: 'Delete project' }).click();
  await expect(page.getByRole('button', { name: 'Delete project lab' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Project:/ })).toHaveCount(0);
  // The guest is larger than the limit of 200Mi: nothing else is refused.
  expect(complaints).toEqual([expect.stringMatching(/ 422 .*\/virtualmachines\/with-limits\?dryRun=All$/)]);
});
