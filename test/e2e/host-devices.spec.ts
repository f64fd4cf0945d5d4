// Task: allow devices of this computer for machines, give a card to one, and take the name back; a pretended workstation has the card.
import { expect, type Page } from '@playwright/test';
import { resources } from '../../electron/api/resources.ts';
import type { HyperConverged } from '../../electron/api/kinds/hyper-converged.ts';
import type { Node } from '../../electron/api/kinds/node.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { named, vm, withRunStrategy } from '../fakes/builders.ts';
import { lookAt } from './look-at.ts';
import { test } from './workstation.ts';
import { choose, goTo, type PretendedDeck } from './window.ts';

const hyperConverged = { resource: resources.hyperConvergeds, namespace: 'openshift-cnv', name: 'kubevirt-hyperconverged' };
const t4 = 'nvidia.com/TU104GL_Tesla_T4';
const vf = 'intel.com/Ethernet_Virtual_Function_700_Series';

async function allow({ engine }: PretendedDeck): Promise<void> {
  const stored = engine.get(hyperConverged) as HyperConverged;
  const pciHostDevices = [
    { pciDeviceSelector: '10DE:1EB8', resourceName: t4 },
    { pciDeviceSelector: '8086:154C', resourceName: vf },
  ];
  const usbHostDevices = [{ selectors: [{ vendor: '046d', product: 'c52b' }], resourceName: 'logitech.com/receiver' }];
  const spec = { ...stored.spec, permittedHostDevices: { pciHostDevices, usbHostDevices } };
  await engine.update(hyperConverged, { ...stored, spec });
}

/** Of all Nodes together. */
function capacityOf({ engine }: PretendedDeck, name: string): string {
  const nodes = engine.list(resources.nodes).items as readonly Node[];
  return nodes.map(({ status }) => status?.capacity?.[name] ?? 'none').join(' ');
}

async function openForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Allow a device', exact: true }).click();
}

