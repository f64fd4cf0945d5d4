// Owns what axe finds on a page: a line for each rule that is broken, with where.
// Must not prepare the page, nor leave a rule out.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export async function axeFindings(page: Page): Promise<readonly string[]> {
  // It looks into frames of one origin at most when it runs in one page. Otherwise it opens a second one, each time.
  expect(page.frames()).toHaveLength(1);
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
