// Owns what every end-to-end test starts from: a core of its own with empty folders, and its window.
// Must not test anything.
import { expect, type Locator, test as base, type Page } from '@playwright/test';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { type PretendedCore, startPretended } from '../fakes/pretended-core.ts';

export interface Deck {
  core: CoreProcess;
  /** Loads the window of the present core: each visit spends a one-time code. */
  open(page: Page, route?: string): Promise<void>;
  /** kill -9 and start again on the same folders. */
  crash(): Promise<void>;
}

/** A window over a computer that is not there, for what would cost a guest or change this computer. */
export interface PretendedDeck extends PretendedCore {
  open(page: Page, route?: string): Promise<void>;
}

/** As a link does: the page stays loaded. */
export async function goTo(page: Page, route: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#${route}`);
}

/** A radio, by its key: notices may just push it away from a pointer. */
export async function choose(radio: Locator): Promise<void> {
  await radio.press('Space');
  await expect(radio).toBeChecked();
}

export async function switchOff(box: Locator): Promise<void> {
  await expect(box).toBeChecked();
  await box.press('Space');
  await expect(box).not.toBeChecked();
}

export const test = base.extend<{ deck: Deck; pretended: PretendedDeck; complaints: string[] }>({
  pretended: async ({ page: _page }, use) => {
    const core = await startPretended({ tcp: { host: '127.0.0.1', port: 0 } });
    await use({
      ...core,
      async open(page, route = '/machines') {
        await page.goto(core.url() ?? '');
        await goTo(page, route);
      },
    });
    await core.stop();
  },
  deck: async ({ page: _page }, use) => {
    const deck: Deck = {
      core: await startCore(),
      async open(page, route = '/machines') {
        const { url } = (await deck.core.request({ method: 'POST', path: '/apis/virtdeck.io/v1alpha1/listeners' })) as { url: string };
        await page.goto(url);
        await goTo(page, route);
      },
      async crash() {
        const folder = deck.core.dataDir.replace(/\/data$/, '');
        await deck.core.end('SIGKILL');
        deck.core = await startCore({ folder });
      },
    };
    await use(deck);
    await stopAll(deck.core);
    await deck.core.end();
    deck.core.remove();
  },
  /** Everything the page's console complained about: the policy's violations above all. */
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      // A machine that never ran has no picture: the answer is 404, and Chromium says so by itself.
      if (message.type() === 'error' && !message.location().url.includes('/vnc/screenshot'))
        complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await use(complaints);
  },
});

/** What the terminal of the page shows. */
export async function serialText(page: Page): Promise<string> {
  const text = await page.locator('.xterm-rows').first().innerText();
  return text.replaceAll(/\u00A0/g, ' ');
}

/** Light pixels of the guest's screen: a console full of text has thousands, a blank one none. */
export function brightPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    // Before the first frame the canvas has no size.
    const canvas = [...document.querySelectorAll('canvas')].find((each) => each.width > 0 && each.height > 0);
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let bright = 0;
    for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 0) > 120) bright += 1;
    return bright;
  });
}

/** No guest outlives its test. */
export async function stopAll(core: CoreProcess): Promise<void> {
  const path = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';
  await core.request({ method: 'DELETE', path, body: { gracePeriodSeconds: 0 } });
  const abort = new AbortController();
  const { items, metadata } = (await core.request({ path: '/apis/kubevirt.io/v1/virtualmachineinstances' })) as {
    items: readonly { metadata: { uid: string } }[];
    metadata: { resourceVersion: string };
  };
  const left = new Set(items.map((item) => item.metadata.uid));
  if (left.size === 0) return;
  const query = `?watch=true&resourceVersion=${metadata.resourceVersion}`;
  for await (const line of core.lines({ path: `/apis/kubevirt.io/v1/virtualmachineinstances${query}`, signal: abort.signal })) {
    const { type, object } = line as { type: string; object: { metadata: { uid: string } } };
    if (type === 'DELETED') left.delete(object.metadata.uid);
    if (left.size === 0) break;
  }
  abort.abort();
}

export { expect } from '@playwright/test';