test('a device is allowed, renamed, taken back and removed; what is wrong is said at its field', async ({
  page,
  workstation,
  complaints,
}) => {
  await page.setViewportSize({ width: 1400, height: 900 });
  await workstation.open(page, '/host-devices');
  const card = page.getByRole('region', { name: 'Allowed for machines' });
  await expect(card).toContainText('No device is allowed yet');
  await openForm(page);
  const dialog = page.getByRole('dialog', { name: 'Allow a device for machines' });
  const save = dialog.getByRole('button', { name: 'Allow', exact: true });
  await expect(save).toBeDisabled();
  await dialog.getByLabel('Device', { exact: true }).selectOption('10DE:1EB8');
  const name = dialog.getByRole('textbox', { name: 'Name' });
  await expect(name).toHaveValue(t4);
  await expect(dialog).toContainText('Not with vfio-pci yet: 0000:01:00.0.');
  await name.fill('Tesla');
  await expect(dialog).toContainText('"Tesla" is no name of a resource.');
  await expect(save).toBeDisabled();
  await lookAt(page, 'allow-dialog');
  await name.fill(t4);
  const selector = dialog.getByRole('textbox', { name: 'Vendor and device' });
  await selector.fill('10DE');
  await expect(dialog).toContainText('"10DE" selects no device.');
  await selector.fill('10DE:1EB8');
  await dialog.getByRole('checkbox', { name: 'Another device plugin hands it out' }).check();
  // By keyboard alone: Enter in a field sends the form.
  await name.press('Enter');
  await expect(dialog).toBeHidden();
  const row = card.getByRole('row', { name: new RegExp(t4) });
  await expect(row).toContainText('1 not ready');
  await expect(row).toContainText('External provider');

  // From the device itself, which VFIO has already.
  await page.getByRole('button', { name: 'Allow for machines: Intel Corporation Ethernet Virtual Function 700 Series' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(card.getByRole('row', { name: new RegExp(vf) })).toContainText('1 of 1 free');
  await expect.poll(() => capacityOf(workstation, vf)).toContain('1');
  await lookAt(page, 'allowed');

  await card.getByRole('button', { name: `Actions of ${vf}` }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('intel.com/vf');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(card.getByRole('row', { name: /intel\.com\/vf/ })).toBeVisible();
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await expect(card.getByRole('row', { name: new RegExp(vf) })).toBeVisible();

  await card.getByRole('button', { name: `Actions of ${vf}` }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const asked = page.getByRole('dialog', { name: `Remove ${vf}?` });
  await expect(asked).toContainText(`Each Node has 0 of ${vf} from now on.`);
  await asked.getByRole('button', { name: 'Remove' }).click();
  await expect(card.getByRole('row', { name: new RegExp(vf) })).toBeHidden();
  await expect.poll(() => capacityOf(workstation, vf)).toMatch(/^0( 0)*$/);
  expect((workstation.engine.get(hyperConverged) as HyperConverged).spec.permittedHostDevices).toEqual({
    pciHostDevices: [{ pciDeviceSelector: '10DE:1EB8', resourceName: t4, externalResourceProvider: true }],
  });
  // The name and the selector that were no good, as they were typed.
  const refused: unknown = expect.stringMatching(/ 403 .*\/hyperconvergeds\/kubevirt-hyperconverged\?dryRun=All$/);
  expect(complaints).toEqual([refused, refused]);
});

test('a machine is given a card and a USB device on its page', async ({ page, workstation, complaints }) => {
  await allow(workstation);
  await workstation.engine.create(resources.virtualMachines, 'default', vm(named('web')));
  await page.setViewportSize({ width: 900, height: 900 });
  await workstation.open(page, '/machines/default/web/details');
  await page.getByRole('button', { name: 'Edit: Host devices' }).click();
  const dialog = page.getByRole('dialog', { name: 'Host devices' });
  const offer = dialog.getByRole('region', { name: t4 });
  await expect(offer).toContainText('Takes others with it');
  await expect(offer).toContainText('NVIDIA Corporation TU104 HD Audio Controller');
  await expect(offer).toContainText('is driven by nouveau, not by vfio-pci.');
  await offer.getByRole('button', { name: `Add ${t4}` }).click();
  const gpu = dialog.getByRole('region', { name: 'gpu1' });
  await gpu.getByRole('radio', { name: "As the machine's screen" }).check();
  await expect(dialog.getByRole('checkbox', { name: 'Hide that this is a virtual machine' })).toBeChecked();
  await gpu.getByLabel('Which one').selectOption('0000:01:00.0');
  await dialog.getByRole('button', { name: 'Add logitech.com/receiver' }).click();
  const usb = dialog.getByRole('region', { name: 'hostdevices1' });
  await usb.getByLabel('Which one, by its port').selectOption('1-2');
  await usb.getByRole('checkbox', { name: 'Start without it' }).check();
  await lookAt(page, 'device-dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(`gpu1: ${t4}, 0000:01:00.0`)).toBeVisible();
  const { metadata, spec } = workstation.engine.get({
    resource: resources.virtualMachines,
    namespace: 'default',
    name: 'web',
  }) as VirtualMachine;
  const { devices, features } = spec.template.spec?.domain ?? { devices: {} };
  expect(devices.gpus).toEqual([{ name: 'gpu1', deviceName: t4 }]);
  expect(devices.hostDevices).toEqual([{ name: 'hostdevices1', deviceName: 'logitech.com/receiver' }]);
  expect(features?.kvm).toEqual({ hidden: true });
  expect(JSON.parse(metadata.annotations?.['virtdeck.io/host-device-options'] ?? '')).toEqual({
    gpu1: { address: '0000:01:00.0', primaryGpu: true },
    hostdevices1: { address: '1-2', optional: true },
  });
  expect(complaints).toEqual([]);
});

test('a machine that runs gets devices at once; what it keeps and what has to wait says why', async ({ page, workstation, complaints }) => {
  await allow(workstation);
  await workstation.engine.create(resources.virtualMachines, 'default', vm(named('web'), withRunStrategy('Always')));
  await page.setViewportSize({ width: 1400, height: 900 });
  await workstation.open(page, '/machines/default/web/details');
  const edit = page.getByRole('button', { name: 'Edit: Host devices' });
  const dialog = page.getByRole('dialog', { name: 'Host devices' });
  const save = dialog.getByRole('button', { name: 'Save' });
  await edit.click();
  await expect(dialog).toContainText('devices are plugged in and taken out at once.');
  await dialog.getByRole('button', { name: 'Add logitech.com/receiver' }).click();
  await save.click();
  await expect(page.getByText('Has 1-2')).toBeVisible();
  workstation.host.world.behave({ releasesDevices: false });
  await edit.click();
  await dialog.getByRole('button', { name: 'Remove hostdevices1' }).click();
  await dialog.getByRole('button', { name: `Add ${t4}` }).click();
  await save.click();
  await expect(page.getByText('Has not let go of 1-2 yet')).toBeVisible();
  workstation.host.world.guest('web')?.emits('DEVICE_UNPLUG_GUEST_ERROR', { device: 'host-hostdevices1', path: '/machine/peripheral/x' });
  const kept = page.getByText('A device is still in the guest');
  await expect(kept).toBeVisible();
  await expect(page.getByText('The guest refuses to let go of the device hostdevices1: it is still in the guest.')).toBeVisible();
  await expect(page.getByText('0000:01:00.0 is driven by nouveau, not by vfio-pci.')).toBeVisible();
  await lookAt(page, 'device-kept');
  workstation.host.world.guest('web')?.devices.release();
  await expect(kept).toBeHidden();
  await expect(page.getByText('A device could not be plugged in yet')).toBeVisible();
  await edit.click();
  await dialog.getByRole('button', { name: 'Remove gpu1' }).click();
  await save.click();
  await expect(page.getByText('A device could not be plugged in yet')).toBeHidden();
  await edit.click();
  await dialog.getByRole('button', { name: `Add ${t4}` }).click();
  await dialog.getByRole('region', { name: 'gpu1' }).getByRole('radio', { name: "As the machine's screen" }).check();
  await save.click();
  await expect(page.getByText('gpu1 is to be the first screen of the machine')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Restart to apply' })).toBeVisible();
  await lookAt(page, 'device-at-restart');
  expect(complaints).toEqual([]);
});

test('the wizard has a step for devices where one is allowed, and the review names what was chosen', async ({ page, workstation }) => {
  await allow(workstation);
  await workstation.open(page, '/create');
  const wizard = page.getByRole('dialog');
  const next = wizard.getByRole('button', { name: 'Next' });
  await choose(wizard.getByRole('radio', { name: /Empty machine/ }));
  await next.click();
  await wizard.getByRole('textbox', { name: 'Name' }).fill('player');
  await next.click();
  await next.click();
  await next.click();
  await expect(wizard.getByRole('heading', { name: 'Which devices of this computer does it get?' })).toBeVisible();
  await wizard.getByRole('button', { name: `Add ${vf}` }).click();
  await expect(wizard.getByLabel('Name in the machine')).toHaveValue('hostdevices1');
  await lookAt(page, 'wizard-devices');
});

test('a card gets virtual functions', async ({ page, workstation, complaints }) => {
  await workstation.open(page, '/host-devices');
  await page.getByRole('button', { name: 'Details of 0000:04:00.0' }).click();
  await page.getByRole('button', { name: 'Set virtual functions' }).click();
  const dialog = page.getByRole('dialog', { name: 'Virtual functions' });
  await dialog.getByRole('spinbutton', { name: 'How many' }).fill('4');
  await expect(dialog).toContainText('The 2 that there are go first');
  await dialog.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('4 of 64')).toBeVisible();
  expect(workstation.host.world.asked).toEqual([0, 4].map((count) => ({ verb: 'sriov-set', address: '0000:04:00.0', count })));
  expect(complaints).toEqual([]);
});

test('parts of a card are made, given to a machine, and removed when it stops; who says no is heard', async ({
  page,
  workstation,
  complaints,
}) => {
  await page.setViewportSize({ width: 1400, height: 1000 });
  await workstation.open(page, '/host-devices');
  const card = page.getByRole('region', { name: 'Mediated devices (vGPU)' });
  const row = card.getByRole('row', { name: /GRID T4-2Q/ });
  await expect(row).toContainText('framebuffer=2048M');

  // Somebody closes the question for a password.
  workstation.host.world.stuckDevices.add('0000:01:00.0');
  await card.getByRole('button', { name: 'Make: GRID T4-2Q' }).click();
  const asked = page.getByRole('dialog', { name: 'Make GRID T4-2Q?' });
  await expect(asked).toContainText('There is room for 8 of 0000:01:00.0.');
  await lookAt(page, 'mdev-dialog');
  await asked.getByRole('button', { name: 'Make', exact: true }).click();
  await expect(card).toContainText('No administrator agreed.');
  workstation.host.world.stuckDevices.clear();
  await card.getByRole('button', { name: 'Try again' }).click();
  await expect(row).toContainText('8, 0 in use');
  await expect(row).toContainText('Wanted');
  await expect(card.getByRole('row', { name: /GRID T4-1B/ }).getByRole('gridcell', { name: '0', exact: true })).toBeVisible();

  await card.getByRole('button', { name: 'Allow for machines: GRID T4-2Q' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Allow', exact: true }).click();
  const resource = 'nvidia.com/GRID_T4-2Q';
  await expect(row).toContainText(resource);
  await expect(page.getByRole('region', { name: 'Allowed for machines' }).getByRole('row', { name: /GRID_T4-2Q/ })).toContainText(
    '8 of 8 free',
  );

  await workstation.engine.create(resources.virtualMachines, 'default', vm(named('drawing')));
  await goTo(page, '/machines/default/drawing/details');
  await page.getByRole('button', { name: 'Edit: Host devices' }).click();
  const dialog = page.getByRole('dialog', { name: 'Host devices' });
  await expect(dialog.getByRole('region', { name: resource })).toContainText('GRID T4-2Q · NVIDIA Corporation TU104GL [Tesla T4]');
  await dialog.getByRole('button', { name: `Add ${resource}` }).click();
  await expect(dialog.getByRole('region', { name: 'gpu1' })).toBeVisible();
  await lookAt(page, 'mdev-in-machine');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await workstation.engine.act('start', { resource: resources.virtualMachines, namespace: 'default', name: 'drawing' });
  await goTo(page, '/host-devices');
  await expect(row).toContainText('8, 1 in use');
  await card.getByRole('button', { name: '8, 1 in use: each of GRID T4-2Q' }).click();
  await expect(row.getByRole('link', { name: 'drawing' })).toBeVisible();
  await lookAt(page, 'mdev-made');

  await card.getByRole('button', { name: 'Remove: GRID T4-2Q' }).click();
  const gone = page.getByRole('dialog', { name: 'Remove GRID T4-2Q?' });
  await expect(gone).toContainText('default/drawing has one: that goes when it stops.');
  await gone.getByRole('button', { name: 'Remove' }).click();
  await expect(card).toContainText('is in use by the machine default/drawing, and goes when that stops.');
  await page.setViewportSize({ width: 900, height: 1000 });
  await lookAt(page, 'mdev-waiting');
  await workstation.engine.act(
    'stop',
    { resource: resources.virtualMachines, namespace: 'default', name: 'drawing' },
    { gracePeriodSeconds: 0 },
  );
  await expect(row).toContainText('–');
  await expect(card).not.toContainText('in use by the machine');
  expect(complaints).toEqual([]);
});

test('a network of virtual functions, a machine on it, what a function is held to, and a quota that counts it', async ({
  page,
  workstation,
  complaints,
}) => {
  await allow(workstation);
  const { engine, host } = workstation;
  await engine.create(resources.virtualMachines, 'default', vm(named('web'), withRunStrategy('Manual')));
  const settings = { mac: '02:00:00:00:01:64', vlan: 100, qos: 0, spoofCheck: true, trust: false };
  const pci = host.world.hostDevices.pci.map((device) =>
    device.sriov?.network === undefined
      ? device
      : { ...device, sriov: { ...device.sriov, network: { ...device.sriov.network, up: true, functions: { '0000:04:02.1': settings } } } },
  );
  host.world.hostDevices = { ...host.world.hostDevices, pci };

  await workstation.open(page, '/networks');
  await page.getByRole('button', { name: 'Create network' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('fast');
  await dialog.getByRole('radio', { name: 'SR-IOV' }).check();
  await expect(dialog.getByRole('combobox', { name: 'Virtual functions' })).toHaveValue(vf);
  await dialog.getByRole('textbox', { name: 'VLAN' }).fill('100');
  await lookAt(page, 'network-sriov');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('row', { name: new RegExp(`fast SR-IOV ${vf} 100 Not used`) })).toBeVisible();

  await workstation.open(page, '/machines/default/web/network');
  await page.getByRole('button', { name: 'Put on a network' }).click();
  await page.getByRole('menuitem', { name: /fast/ }).click();
  await expect(page.getByRole('row', { name: /fast SR-IOV fast/ })).toBeVisible();
  await lookAt(page, 'machine-sriov');
  const machine = engine.get({ resource: resources.virtualMachines, namespace: 'default', name: 'web' }) as VirtualMachine;
  expect(machine.spec.template.spec?.domain.devices.interfaces?.at(-1)).toEqual({ name: 'fast', sriov: {} });

  await engine.act('start', { resource: resources.virtualMachines, namespace: 'default', name: 'web' });
  await expect
    .poll(() => host.world.asked)
    .toContainEqual({
      verb: 'sriov-vf-set',
      address: '0000:04:02.1',
      mac: expect.any(String),
      vlan: 100,
      qos: 0,
      spoofCheck: false,
      trust: false,
    });
  await workstation.open(page, '/host-devices');
  await page.getByRole('button', { name: 'Details of 0000:04:02.1' }).click();
  const details = page.getByLabel('Details of 0000:04:02.1').last();
  await expect(details).toContainText('02:00:00:00:01:64');
  await expect(details).toContainText('default/web');
  await lookAt(page, 'function-details');

  await goTo(page, '/quotas');
  await page.getByRole('button', { name: 'Create quota' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('few');
  await dialog.getByRole('combobox', { name: 'Resource' }).selectOption(`requests.${vf}`);
  await dialog.getByRole('textbox', { name: 'At most' }).fill('1');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('progressbar', { name: `requests.${vf}` })).toHaveAttribute('aria-valuetext', '1 of 1');
  await lookAt(page, 'function-quota');
  await engine.create(resources.virtualMachines, 'default', { ...vm(named('mail'), withRunStrategy('Manual')), spec: machine.spec });
  await goTo(page, '/machines/default/mail');
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Check whether it can start' }).click();
  const check = page.getByRole('dialog').filter({ hasText: 'Can mail start?' });
  await expect(check).toContainText(`exceeded quota: few, requested: requests.${vf}=1, used: requests.${vf}=1, limited: requests.${vf}=1`);
  await check.getByRole('button', { name: /line by line/ }).click();
  await expect(check).toContainText(`Quota few: 1 more of requests.${vf} is too much, 1 of 1 is used.`);
  await check.getByText(/Quota few/).scrollIntoViewIfNeeded();
  await lookAt(page, 'function-over-quota');
  expect(complaints).toEqual([]);
});
