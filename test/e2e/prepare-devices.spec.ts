// Task: hand a graphics card to machines, from "can this computer do it?" to the recovery card, and take it all back.
import { expect, type Page } from '@playwright/test';
import { axeFindings } from './axe-findings.ts';
import { test } from './workstation.ts';

const card = 'NVIDIA Corporation TU104GL [Tesla T4]';
/** Where pictures go, when somebody wants to look. */
const pictures = process.env['VIRTDECK_PICTURES'];

async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

async function expectNoFaults(page: Page, where: string): Promise<void> {
  await expect(page.locator('.pf-v6-c-skeleton')).toHaveCount(0);
  expect.soft(await axeFindings(page), where).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the map: verdicts, filters, details; ${colorScheme}`, async ({ page, workstation, complaints }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(colorScheme === 'light' ? { width: 1400, height: 900 } : { width: 900, height: 800 });
    await workstation.open(page, '/host-devices');
    const group = page.getByRole('region', { name: card });
    await expect(group).toContainText('Takes others with it');
    const disk = page.getByRole('region', { name: /Samsung/ });
    await expect(disk).toContainText('This computer uses it: disk / (0000:03:00.0).');
    await expect(disk.getByRole('button', { name: /^Prepare / })).toHaveAttribute('aria-disabled', 'true');
    await group.getByRole('button', { name: 'Details of 0000:01:00.0' }).focus();
    await page.keyboard.press('Enter');
    await expect(group).toContainText('8.0 GT/s PCIe x16');
    await expectNoFaults(page, 'map');
    await picture(page, `devices-${colorScheme}`);
    await page.getByRole('button', { name: 'Audio', exact: true }).click();
    await expect(disk).toBeHidden();
    await page.getByRole('textbox', { name: 'Search devices' }).fill('10de:1eb8');
    await expect(page.getByText('1 group', { exact: true })).toBeVisible();
    await expect(page.getByRole('grid', { name: 'USB devices' })).toContainText('Unifying Receiver');
    expect(complaints).toEqual([]);
  });
}

test('the guide: plan, trial, keep, verify, card; and everything undone', async ({ page, workstation, complaints }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await workstation.open(page, '/host-devices');
  await page.getByRole('button', { name: `Prepare ${card}` }).click();
  const next = page.getByRole('button', { name: 'Next', exact: true });

  await expect(page.getByRole('checkbox', { name: new RegExp('Tesla T4') })).toBeChecked();
  await expect(page.getByText('Interrupts of devices are remapped.')).toBeVisible();
  await expectNoFaults(page, 'check');
  await picture(page, 'guide-1-check');
  // By keyboard: the button is reached and pressed.
  await next.focus();
  await page.keyboard.press('Enter');

  const diff = page.getByRole('figure', { name: 'Change of /etc/modprobe.d/vfio.conf' });
  await expect(diff).toContainText('+ options vfio-pci ids=10de:10f8,10de:1ad8,10de:1eb8');
  await expect(page.getByRole('figure', { name: 'Change of /etc/default/grub.d/60-virtdeck.cfg' })).toContainText('intel_iommu=on');
  await expectNoFaults(page, 'plan');
  await picture(page, 'guide-2-plan');
  await next.click();

  await page.getByRole('button', { name: 'Try it for 30 seconds' }).click();
  const trial = page.getByRole('region', { name: card });
  await expect(trial).toContainText('0000:01:00.0: vfio-pci');
  await expect(trial).toContainText(/Back in \d+ seconds/);
  await expectNoFaults(page, 'trial');
  await picture(page, 'guide-3-trial');
  await page.getByRole('button', { name: 'Take it back now' }).click();
  await expect(trial).toContainText('0000:01:00.0: nouveau');
  await page.getByRole('button', { name: 'Try it for 30 seconds' }).click();
  await page.getByRole('button', { name: 'It works: keep it until the next restart' }).click();
  await expect(trial).toContainText('Kept until the next restart');
  await next.click();

  await picture(page, 'guide-4-apply');
  await page.getByRole('button', { name: /^Make \d changes$/ }).click();
  await expect(page.getByText('Print the recovery card before you restart this computer.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo /etc/modprobe.d/vfio.conf' })).toBeVisible();
  await expectNoFaults(page, 'apply');
  await picture(page, 'guide-4-applied');
  await next.click();

  await expect(page.getByText('The devices are with vfio-pci, and will be after each start.')).toBeVisible();
  await expect(page.getByText('lspci -nnk -d 10de:')).toBeVisible();
  await expectNoFaults(page, 'verify');
  await picture(page, 'guide-5-verify');
  await next.click();

  const article = page.getByRole('article', { name: 'Recovery card of tower' });
  await expect(article).toContainText('Add: module_blacklist=vfio_pci');
  await expect(article).toContainText('sh /var/lib/virtdeck-helper/rescue.sh');
  await expectNoFaults(page, 'card');
  await picture(page, 'guide-6-card');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Finish' })).toBeHidden();
  await picture(page, 'card-print');
  await page.emulateMedia({ media: 'screen' });

  await page.getByRole('button', { name: 'Finish' }).click();
  const changed = page.getByRole('region', { name: 'Changed on this computer' });
  await changed.getByRole('button', { name: 'Undo /etc/default/grub.d/60-virtdeck.cfg' }).click();
  await expect(page.getByRole('dialog')).toContainText('- GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX intel_iommu=on"');
  await page.getByRole('dialog').getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(changed.getByRole('button', { name: 'Undo /etc/default/grub.d/60-virtdeck.cfg' })).toBeHidden();
  await changed.getByRole('button', { name: 'Undo all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo all' }).click();
  await expect(changed).toBeHidden();
  expect(complaints).toEqual([]);
});
