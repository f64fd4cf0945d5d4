// Task: see the chain of certificates, rotate it, and set how long its members last within the rules.
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './window.ts';

test('chain, rotation and durations', async ({ page, pretended, complaints }) => {
  const { engine } = pretended;
  await engine.demandTls('api', ['workshop']);
  await pretended.open(page, '/certificates');
  const chain = page.getByRole('list', { name: 'Chain' });
  await expect(chain.getByText('Signs', { exact: true })).toHaveCount(1);
  await expect(chain.getByRole('img', { name: /% of its life has passed/ }).first()).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('button', { name: 'Rotate now' }).press('Enter');
  await expect(page.getByText('A new authority signs now; the old one is trusted until it expires')).toBeVisible();
  await expect(chain.getByText('Trusted until it expires')).toHaveCount(1);
  await expect(chain.getByText('Signs', { exact: true })).toHaveCount(1);

  const duration = page.getByRole('textbox', { name: 'Servers: duration' });
  const before = page.getByRole('textbox', { name: 'Servers: renew before their end' });
  const save = page.getByRole('button', { name: 'Save' });
  await duration.fill('5m0s');
  // The core's refusal, and beside it the rule that it speaks of.
  await expect(page.getByText(/value is too small/)).toBeVisible();
  await expect(page.getByText(/each at least 10m0s/)).toBeVisible();
  await expect(save).toBeDisabled();
  await duration.fill('12h0m0s');
  await before.fill('6h0m0s');
  await expect(save).toBeEnabled();
  await save.click();
  await expect(save).toBeDisabled();
  await page.reload();
  await expect(duration).toHaveValue('12h0m0s');
  await expect(before).toHaveValue('6h0m0s');
  // The core is asked as it is typed, and says no to what breaks a rule.
  expect(complaints.filter((text) => !text.includes('403 (Forbidden)'))).toEqual([]);
});
