// Task: use every page without sight or mouse, light and dark.
import { machine, machinesPath } from '../bench/machines.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, goTo, test } from './window.ts';

const quotasPath = '/api/v1/namespaces/default/resourcequotas';
const quota = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'team' },
  spec: { hard: { 'requests.memory': '8Gi', 'requests.cpu': '4', pods: '0' } },
};

const pages = [
  { name: 'machines', route: '/machines', ready: 'web' },
  { name: 'machine overview', route: '/machines/default/web', ready: 'web' },
  { name: 'machine details', route: '/machines/default/web/details', ready: 'web' },
  { name: 'machine YAML', route: '/machines/default/web/yaml', ready: 'web' },
  { name: 'machine events', route: '/machines/default/web/events', ready: 'web' },
  { name: 'machine console', route: '/machines/default/web/console', ready: 'web' },
  { name: 'machine disks', route: '/machines/default/web/disks', ready: 'web' },
  { name: 'machine network', route: '/machines/default/web/network', ready: 'web' },
  { name: 'machine snapshots', route: '/machines/default/web/snapshots', ready: 'web' },
  { name: 'machine command', route: '/machines/default/web/command', ready: 'web' },
  { name: 'create', route: '/create', ready: 'Debian' },
  { name: 'create from YAML', route: '/create/yaml', ready: 'YAML' },
  { name: 'disks', route: '/disks', ready: 'Disks' },
  { name: 'networks', route: '/networks', ready: 'Networks' },
  { name: 'nodes', route: '/nodes', ready: 'Nodes' },
  { name: 'host devices', route: '/host-devices', ready: 'Host devices' },
  { name: 'clusters', route: '/clusters', ready: 'Clusters' },
  { name: 'memory', route: '/memory', ready: 'Memory' },
  { name: 'quotas', route: '/quotas', ready: 'requests.memory' },
  { name: 'certificates', route: '/certificates', ready: 'Chain' },
  { name: 'events', route: '/events', ready: 'Events' },
  { name: 'settings', route: '/settings', ready: 'Settings' },
];

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any page, ${colorScheme}`, async ({ page, deck, complaints }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await deck.core.request({ method: 'POST', path: machinesPath, body: machine('web', undefined) });
    await deck.core.request({ method: 'POST', path: quotasPath, body: quota });
    await deck.open(page);
    // A page or a tab that is added wants its row above.
    const walked = new Set(pages.map(({ route }) => route));
    const links = page.getByRole('navigation').getByRole('link');
    await expect(links.first()).toBeVisible();
    expect((await links.evaluateAll(hrefs)).filter((address) => !walked.has(address))).toEqual([]);
    await deck.open(page, '/machines/default/web');
    const tabs = page.getByRole('tab');
    await expect(tabs.first()).toBeVisible();
    expect((await tabs.evaluateAll(hrefs)).filter((address) => !walked.has(address))).toEqual([]);
    for (const { name, route, ready } of pages) {
      await goTo(page, route);
      await expect(page.getByText(ready).first()).toBeVisible();
      await expect(page.locator('.pf-v6-c-skeleton')).toHaveCount(0);
      expect.soft(await axeFindings(page), name).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
}

/** The addresses within the window that these lead to. */
function hrefs(elements: readonly Element[]): string[] {
  return elements.map((element) => (element.getAttribute('href') ?? '').replace('#', ''));
}

test('the first machine is made by keyboard alone', async ({ page, deck }) => {
  await deck.open(page);
  await expect(page.getByText('No machines yet')).toBeVisible();
  const reached = async (name: RegExp): Promise<boolean> => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      const text = await page.evaluate(() => document.activeElement?.textContent ?? '');
      if (name.test(text)) return true;
    }
    return false;
  };
  expect(await reached(/^Create a machine$/)).toBe(true);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/create/);
});
