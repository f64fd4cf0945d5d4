// Task: make a bridge and a network with a VLAN, put a machine on it, pull its cable, take it out; and see what is missing without the helper.
import type { NetworkAttachmentDefinition } from '../../electron/api/kinds/network-attachment-definition.ts';
import { resources } from '../../electron/api/resources.ts';
import { named, vm, withRunStrategy, withUserNetwork } from '../fakes/builders.ts';
import { axeFindings } from './axe-findings.ts';
import { lookAt } from './look-at.ts';
import { expect, test } from './window.ts';

test('a bridge, a network with a VLAN, and a machine on it', async ({ page, pretended, complaints }) => {
  const { engine, host } = pretended;
  const machineKey = { resource: resources.virtualMachines, namespace: 'default', name: 'web' };
  await engine.create(resources.virtualMachines, 'default', vm(named('web'), withRunStrategy('Manual'), withUserNetwork()));
  await pretended.open(page, '/networks');
  const dialog = page.getByRole('dialog');
  const bridges = page.getByRole('grid', { name: 'Bridges of this computer' });
  const networks = page.getByRole('grid', { name: 'Networks for machines' });

  await page.getByRole('button', { name: 'Make bridge' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('br7');
  await dialog.getByRole('checkbox', { name: 'Keep VLANs apart' }).check();
  // In words, before a password is asked for.
  await expect(
    dialog.getByText("An administrator's password will be asked for, to make the bridge br7, which keeps VLANs apart."),
  ).toBeVisible();
  await dialog.getByRole('button', { name: 'Make bridge' }).click();
  await expect(bridges.getByRole('row', { name: /br7.*Kept apart/ })).toBeVisible();
  expect(host.world.asked).toEqual([{ verb: 'bridge-create', name: 'br7', vlanFiltering: true }]);

  await page.getByRole('button', { name: 'Create network' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('blue');
  await dialog.getByRole('textbox', { name: 'Bridge' }).fill('br0');
  await dialog.getByRole('textbox', { name: 'VLAN' }).fill('5000');
  await expect(dialog.getByText('Use a whole number of 1 to 4094.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Create' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'VLAN' }).fill('20');
  await expect(dialog.getByText('br0 does not keep VLANs apart: a machine on this network would not start.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Bridge' }).fill('br7');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(networks.getByRole('row', { name: /blue.*br7.*20.*Not used/ })).toBeVisible();
  const [made] = engine.list(resources.networkAttachmentDefinitions, 'default').items as readonly NetworkAttachmentDefinition[];
  expect(JSON.parse(made?.spec?.config ?? '')).toEqual({
    cniVersion: '0.3.1',
    name: 'blue',
    plugins: [{ type: 'cnv-bridge', bridge: 'br7', vlan: 20 }, { type: 'cnv-tuning' }],
  });
  expect(await axeFindings(page)).toEqual([]);

  // A card is plugged into the machine while it runs, and its cable is pulled.
  await engine.act('start', machineKey);
  await pretended.open(page, '/machines/default/web/network');
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Put on a network' }).click();
  await page.getByRole('menuitem', { name: 'blue' }).click();
  const cards = page.getByRole('grid', { name: 'Network interfaces' });
  await expect(cards.getByRole('row', { name: /Bridge blue/ })).toBeVisible();
  await expect
    .poll(() => [...host.world.taps.values()].flat().map(({ bridge, vlan }) => ({ bridge, vlan })))
    .toEqual([{ bridge: 'br7', vlan: 20 }]);
  await expect.poll(() => host.world.guest('web')?.qmpLog.some(({ execute }) => execute === 'device_add')).toBe(true);
  await expect(page.getByText('A network card waits to be plugged in')).toHaveCount(0);
  const cable = cards.getByRole('row', { name: /Bridge blue/ }).getByRole('switch');
  await cable.press('Space');
  await expect(cable).not.toBeChecked();
  await expect
    .poll(() => host.world.guest('web')?.qmpLog.findLast(({ execute }) => execute === 'set_link')?.arguments)
    .toMatchObject({ up: false });

  await pretended.open(page, '/networks');
  await networks.getByRole('button', { name: 'Actions of blue' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  // Who runs on it is named, and is not left without its network.
  await expect(dialog.getByText('1 machine is on it:')).toBeVisible();
  await expect(dialog.getByText('web runs now')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await lookAt(page, 'delete-network');
  await page.keyboard.press('Escape');
  await pretended.open(page, '/machines/default/web/network');
  await cards.getByRole('button', { name: /^Take .* out$/ }).click();
  await expect(cards.getByRole('row', { name: /Bridge blue/ })).toHaveCount(0);
  await expect.poll(() => [...host.world.taps.values()].flat()).toEqual([]);

  await pretended.open(page, '/networks');
  await networks.getByRole('button', { name: 'Actions of blue' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(dialog.getByText('The bridge br7 stays.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No networks yet')).toBeVisible();
  await bridges.getByRole('button', { name: 'Actions of br0' }).click();
  await expect(page.getByRole('menuitem', { name: /Remove.*Made by somebody else/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await bridges.getByRole('button', { name: 'Actions of br7' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(dialog.getByText("An administrator's password will be asked for, to remove the bridge br7.")).toBeVisible();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(bridges.getByRole('row', { name: /br7/ })).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('without the privileged program it is said how to get it, and nothing is asked', async ({ page, pretended }) => {
  const { host } = pretended;
  host.world.network = { ...host.world.network, privilege: 'uninstalled' };
  await pretended.open(page, '/networks');
  await page.getByRole('button', { name: 'Make bridge' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('br7');
  await expect(dialog.getByText('An administrator installs it with: sudo npm run helper -- install')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Make bridge' })).toBeDisabled();
  expect(host.world.asked).toEqual([]);
});

test('a card that cannot be plugged in says why', async ({ page, pretended }) => {
  const { engine } = pretended;
  await engine.create(resources.virtualMachines, 'default', vm(named('web'), withRunStrategy('Always'), withUserNetwork()));
  await engine.create(resources.networkAttachmentDefinitions, 'default', {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name: 'away', namespace: 'default' },
    spec: { config: '{"type":"bridge","bridge":"br9"}' },
  });
  await pretended.open(page, '/machines/default/web/network');
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Put on a network' }).click();
  await page.getByRole('menuitem', { name: 'away' }).click();
  await expect(page.getByText('A network card waits to be plugged in')).toBeVisible();
  await expect(page.getByText(/needs the bridge br9, which is not on this computer/)).toBeVisible();
});

test('forwarded ports in the list are reached by keyboard', async ({ page, pretended }) => {
  const { engine } = pretended;
  const made = vm(named('web'), withRunStrategy('Always'), withUserNetwork());
  const annotations = { 'virtdeck.io/port-forwards': '[{"host":2222,"guest":22},{"host":8080,"guest":80}]' };
  await engine.create(resources.virtualMachines, 'default', { ...made, metadata: { ...made.metadata, annotations } });
  await pretended.open(page);
  const row = page.getByRole('row', { name: /web/ });
  await expect(row.getByRole('link', { name: 'http:8080' })).toBeVisible();
  await row.focus();
  const reached: (string | null)[] = [];
  for (let presses = 0; presses < 6; presses += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.textContent ?? null));
  }
  expect(reached).toEqual(expect.arrayContaining(['web', 'ssh:2222', 'http:8080']));
});
