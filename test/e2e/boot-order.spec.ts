// Task: put the devices of a machine in boot order, by dragging and by keyboard.
import { resources } from '../../electron/api/resources.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { named, vm, withDisk, withDomain, withUserNetwork } from '../fakes/builders.ts';
import { lookAt } from './look-at.ts';
import { expect, test } from './window.ts';

test('boot order is dragged, moved by keyboard, and kept in disks and network interfaces alike', async ({
  page,
  pretended,
  complaints,
}) => {
  const ordered = withDomain((domain) => ({
    ...domain,
    devices: { ...domain.devices, disks: domain.devices.disks?.map((disk, index) => ({ ...disk, bootOrder: index + 1 })) },
  }));
  await pretended.engine.create(
    resources.virtualMachines,
    'default',
    vm(named('web'), withDisk('root'), withDisk('data'), ordered, withUserNetwork()),
  );
  const stored = async (): Promise<readonly string[]> => {
    const { items } = pretended.engine.list(resources.virtualMachines, 'default') as unknown as { items: readonly VirtualMachine[] };
    const { disks = [], interfaces = [] } = items[0]?.spec.template.spec?.domain.devices ?? {};
    return [...disks, ...interfaces]
      .filter(({ bootOrder }) => bootOrder !== undefined)
      .toSorted((a, b) => Number(a.bootOrder) - Number(b.bootOrder))
      .map(({ name, bootOrder }) => `${bootOrder} ${name}`);
  };
  await pretended.open(page, '/machines/default/web/details');
  const edit = page.getByRole('button', { name: 'Edit: Boot order' });
  const dialog = page.getByRole('dialog');
  const rows = dialog.getByRole('list', { name: 'Boot order' }).getByRole('listitem');
  const save = dialog.getByRole('button', { name: 'Save' });

  await edit.click();
  await expect(rows).toHaveText([/root/, /data/, /default/]);
  await dialog.getByRole('checkbox', { name: /default/ }).check();
  await rows.filter({ hasText: 'default' }).dragTo(rows.filter({ hasText: 'root' }));
  await expect(rows).toHaveText([/default/, /root/, /data/]);
  await save.click();
  await expect(dialog).toBeHidden();
  expect(await stored()).toEqual(['1 default', '2 root', '3 data']);

  await edit.click();
  const up = dialog.getByRole('button', { name: 'Move data up' });
  await up.focus();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveText([/default/, /data/, /root/]);
  // At the top the button has nothing left to do, and keeps the focus all the same.
  await expect(up).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveText([/data/, /default/, /root/]);
  await expect(up).toBeFocused();
  await page.keyboard.press('Enter');
  await dialog.getByRole('checkbox', { name: /default/ }).uncheck();
  await dialog.getByRole('checkbox', { name: 'Boot menu' }).check();
  await lookAt(page, 'boot-order');
  await save.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByText('the firmware waits 10 seconds for a key')).toBeVisible();
  expect(await stored()).toEqual(['1 data', '2 root']);
  expect(complaints).toEqual([]);
});
