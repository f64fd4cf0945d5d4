// Task: find one machine among a thousand.
import { machine, machinesPath } from '../bench/machines.ts';
import { expect, test } from './window.ts';

test('a thousand machines are listed, filtered and opened', async ({ page, deck, complaints }) => {
  for (let index = 0; index < 1000; index++) {
    await deck.core.request({ method: 'POST', path: machinesPath, body: machine(`vm-${String(index).padStart(4, '0')}`, undefined) });
  }
  await deck.open(page);
  const table = page.getByRole('grid').or(page.getByRole('table')).first();
  await expect(table).toHaveAttribute('aria-rowcount', /^100[01]$/);
  await expect(page.getByText('vm-0000', { exact: true })).toBeVisible();
  // Only what is on the screen is in the document.
  expect(await page.locator('tbody tr').count()).toBeLessThan(120);

  await page
    .getByRole('textbox', { name: 'Search machines' })
    .or(page.getByRole('searchbox', { name: 'Search machines' }))
    .fill('vm-0777');
  await expect(page.getByText('vm-0777', { exact: true })).toBeVisible();
  await expect(page.getByText('vm-0000', { exact: true })).toBeHidden();
  await page
    .getByRole('link', { name: 'vm-0777' })
    .or(page.getByText('vm-0777', { exact: true }))
    .first()
    .click();
  await expect(page.getByRole('heading', { name: 'vm-0777' })).toBeVisible();
  await expect(page).toHaveURL(/machines\/default\/vm-0777/);
  expect(complaints).toEqual([]);
});
