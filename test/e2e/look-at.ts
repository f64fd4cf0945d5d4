// Owns looking at the window as it is, light and dark: axe finds nothing, and a picture is kept where somebody asks for one.
// Must not change what is looked at.
import { expect, type Page } from '@playwright/test';
import { axeFindings } from './axe-findings.ts';

/** Pictures go to the folder VIRTDECK_PICTURES. */
export async function lookAt(page: Page, name: string): Promise<void> {
  const folder = process.env['VIRTDECK_PICTURES'];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page, colorScheme);
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` });
    expect(await axeFindings(page)).toEqual([]);
  }
}

/** The window follows the scheme a moment later, and colours fade into each other: in between no contrast is the real one. */
async function settled(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  const isDark = (): Promise<boolean> => page.evaluate(() => document.documentElement.classList.contains('pf-v6-theme-dark'));
  await expect.poll(isDark).toBe(colorScheme === 'dark');
  await page.evaluate(async () => {
    // A spinner turns for ever.
    const fading = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(fading.map(({ finished }) => finished));
  });
}
