// Owns the pictures of the README, taken of a real core with a real guest: `npm run screenshots`, then look at them.
// Must not test anything.
import { type Browser, chromium, type Page } from '@playwright/test';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CoreProcess, startCore } from '../bench/core-process.ts';
import { awaitPhase, machinesPath, stopAndForget, verbPath } from '../bench/machines.ts';
import { openConsole } from '../guests/console.ts';
import { tinyLinuxDisk, tinyLinuxReady } from '../guests/tiny-linux.ts';

const folder = new URL('../../resources/screenshots/', import.meta.url).pathname;
const viewport = { width: 1280, height: 800 };
const bootTimeoutMs = 240_000;

interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly memory: string;
  readonly cores: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly disk?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

function machineOf({ name, description, memory, cores, labels, disk, nodeSelector }: Manifest): object {
  const disks = disk === undefined ? [] : [{ name: 'root', disk: { bus: 'virtio' } }];
  const volumes = disk === undefined ? [] : [{ name: 'root', hostDisk: { path: disk, type: 'Disk' } }];
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, labels, annotations: { 'virtdeck.io/description': description } },
    spec: {
      runStrategy: 'Manual',
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 0,
          ...(nodeSelector === undefined ? {} : { nodeSelector }),
          domain: { cpu: { cores }, memory: { guest: memory }, devices: { disks, interfaces: [{ name: 'default', masquerade: {} }] } },
          networks: [{ name: 'default', pod: {} }],
          volumes,
        },
      },
    },
  };
}

async function makeMachines(core: CoreProcess): Promise<void> {
  const disk = join(core.dataDir, 'web.img');
  copyFileSync(await tinyLinuxDisk(), disk);
  const machines: readonly Manifest[] = [
    { name: 'web', description: 'The shop, for trying out releases', memory: '512Mi', cores: 2, labels: { tier: 'front' }, disk },
    { name: 'db', description: 'Its database', memory: '2Gi', cores: 2, labels: { tier: 'back' } },
    { name: 'build', description: 'Nightly builds', memory: '4Gi', cores: 4, labels: { tier: 'tools' } },
    {
      name: 'ci',
      description: 'Big, and wants a fast disk',
      memory: '512Gi',
      cores: 2,
      labels: { tier: 'tools' },
      nodeSelector: { disk: 'nvme' },
    },
  ];
  for (const machine of machines) await core.request({ method: 'POST', path: machinesPath, body: machineOf(machine) });
  await core.request({ method: 'PUT', path: verbPath('web', 'start') });
  await awaitPhase(core, 'web', 'Running');
  const terminal = await openConsole(core.socket, 'web');
  await terminal.waitFor(new RegExp(tinyLinuxReady), bootTimeoutMs);
  terminal.close();
}

interface Shot {
  readonly file: string;
  readonly route: string;
  readonly isDark?: boolean;
  /** Until what the picture is about is there. */
  readonly prepare: (page: Page) => Promise<void>;
}

const shots: readonly Shot[] = [
  { file: 'machines', route: '/machines', prepare: (page) => page.getByText('Nightly builds').waitFor() },
  {
    file: 'overview',
    route: '/machines/default/web',
    prepare: (page) => page.getByText('Utilisation').or(page.getByText('Utilization')).first().waitFor(),
  },
  {
    file: 'console',
    route: '/machines/default/web/console',
    prepare: async (page) => {
      await page
        .getByRole('button', { name: 'Side by side' })
        .or(page.getByRole('tab', { name: 'Side by side' }))
        .first()
        .click();
      await page.locator('.xterm').first().click();
      await page.keyboard.type('uname -a; free -m\n');
      await page.locator('.xterm-rows').getByText('Swap:').first().waitFor();
    },
  },
  {
    file: 'command-dark',
    route: '/machines/default/web/command',
    isDark: true,
    prepare: (page) => page.getByText('-nodefaults').first().waitFor(),
  },
  {
    file: 'create-dark',
    route: '/create',
    isDark: true,
    prepare: (page) => page.getByRole('dialog').getByText('File on this computer').first().waitFor(),
  },
  {
    file: 'start-check',
    route: '/machines/default/ci',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Actions' }).click();
      await page.getByRole('menuitem', { name: 'Check whether it can start' }).first().click();
      await page.getByRole('dialog').getByText('nvme').first().waitFor();
    },
  },
];

async function take(browser: Browser, core: CoreProcess, { file, route, isDark = false, prepare }: Shot): Promise<void> {
  const context = await browser.newContext({ viewport, colorScheme: isDark ? 'dark' : 'light' });
  const page = await context.newPage();
  const { url } = (await core.request({ method: 'POST', path: '/apis/virtdeck.io/v1alpha1/listeners' })) as { readonly url: string };
  await page.goto(url);
  await page.evaluate((hash) => (location.hash = hash), `#${route}`);
  await prepare(page);
  await page.waitForLoadState('networkidle').catch(() => undefined); // A watch never rests: the picture is taken all the same.
  await page.screenshot({ path: join(folder, `${file}.png`) });
  await context.close();
  process.stderr.write(`${file}.png\n`);
}

const core = await startCore();
const browser = await chromium.launch({
  executablePath: process.env['VIRTDECK_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
try {
  await makeMachines(core);
  for (const shot of shots) await take(browser, core, shot);
} finally {
  await browser.close();
  await stopAndForget(core, 'web').catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  await core.end();
  core.remove();
}
