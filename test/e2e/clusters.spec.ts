// Task: work on a cluster from the same window. A second Virtdeck is the far end, reached over HTTPS by a kubeconfig.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { replayCluster } from '../fakes/replayed-cluster.ts';
import { machinesPath } from '../bench/machines.ts';
import { tinyLinuxDisk, tinyLinuxReady } from '../guests/tiny-linux.ts';
import { type FarEnd, startFarEnd } from '../clients/far-end.ts';
import { axeFindings } from './axe-findings.ts';
import { lookAt } from './look-at.ts';
import { brightPixels, choose, type Deck, expect, goTo, serialText, stopAll, switchOff, test } from './window.ts';

const withFar = test.extend<{ far: FarEnd }>({
  far: async ({ page: _page }, use) => {
    const far = await startFarEnd();
    await use(far);
    await stopAll(far.core);
    await far.core.end();
    far.core.remove();
  },
});

function manifest(name: string, disk: string): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Manual',
      template: {
        spec: {
          terminationGracePeriodSeconds: 0,
          domain: { memory: { guest: '256Mi' }, devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }] } },
          volumes: [{ name: 'root', hostDisk: { path: disk, type: 'Disk' } }],
        },
      },
    },
  };
}

async function addCluster(page: Page, far: FarEnd): Promise<void> {
  await page.getByRole('button', { name: 'Add a cluster' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a cluster' });
  const file = dialog.getByRole('textbox', { name: 'Kubeconfig' });
  await file.fill(far.kubeconfig);
  await file.blur();
  await expect(dialog.getByRole('combobox', { name: 'Context' })).toHaveValue('virtdeck');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('lab');
  const add = dialog.getByRole('button', { name: 'Add', exact: true });
  await expect(add).toBeDisabled();
  await dialog.getByRole('checkbox', { name: 'Let it run' }).check();
  await expect(dialog.getByText(/answers\. Kubernetes/)).toBeVisible();
  await add.click();
  await expect(page.getByText(/^Usable/)).toBeVisible();
}

withFar('connect, list, start, type, send a machine there and bring it back', async ({ page, deck, far, complaints }) => {
  const disk = join(far.core.dataDir, 'tiny.img');
  copyFileSync(await tinyLinuxDisk(), disk);
  await far.core.request({ method: 'POST', path: machinesPath, body: manifest('over-there', disk) });
  await deck.open(page);
  // One place alone has no switcher.
  await expect(page.getByText('No machines yet')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Where to work/ })).toHaveCount(0);

  await page.goto(`${page.url().split('#')[0]}#/clusters`);
  await addCluster(page, far);
  await page.getByRole('button', { name: 'Where to work: This computer' }).click();
  await page.getByRole('menuitem', { name: 'lab' }).click();
  await expect(page).toHaveURL(/#\/at\/lab\/machines/);
  await page.getByRole('link', { name: 'over-there' }).or(page.getByText('over-there')).first().click();
  await page.getByRole('button', { name: 'Start' }).first().click();
  await expect(page.getByText('Running').first()).toBeVisible({ timeout: 120_000 });

  await page
    .getByRole('tab', { name: 'Console' })
    .or(page.getByRole('link', { name: 'Console' }))
    .first()
    .click();
  await page
    .getByRole('button', { name: 'Serial' })
    .or(page.getByRole('tab', { name: 'Serial' }))
    .first()
    .click();
  await expect.poll(() => serialText(page), { timeout: 240_000 }).toContain(tinyLinuxReady);
  await page.locator('.xterm').first().click();
  await page.keyboard.type('echo far-$((6*7))');
  await page.keyboard.press('Enter');
  await expect.poll(() => serialText(page), { timeout: 60_000 }).toContain('far-42');
  await page
    .getByRole('button', { name: 'Graphics' })
    .or(page.getByRole('tab', { name: 'Graphics' }))
    .first()
    .click();
  await expect.poll(() => brightPixels(page), { timeout: 60_000 }).toBeGreaterThan(100);

  await checkPages(page);
  await sendAndBring(page, deck);
  await page.getByRole('button', { name: 'Where to work: lab' }).click();
  await page.getByRole('menuitem', { name: 'This computer' }).click();
  await expect(page.getByText('back').first()).toBeVisible();
  // Whoever has no kubeconfig of his own is told so.
  expect(complaints.filter((text) => !text.includes('/v1alpha1/kubeconfig'))).toEqual([]);
});

/** Next, next, finish: an image that the cluster fetches by its address, with one of the cluster's own instance types. */
withFar('make a machine there with the wizard', async ({ page, deck, far, complaints }) => {
  const image = readFileSync(await tinyLinuxDisk());
  const web = createServer((_request, response) => response.writeHead(200, { 'content-length': image.byteLength }).end(image));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  try {
    await deck.open(page, '/clusters');
    await addCluster(page, far);
    await goTo(page, '/at/lab/create');
    const wizard = page.getByRole('dialog').filter({ hasText: 'Create a machine' });
    const next = wizard.getByRole('button', { name: 'Next' });
    await expect(wizard.getByRole('radio', { name: /Debian, built here/ })).toHaveCount(0);
    await choose(wizard.getByRole('radio', { name: 'Address' }));
    await next.click();
    await expect(wizard.getByText('Say where it is fetched from.')).toBeVisible();
    await wizard.getByRole('textbox', { name: 'Address' }).fill(`http://127.0.0.1:${(web.address() as AddressInfo).port}/tiny.img`);
    await lookAt(page, 'cluster-create-system');
    await next.click();
    await wizard.getByRole('textbox', { name: 'Name' }).fill('made-there');
    await wizard.getByRole('combobox', { name: 'Instance type' }).selectOption({ label: 'u1.nano · 1 CPU, 512 MiB memory' });
    await wizard.getByRole('combobox', { name: 'Preference' }).selectOption('debian');
    await expect(wizard.getByRole('textbox', { name: 'CPUs' })).toHaveCount(0);
    await lookAt(page, 'cluster-create-size');
    await next.click();
    await expect(wizard.getByRole('heading', { name: 'Where does it keep its data?' })).toBeVisible();
    await next.click();
    await expect(wizard.getByText('A Service leads to it from elsewhere.')).toBeVisible();
    await expect(wizard.getByText('Port forwards')).toHaveCount(0);
    await next.click();
    await expect(wizard.getByRole('heading', { name: 'Who can log in?' })).toBeVisible();
    await next.click();
    await expect(wizard.getByRole('heading', { name: 'Anything else?' })).toBeVisible();
    await next.click();
    // The cluster is asked, not this computer: it knows what its preference wants.
    await expect(wizard.getByText(/preference requires 1Gi/)).toBeVisible();
    await wizard.getByRole('button', { name: 'Name and size' }).click();
    await wizard.getByRole('combobox', { name: 'Preference' }).selectOption('alpine');
    await wizard.getByRole('button', { name: 'Review' }).click();
    await expect(wizard.getByText('The cluster takes it.')).toBeVisible();
    await lookAt(page, 'cluster-create-review');
    // Starting there is the other test's: this one costs no guest.
    await switchOff(wizard.getByRole('switch', { name: 'Start when created' }));
    await wizard.getByRole('button', { name: 'Create machine' }).click();
    await expect(page.getByRole('dialog', { name: 'made-there is ready' })).toBeVisible({ timeout: 120_000 });
    await page.getByRole('button', { name: /^Open/ }).click();
    await expect(page).toHaveURL(/#\/at\/lab\/machines\/default\/made-there/);
    const made = await far.core.request({ path: `${machinesPath}/made-there` });
    expect(made).toMatchObject({
      spec: { instancetype: { name: 'u1.nano' }, preference: { name: 'alpine' } },
      status: { printableStatus: 'Stopped' },
    });
    expect(await deck.core.request({ path: machinesPath })).toMatchObject({ items: [] });
    // What this far end has not, what it refused when it was asked, and a kubeconfig that nobody has.
    expect(complaints.filter((text) => !/storageclasses|dryRun=All|v1alpha1\/kubeconfig/.test(text))).toEqual([]);
  } finally {
    web.close();
  }
});

test('what only a cluster has is there to be looked at', async ({ page, deck }) => {
  const cluster = await replayCluster();
  try {
    const kubeconfig = join(deck.core.dataDir, 'replayed.kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(configOf(cluster.origin)), { mode: 0o600 });
    const body = {
      apiVersion: 'virtdeck.io/v1alpha1',
      kind: 'Connection',
      metadata: { name: 'prod' },
      spec: { kubeconfig, context: 'prod', namespace: 'shop' },
    };
    await deck.core.request({ method: 'POST', path: '/apis/virtdeck.io/v1alpha1/connections', body });
    await deck.open(page, '/at/prod/machines');
    await expect(page.getByText('Moving').first()).toBeVisible();
    await expect(page.getByText('4 vCPU').first()).toBeVisible();
    // A status that nobody here knows yet is no reason to hide the machine.
    await expect(page.getByText('standby').first()).toBeVisible();

    await goTo(page, '/at/prod/machines/shop/db');
    const migration = page.getByRole('region', { name: 'Live migration' });
    await expect(migration.getByText('worker-3')).toBeVisible();
    await expect(page.getByText('the volume root is ReadWriteOnce')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Utilisation' })).toHaveCount(0);

    await goTo(page, '/at/prod/nodes');
    await expect(page.getByRole('region', { name: /worker-3/ }).getByText('Kubelet stopped posting node status.')).toBeVisible();
    await expect(page.getByRole('region', { name: /worker-2/ }).getByRole('link', { name: 'db' })).toBeVisible();

    await page.getByRole('link', { name: 'Only in the cluster' }).click();
    await expect(page.getByRole('heading', { name: 'Only in the cluster', level: 1 })).toBeVisible();
    const classes = page.getByRole('grid', { name: 'Storage classes' });
    await expect(classes.getByRole('row', { name: /ceph-rbd-virtualization \(default\).*rbd\.csi\.ceph\.com/ })).toBeVisible();
    // What kubectl shows with `-o wide` alone is left out here, too.
    await expect(classes.getByRole('columnheader')).toHaveText(columnsOfClasses);
    await expect(page.getByRole('grid', { name: 'Live migrations' }).getByRole('gridcell', { name: 'db-migration-x7k2p' })).toBeVisible();
    // What this user may not see says so; what the cluster does not serve is not there at all.
    await expect(page.getByRole('region', { name: 'KubeVirt' }).getByText(/kubevirts is forbidden/)).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Migration policies' })).toHaveCount(0);
    // To be looked at: nothing on the page changes anything.
    await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
    await page.setViewportSize({ width: 1400, height: 900 });
    await lookAt(page, 'cluster-objects');
    await page.setViewportSize({ width: 900, height: 700 });
    await lookAt(page, 'cluster-objects-narrow');

    await goTo(page, '/at/prod/create');
    const wizard = page.getByRole('dialog').filter({ hasText: 'Create a machine' });
    const next = wizard.getByRole('button', { name: 'Next' });
    await wizard.getByRole('textbox', { name: 'Image' }).fill('quay.io/containerdisks/debian:13');
    await next.click();
    await expect(wizard.getByRole('textbox', { name: 'Name' })).toHaveValue('debian-13');
    // A cluster without instance types is not asked for one.
    await expect(wizard.getByRole('combobox', { name: 'Instance type' })).toHaveCount(0);
    await next.click();
    const storage = wizard.getByRole('combobox', { name: 'Storage class' });
    await expect(storage.getByRole('option')).toHaveText([
      'The cluster’s default (ceph-rbd-virtualization)',
      'ceph-rbd-virtualization',
      'nfs',
    ]);
    await lookAt(page, 'cluster-create-disk');
  } finally {
    await cluster.close();
  }
});

const columnsOfClasses = ['Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion', 'Age'];

function configOf(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'prod',
    clusters: [{ name: 'prod', cluster: { server } }],
    users: [{ name: 'dev', user: { token: 'replay' } }],
    contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'dev' } }],
  };
}

