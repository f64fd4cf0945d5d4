// Task: give a graphics card of this computer to a machine, in the wizard and on its page; a pretended workstation has the card.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { AxeBuilder } from '@axe-core/playwright';
import { requestJson } from '../../electron/cli/connection.ts';
import { machine, machinesPath } from '../bench/machines.ts';
import { expect, test } from '@playwright/test';

const hyperConverged = '/apis/hco.kubevirt.io/v1beta1/namespaces/openshift-cnv/hyperconvergeds/kubevirt-hyperconverged';
const t4 = 'nvidia.com/TU104GL_Tesla_T4';
const serveFake = new URL('../fakes/serve-fake.ts', import.meta.url).pathname;

interface Fake {
  readonly process: ChildProcess;
  readonly url: string;
  request(given: {
    readonly method: string;
    readonly path: string;
    readonly body?: object;
    readonly contentType?: string;
  }): Promise<unknown>;
}

async function startFake(): Promise<Fake> {
  const args = ['--disable-warning=ExperimentalWarning', serveFake, '--listen', '127.0.0.1:0', '--workstation'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line]: readonly unknown[] = await once(child.stdout, 'data');
  const { socket, url } = JSON.parse(String(line)) as { readonly socket: string; readonly url: string };
  return { process: child, url, request: (given) => requestJson({ ...given, socket }) };
}

let fake: Fake;
test.beforeEach(async () => {
  fake = await startFake();
  const pciHostDevices = [
    { pciDeviceSelector: '10DE:1EB8', resourceName: t4 },
    { pciDeviceSelector: '8086:154C', resourceName: 'intel.com/virtual_function' },
  ];
  const body = { spec: { permittedHostDevices: { pciHostDevices } } };
  await fake.request({ method: 'PATCH', path: hyperConverged, body, contentType: 'application/merge-patch+json' });
});
test.afterEach(() => void fake.process.kill());

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a machine is given a card on its page, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await fake.request({ method: 'POST', path: machinesPath, body: machine('web', undefined) });
    await page.goto(fake.url);
    await page.evaluate(() => {
      location.hash = '#/machines/default/web/details';
    });
    await page.getByRole('button', { name: 'Edit: Host devices' }).click();
    const dialog = page.getByRole('dialog', { name: 'Host devices' });
    await expect(dialog.getByText('is driven by nouveau, not by vfio-pci.')).toBeVisible();
    await expect(dialog.getByText('Free')).toBeVisible();
    await dialog.getByRole('button', { name: `Add ${t4}` }).click();
    await dialog.getByRole('checkbox', { name: 'First screen of the machine' }).check();
    await dialog.getByLabel('Which one').selectOption('0000:01:00.0');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
    if (process.env['VIRTDECK_LOOK'] !== undefined) {
      await page.setViewportSize({ width: colorScheme === 'light' ? 1400 : 900, height: 900 });
      await page.screenshot({ path: `${process.env['VIRTDECK_LOOK']}/dialog-${colorScheme}.png` });
    }
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText(`gpu1: ${t4}, 0000:01:00.0`)).toBeVisible();
    const stored = (await fake.request({ method: 'GET', path: `${machinesPath}/web` })) as {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: { readonly template: { readonly spec: { readonly domain: { readonly devices: { readonly gpus: unknown } } } } };
    };
    expect(stored.spec.template.spec.domain.devices.gpus).toEqual([{ name: 'gpu1', deviceName: t4 }]);
    expect(stored.metadata.annotations['virtdeck.io/host-device-options']).toBe('{"gpu1":{"address":"0000:01:00.0","primaryGpu":true}}');
  });
}

test('the wizard has a step for devices where one is allowed, and the review names what was chosen', async ({ page }) => {
  await page.goto(fake.url);
  await page.evaluate(() => {
    location.hash = '#/create';
  });
  const wizard = page.getByRole('dialog');
  const next = wizard.getByRole('button', { name: 'Next' });
  await next.click();
  await wizard.getByLabel('Name', { exact: true }).fill('player');
  await next.click();
  await next.click();
  await next.click();
  await expect(wizard.getByRole('heading', { name: 'Which devices of this computer does it get?' })).toBeVisible();
  await wizard.getByRole('button', { name: 'Add intel.com/virtual_function' }).click();
  await expect(wizard.getByLabel('Name in the machine')).toHaveValue('hostdevices1');
  if (process.env['VIRTDECK_LOOK'] !== undefined) await page.screenshot({ path: `${process.env['VIRTDECK_LOOK']}/wizard.png` });
});
