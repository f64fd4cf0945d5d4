// Task: make a machine of every kind that the wizard offers beside a disk image, and one with every option, up to what is stored.
import type { DataVolume } from '../../electron/api/kinds/data-volume.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { resources } from '../../electron/api/resources.ts';
import type { Locator, Page } from '@playwright/test';
import { lookAt } from './look-at.ts';
import { choose, expect, type PretendedDeck, switchOff, test } from './window.ts';

interface Walk {
  readonly wizard: Locator;
  /** Goes on to the step with this heading. */
  readonly to: (heading: string) => Promise<void>;
  /** Leaves the review with a machine that is not started, and reads it. */
  readonly make: (name: string) => Promise<VirtualMachine>;
}

async function walk(page: Page, deck: PretendedDeck): Promise<Walk> {
  const { engine } = deck;
  await deck.open(page, '/create');
  const wizard = page.getByRole('dialog').filter({ hasText: 'Create a machine' });
  await expect(wizard.getByRole('heading', { name: 'What should it run?' })).toBeVisible();
  const next = async (): Promise<void> => wizard.getByRole('button', { name: 'Next' }).click();
  return {
    wizard,
    async to(heading) {
      await next();
      await expect(wizard.getByRole('heading', { name: heading })).toBeVisible();
    },
    async make(name) {
      await expect(wizard.getByText('It can be created and started.')).toBeVisible();
      await switchOff(wizard.getByRole('switch', { name: 'Start when created' }));
      await wizard.getByRole('button', { name: 'Create machine' }).click();
      const stored = (): VirtualMachine | undefined =>
        engine.list(resources.virtualMachines, 'default').items.find(({ metadata }) => metadata.name === name) as
          VirtualMachine | undefined;
      await expect.poll(() => stored()?.metadata.name).toBe(name);
      return stored()!;
    },
  };
}

function domainOf(vm: VirtualMachine) {
  return vm.spec.template.spec!.domain;
}

test('Windows 11: UEFI with Secure Boot, a TPM, its own disc and the drivers in a second drive', async ({
  page,
  pretended,
  complaints,
}) => {
  for (const path of ['/home/ada/Win11.iso', '/home/ada/virtio-win.iso'])
    pretended.host.world.files.set(path, { format: 'raw', sizeBytes: 2 ** 30 });
  const { wizard, to, make } = await walk(page, pretended);
  await choose(wizard.getByRole('radio', { name: 'Windows 11' }));
  await wizard.getByRole('textbox', { name: 'Path of the Windows 11 ISO' }).fill('/home/ada/Win11.iso');
  await wizard.getByRole('radio', { name: 'A file on this computer' }).check();
  await wizard.getByRole('textbox', { name: 'Path of the driver ISO' }).fill('/home/ada/virtio-win.iso');
  await lookAt(page, 'wizard-windows');
  await to('How large should it be?');
  await to('Where does it keep its data?');
  await to('How is it connected?');
  await to('Anything else?');
  // Folded away, and still to be read.
  await expect(
    wizard.getByRole('button', { name: 'Firmware and TPM: UEFI, Secure Boot on (Microsoft keys) · TPM 2.0, keeps its state' }),
  ).toBeVisible();
  await to('Review and create');
  const vm = await make('windows');
  expect(domainOf(vm)).toMatchObject({
    memory: { guest: '8Gi' },
    firmware: { bootloader: { efi: { secureBoot: true } } },
    features: { smm: { enabled: true }, hyperv: { relaxed: {} } },
    devices: {
      tpm: { persistent: true },
      disks: [
        { name: 'root', disk: { bus: 'virtio' }, bootOrder: 1 },
        { name: 'installer', cdrom: { bus: 'sata' }, bootOrder: 2 },
        { name: 'drivers', cdrom: { bus: 'sata' } },
      ],
    },
  });
  expect(vm.spec.dataVolumeTemplates?.map(({ metadata, spec }) => [metadata?.name, spec.source])).toEqual([
    ['windows-disk', { blank: {} }],
    ['windows-installer', { file: { path: '/home/ada/Win11.iso' } }],
    ['windows-drivers', { file: { path: '/home/ada/virtio-win.iso' } }],
  ]);
  const volumes = (): readonly string[] =>
    (pretended.engine.list(resources.dataVolumes, 'default').items as readonly DataVolume[]).flatMap(({ metadata, status }) =>
      status?.phase === 'Succeeded' ? [metadata.name] : [],
    );
  await expect.poll(() => volumes().toSorted()).toEqual(['windows-disk', 'windows-drivers', 'windows-installer']);
  expect(complaints).toEqual([]);
});

