// Task: see that a card was left between its drivers, and give it back with one press; a pretended workstation has the card.
import { expect } from '@playwright/test';
import { lookAt } from './look-at.ts';
import { test } from './workstation.ts';

const functions = ['0000:01:00.0', '0000:01:00.1', '0000:01:00.2'];

test('a card that was left half-way is given back with one press', async ({ page, workstation, complaints }) => {
  const { world } = workstation.host;
  const pci = world.hostDevices.pci.map((device) => {
    if (!functions.includes(device.address)) return device;
    world.driversBefore.set(device.address, device.driver);
    // The first has no driver at all.
    const { driver: _driver, ...rest } = device;
    return device.address === functions[0] ? rest : { ...rest, driver: 'vfio-pci' };
  });
  world.hostDevices = { ...world.hostDevices, pci };
  world.interrupted.add('0000:01:00.0');
  await workstation.open(page, '/host-devices');
  const card = page.getByRole('region', { name: /Tesla T4/ });
  await expect(card).toContainText('A change of drivers was interrupted');
  await card.scrollIntoViewIfNeeded();
  await lookAt(page, 'interrupted-device');
  await card.getByRole('button', { name: 'Give it back to this computer' }).click();
  await expect(card).not.toContainText('A change of drivers was interrupted');
  expect(world.asked).toEqual([{ verb: 'vfio-unbind', address: '0000:01:00.0' }]);
  expect(world.hostDevices.pci.find(({ address }) => address === functions[0])?.driver).toBe('nouveau');
  expect(complaints).toEqual([]);
});
