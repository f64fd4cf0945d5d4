// Task: make a machine with the wizard, watch it boot, type into it, stop it, delete it; and find it again after a crash of the core.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { tinyLinuxDisk, tinyLinuxReady } from '../guests/tiny-linux.ts';
import { brightPixels, type Deck, expect, serialText, test } from './window.ts';

/** Next, next, finish, with a disk image of this computer. */
async function makeMachine(page: Page, deck: Deck, name: string): Promise<void> {
  const image = join(deck.core.dataDir, 'tiny.img');
  copyFileSync(await tinyLinuxDisk(), image);
  await deck.open(page, '/create');
  const wizard = page.getByRole('dialog').filter({ hasText: 'Create a machine' });
  const next = wizard.getByRole('button', { name: 'Next' });
  // The label is what is clicked, when it stands still.
  await wizard.locator('label[for="source-file-choice"]').click();
  await wizard.getByRole('textbox', { name: 'Path of the file' }).fill(image);
  await expect(wizard.getByText(/Disk image, raw/)).toBeVisible();
  await next.click();
  await wizard.getByRole('textbox', { name: 'Name' }).fill(name);
  await next.click();
  await expect(wizard.getByRole('heading', { name: 'Where does it keep its data?' })).toBeVisible();
  await next.click();
  await expect(wizard.getByRole('heading', { name: 'How is it connected?' })).toBeVisible();
  await next.click();
  await expect(wizard.getByRole('heading', { name: 'Who can log in?' })).toBeVisible();
  await next.click();
  await expect(wizard.getByRole('heading', { name: 'Anything else?' })).toBeVisible();
  await next.click();
  await expect(wizard.getByText('It can be created and started.')).toBeVisible();
  await wizard.getByRole('tab', { name: 'YAML' }).click();
  await expect(wizard.getByText('kind: VirtualMachine').first()).toBeVisible();
  await wizard.getByRole('tab', { name: 'Ansible playbook' }).click();
  await expect(wizard.getByText('virtdeck.local.kubevirt_vm')).toBeVisible();
  await wizard.getByRole('button', { name: 'Create machine' }).click();
  const ready = page.getByRole('dialog', { name: `${name} is ready` });
  await expect(ready).toBeVisible({ timeout: 120_000 });
  await ready.getByRole('button', { name: 'Open console' }).click();
}

async function typeOnSerial(page: Page, text: string): Promise<void> {
  await page.locator('.xterm').first().click();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('make, boot, type, look, stop, delete', async ({ page, deck, complaints }) => {
  await makeMachine(page, deck, 'made-here');
  await expect(page).toHaveURL(/machines\/default\/made-here\/console/);
  await page
    .getByRole('button', { name: 'Serial' })
    .or(page.getByRole('tab', { name: 'Serial' }))
    .first()
    .click();
  await expect.poll(() => serialText(page), { timeout: 240_000 }).toContain(tinyLinuxReady);
  await typeOnSerial(page, 'echo typed-$((6*7))');
  await expect.poll(() => serialText(page), { timeout: 60_000 }).toContain('typed-42');

  await page
    .getByRole('button', { name: 'Graphics' })
    .or(page.getByRole('tab', { name: 'Graphics' }))
    .first()
    .click();
  await expect.poll(() => brightPixels(page), { timeout: 60_000 }).toBeGreaterThan(100);

  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Shut down' }).click();
  await expect(page.getByText('Stopped').first()).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'made-here' });
  await dialog.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await expect(page.getByText('No machines yet')).toBeVisible({ timeout: 60_000 });
  expect(complaints).toEqual([]);
});

test('kill -9 of the core during the boot: the machine is adopted, its console works', async ({ page, deck }) => {
  await makeMachine(page, deck, 'survivor');
  await deck.crash();
  await deck.open(page, '/machines/default/survivor/console');
  await page
    .getByRole('button', { name: 'Serial' })
    .or(page.getByRole('tab', { name: 'Serial' }))
    .first()
    .click();
  await expect.poll(() => serialText(page), { timeout: 240_000 }).toContain(tinyLinuxReady);
  await typeOnSerial(page, 'echo after-$((6*7))');
  await expect.poll(() => serialText(page), { timeout: 60_000 }).toContain('after-42');
});
