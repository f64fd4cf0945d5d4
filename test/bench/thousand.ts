// Owns the measure with a thousand machines: the list over the socket, the window's first paint, filter and watch to pixels.
// Must not start any machine.
import { type Browser, chromium, type Page } from '@playwright/test';
import { startCore, type CoreProcess } from './core-process.ts';
import { type Figure, median, ms, percentile } from './figures.ts';
import { machine, machinesPath } from './machines.ts';

const count = 1000;

export async function thousandFigures(): Promise<readonly Figure[]> {
  const core = await startCore();
  const browser = await chromium.launch({
    executablePath: process.env['VIRTDECK_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  try {
    for (let index = 0; index < count; index++) {
      await core.request({ method: 'POST', path: machinesPath, body: machine(`vm-${String(index).padStart(4, '0')}`, undefined) });
    }
    return [await list(core), ...(await window(core, browser))];
  } finally {
    await browser.close();
    await core.end();
    core.remove();
  }
}

async function list(core: CoreProcess): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < 30; round++) {
    const began = performance.now();
    await core.request({ path: machinesPath });
    if (round > 4) times.push(performance.now() - began);
  }
  return {
    what: `List of ${count} machines over the socket`,
    ours: `${ms(median(times))} (p95 ${ms(percentile(times, 95))})`,
    peer: '–',
    promise: '',
  };
}

async function window(core: CoreProcess, browser: Browser): Promise<readonly Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const opened = performance.now();
  const { url } = (await core.request({ method: 'POST', path: '/apis/virtdeck.io/v1alpha1/listeners' })) as { readonly url: string };
  await page.goto(url);
  await page.getByText('vm-0000', { exact: true }).first().waitFor();
  const windowReadyMs = performance.now() - opened;
  const paints = await firstPaints(page);
  const filters = await filterTimes(page);
  const pixels = await watchTimes(core, page);
  return [
    { what: 'Address opened → rows on the screen (a cold Chromium page)', ours: ms(windowReadyMs), peer: '–', promise: '' },
    {
      what: `Going to the page with ${count} rows → painted`,
      ours: `${ms(median(paints))} (p95 ${ms(percentile(paints, 95))})`,
      peer: '–',
      promise: 'under 200 ms',
      kept: median(paints) < 200,
    },
    {
      what: `Keystroke → filtered among ${count} rows, p95 of the work before the frame`,
      ours: ms(percentile(filters, 95)),
      peer: '–',
      promise: 'one frame (16 ms)',
      kept: percentile(filters, 95) <= 16,
    },
    {
      what: 'Object written → seen in the row, p95',
      ours: ms(percentile(pixels, 95)),
      peer: '–',
      promise: 'under 50 ms',
      kept: percentile(pixels, 95) < 50,
    },
  ];
}

/** Route change to the frame after the rows are in the document. */
async function firstPaints(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < 12; round++) {
    await page.evaluate(() => (location.hash = '#/settings'));
    await page.getByText('vm-0000', { exact: true }).first().waitFor({ state: 'detached' });
    times.push(
      await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const began = performance.now();
            const seen = (): boolean => document.body.textContent.includes('vm-0000');
            const observer = new MutationObserver(() => {
              if (!seen()) return;
              observer.disconnect();
              requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
            });
            observer.observe(document.body, { childList: true, subtree: true, characterData: true });
            location.hash = '#/machines';
          }),
      ),
    );
  }
  return times.slice(2);
}

/** From the key to the filtered rows in the document, plus the frame that paints them; the wait for the display's beat is left out. */
async function filterTimes(page: Page): Promise<readonly number[]> {
  await page.getByRole('textbox').or(page.getByRole('searchbox')).first().click();
  await page.evaluate(() => {
    const scope = window as unknown as { keyTimes: number[] };
    scope.keyTimes = [];
    let pressed: number | undefined;
    const { port1, port2 } = new MessageChannel();
    port1.start();
    document.addEventListener('keydown', () => (pressed = performance.now()), { capture: true });
    new MutationObserver(() => {
      if (pressed === undefined) return;
      const untilRows = performance.now() - pressed;
      pressed = undefined;
      requestAnimationFrame(() => {
        const frame = performance.now();
        // Delivered when the frame's style, layout and paint are done.
        port1.addEventListener('message', () => scope.keyTimes.push(untilRows + performance.now() - frame), { once: true });
        port2.postMessage(0);
      });
    }).observe(document.querySelector('tbody') ?? document.body, { childList: true, subtree: true, characterData: true });
  });
  for (const text of ['vm-09', 'vm-0123', 'vm-07']) {
    await page.keyboard.type(text, { delay: 80 });
    for (let left = text.length; left > 0; left--) await page.keyboard.press('Backspace', { delay: 80 });
  }
  return page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
}

/** A label is patched over the socket; the page says when the frame that shows the row's change is done. */
async function watchTimes(core: CoreProcess, page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < 40; round++) {
    const text = `watched ${round}`;
    const seen = page.evaluate(
      (wanted) =>
        new Promise<number>((resolve) => {
          const observer = new MutationObserver(() => {
            if (!document.body.textContent.includes(wanted)) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())));
          });
          observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        }),
      text,
    );
    await page.evaluate(() => undefined);
    const began = performance.timeOrigin + performance.now();
    await core.request({
      method: 'PATCH',
      path: `${machinesPath}/vm-0002`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { 'virtdeck.io/description': text } } },
    });
    times.push((await seen) - began);
  }
  return times.slice(5);
}
