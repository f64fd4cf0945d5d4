// Task: take back an edit, and a deletion; see who changed what.
import { machine, machinesPath } from '../bench/machines.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './window.ts';

test('an edit and a deletion are undone from their toasts', async ({ page, deck, complaints }) => {
  await deck.core.request({ method: 'POST', path: machinesPath, body: machine('web', undefined) });
  await deck.open(page, '/machines/default/web/details');
  await page.getByRole('button', { name: /edit.*description/i }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').first().fill('The web server');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The web server').first()).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('The change of web is undone')).toBeVisible();
  await expect(page.getByText('The web server')).toHaveCount(0);

  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(page.getByText('web was deleted')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.evaluate(() => {
    location.hash = '#/machines';
  });
  await expect(page.getByRole('row', { name: /^web/ })).toBeVisible();
  expect(complaints).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the changes of a machine, with one compared, ${colorScheme}`, async ({ page, deck }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await deck.core.request({ method: 'POST', path: machinesPath, body: machine('web', undefined) });
    const body = { metadata: { labels: { app: 'web' } } };
    await deck.core.request({ method: 'PATCH', path: `${machinesPath}/web`, contentType: 'application/merge-patch+json', body });
    await deck.open(page, '/machines/default/web/events');
    await page.getByRole('tab', { name: 'Changes' }).click();
    await page.getByRole('button', { name: 'Show difference' }).first().click();
    await expect(page.getByText('app: web').first()).toBeVisible();
    expect(await axeFindings(page)).toEqual([]);
  });
}