const served = [
  {
    name: "Debian's installer from its package",
    serve: async (wizard: Locator) => {
      await expect(wizard.getByRole('radio', { name: "Debian's installer" })).toBeChecked();
    },
    source: { package: 'debian-installer-12-netboot-amd64' },
  },
  {
    name: 'a folder of this computer',
    serve: async (wizard: Locator) => {
      await wizard.getByRole('radio', { name: 'A folder of this computer' }).check();
      // Nothing is guessed: the folder has to be named.
      await wizard.getByRole('button', { name: 'Next' }).click();
      await expect(wizard.getByText('Give the path of a folder.')).toBeVisible();
      await wizard.getByRole('button', { name: 'Browse' }).click();
      await expect(wizard.getByRole('menuitem', { name: 'pxelinux.0' })).toBeVisible();
      await wizard.getByRole('button', { name: 'Use this folder' }).click();
      await expect(wizard.getByRole('textbox', { name: 'Folder' })).toHaveValue('/home/ada');
    },
    source: { folder: '/home/ada' },
  },
  {
    name: 'an address',
    serve: async (wizard: Locator) => {
      await wizard.getByRole('radio', { name: 'An address' }).check();
      await wizard.getByRole('textbox', { name: 'Address' }).fill('https://boot.example.org/boot.ipxe');
      await expect(wizard.getByText(/begins with http:\/\//)).toBeVisible();
      await wizard.getByRole('textbox', { name: 'Address' }).fill('http://10.0.2.1:8000/boot.ipxe');
    },
    source: { url: 'http://10.0.2.1:8000/boot.ipxe' },
  },
] as const;

for (const [index, { name, serve, source }] of served.entries()) {
  test(`a network boot of ${name}`, async ({ page, pretended, complaints }) => {
    pretended.host.world.files.set('/home/ada/pxelinux.0', { format: 'raw', sizeBytes: 42_000 });
    const { wizard, to, make } = await walk(page, pretended);
    await choose(wizard.getByRole('radio', { name: 'Network boot' }));
    await serve(wizard);
    if (index === 1) await lookAt(page, 'wizard-folder');
    await to('How large should it be?');
    await wizard.getByRole('textbox', { name: 'Name' }).fill('booted');
    await to('Where does it keep its data?');
    await to('How is it connected?');
    // A bridge has a server of its own, and would never ask this one.
    await wizard.getByRole('radio', { name: 'A network on a bridge' }).check();
    await wizard.getByRole('button', { name: 'Next' }).click();
    await expect(wizard.getByText(/What it boots from is served on this computer’s connection/)).toBeVisible();
    await wizard.getByRole('radio', { name: 'This computer’s connection' }).check();
    await to('Anything else?');
    await to('Review and create');
    const vm = await make('booted');
    expect(JSON.parse(vm.metadata.annotations?.['virtdeck.io/network-boot'] ?? '')).toEqual(source);
    expect(domainOf(vm).devices).toMatchObject({
      interfaces: [{ name: 'default', masquerade: {}, bootOrder: 1 }],
      disks: [{ name: 'root', bootOrder: 2 }],
    });
    expect(complaints).toEqual([]);
  });
}

test('a network boot from a server on a bridge, with every option', async ({ page, pretended, complaints }) => {
  await pretended.engine.create(resources.networkAttachmentDefinitions, 'default', {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name: 'pxe-net-conf', namespace: 'default' },
    spec: { config: '{"type":"cnv-bridge","bridge":"br0"}' },
  });
  const { wizard, to } = await walk(page, pretended);
  await choose(wizard.getByRole('radio', { name: 'Network boot' }));
  await wizard.getByRole('radio', { name: 'Nothing from here' }).check();
  await to('How large should it be?');
  await wizard.getByRole('textbox', { name: 'Name' }).fill('booted');
  await to('Where does it keep its data?');
  await to('How is it connected?');
  // Nobody here serves it, so a bridge is what is suggested.
  await expect(wizard.getByRole('radio', { name: 'A network on a bridge' })).toBeChecked();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await expect(wizard.getByText('Choose a network.').first()).toBeVisible();
  await wizard.getByRole('combobox', { name: 'Network' }).selectOption('pxe-net-conf');
  await wizard.getByRole('button', { name: 'MAC address' }).click();
  await wizard.getByRole('textbox', { name: 'MAC address' }).fill('de:00:00:00:00:de');
  await lookAt(page, 'wizard-bridge');
  await to('Anything else?');
  await wizard.getByRole('button', { name: /^Firmware and TPM/ }).click();
  await wizard.getByRole('radio', { name: 'UEFI', exact: true }).check();
  // The three states of Secure Boot are plain choices.
  for (const state of ['On (Microsoft keys)', 'Setup mode (your own keys)', 'Off'])
    await wizard.getByRole('radio', { name: state, exact: true }).check();
  await wizard.getByRole('button', { name: /^Watchdog/ }).click();
  await wizard.getByRole('combobox', { name: 'When the guest hangs' }).selectOption('Pause');
  await wizard.getByRole('button', { name: /^Memory pages and CPUs/ }).click();
  await wizard.getByRole('combobox', { name: 'Memory pages' }).selectOption('Huge pages of 2 MiB');
  await wizard.getByRole('checkbox', { name: /dedicated resources/ }).check();
  await lookAt(page, 'wizard-options');
  await to('Review and create');
  // The start check knows that this computer has no such pages, and how many are short.
  await expect(wizard.getByText(/1,?024 pages more/)).toBeVisible();
  await lookAt(page, 'wizard-review');
  await switchOff(wizard.getByRole('switch', { name: 'Start when created' }));
  await wizard.getByRole('button', { name: 'Create machine' }).click();
  await expect
    .poll(() => pretended.engine.list(resources.virtualMachines, 'default').items[0])
    .toMatchObject({
      metadata: { name: 'booted', annotations: { 'virtdeck.io/watchdog-action': 'pause' } },
      spec: {
        template: {
          spec: {
            domain: {
              cpu: { dedicatedCpuPlacement: true },
              memory: { guest: '2Gi', hugepages: { pageSize: '2Mi' } },
              firmware: { bootloader: { efi: { secureBoot: false } } },
              devices: {
                watchdog: { i6300esb: { action: 'reset' } },
                interfaces: [{ name: 'default', bridge: {}, macAddress: 'de:00:00:00:00:de', bootOrder: 1 }],
              },
            },
            networks: [{ name: 'default', multus: { networkName: 'pxe-net-conf' } }],
          },
        },
      },
    });
  expect(complaints).toEqual([]);
});
