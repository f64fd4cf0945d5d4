// Task: turn on Secure Boot and a TPM for a machine, go on to own keys, and set its UEFI settings back.
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { machine, machinesPath } from '../bench/machines.ts';
import { expect, test } from './window.ts';

test('Secure Boot, TPM and factory settings', async ({ page, deck, complaints }) => {
  await deck.core.request({ method: 'POST', path: machinesPath, body: machine('safe', undefined) });
  const stored = async (): Promise<VirtualMachine> => (await deck.core.request({ path: `${machinesPath}/safe` })) as VirtualMachine;
  await deck.open(page, '/machines/default/safe/details');

  await page.getByRole('button', { name: 'Edit: Firmware' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'UEFI' }).check();
  await dialog.getByRole('radio', { name: 'On (Microsoft keys)' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('On (Microsoft keys)')).toBeVisible();
  expect((await stored()).spec.template.spec?.domain).toMatchObject({
    firmware: { bootloader: { efi: { secureBoot: true } } },
    features: { smm: { enabled: true } },
  });

  await page.getByRole('button', { name: 'Edit: TPM' }).click();
  await dialog.getByRole('radio', { name: 'TPM 2.0, keeps its state' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('TPM 2.0, keeps its state')).toBeVisible();
  expect((await stored()).spec.template.spec?.domain.devices.tpm).toEqual({ persistent: true });

  await page.getByRole('button', { name: 'Edit: Secure Boot' }).click();
  await dialog.getByRole('radio', { name: 'Setup mode (your own keys)' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('Setup mode (your own keys)')).toBeVisible();
  expect((await stored()).metadata.annotations?.['virtdeck.io/secure-boot-keys']).toBe('own');

  // Asked for by the keyboard, and not done before the answer.
  await page.getByRole('button', { name: 'Reset to factory settings' }).press('Enter');
  await expect(dialog.getByText('Reset the UEFI settings of safe?')).toBeVisible();
  await dialog.getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(page.getByText('The UEFI settings of safe were reset')).toBeVisible();
  expect(complaints).toEqual([]);
});