/** A copy goes, a copy of the copy comes back: its disk is the very same. */
async function sendAndBring(page: Page, { core }: Deck): Promise<void> {
  const original = join(core.dataDir, 'original.img');
  writeFileSync(original, Buffer.concat([Buffer.alloc(2 ** 20), randomBytes(2 ** 22), Buffer.alloc(2 ** 20)]));
  await core.request({ method: 'POST', path: machinesPath, body: manifest('traveller', original) });
  await goTo(page, '/machines/default/traveller');
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Send to cluster…' }).click();
  const sending = page.getByRole('dialog', { name: 'Send traveller to a cluster' });
  await expect(sending.getByText('spec.template.spec.volumes[0]')).toBeVisible();
  await keepPicture(page, 'send');
  await sending.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('traveller has arrived on lab').first()).toBeVisible({ timeout: 120_000 });

  await goTo(page, '/at/lab/machines/default/traveller');
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Bring here…' }).click();
  const bringing = page.getByRole('dialog', { name: 'Bring traveller here' });
  const name = bringing.getByRole('textbox', { name: 'Name there' });
  await expect(bringing.getByText('There is already a machine traveller')).toBeVisible();
  await name.fill('back');
  await name.blur();
  await keepPicture(page, 'bring');
  await bringing.getByRole('button', { name: 'Bring' }).click();
  await expect(page.getByText('back has arrived from lab').first()).toBeVisible({ timeout: 120_000 });
  await goTo(page, '/clusters');
  await expect(page.getByRole('button', { name: 'Forget traveller' })).toHaveCount(2);
  await keepPicture(page, 'transfers');
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await expect(page.getByRole('heading', { name: 'Machines on their way' })).toHaveCount(0);

  const { items } = (await core.request({ path: '/api/v1/namespaces/default/persistentvolumeclaims' })) as {
    readonly items: readonly { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } }[];
  };
  const arrived = items[0]?.metadata.annotations?.['virtdeck.io/disk-path'] ?? '';
  expect(execFileSync('qemu-img', ['compare', original, arrived], { encoding: 'utf8' }).trim()).toBe('Images are identical.');
  await goTo(page, '/at/lab/machines');
}

/** Kept where somebody wants to look at them. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['VIRTDECK_PICTURES'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}

const pages = [
  '/clusters',
  '/at/lab/machines',
  '/at/lab/machines/default/over-there/details',
  '/at/lab/networks',
  '/at/lab/nodes',
  '/at/lab/certificates',
];

/** Without sight, light and dark. */
async function checkPages(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const route of pages) {
      await goTo(page, route);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.locator('.pf-v6-c-skeleton')).toHaveCount(0);
      await keepPicture(page, `${colorScheme}${route.replaceAll('/', '-')}`);
      expect.soft(await axeFindings(page), route).toEqual([]);
    }
  }
}
