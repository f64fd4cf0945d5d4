// Owns the window over a pretended workstation with a graphics card to spare.
// Must not test anything.
import { becomeComputer } from '../fakes/become-computer.ts';
import { startPretended } from '../fakes/pretended-core.ts';
import { type PretendedDeck, test as base, goTo } from './window.ts';

export const test = base.extend<{ workstation: PretendedDeck }>({
  workstation: async ({ page: _page }, use) => {
    const core = await startPretended({
      tcp: { host: '127.0.0.1', port: 0 },
      prepare: (host, folder) => becomeComputer(host, folder, 'workstation'),
    });
    await use({
      ...core,
      async open(page, route = '/machines') {
        await page.goto(core.url() ?? '');
        await goTo(page, route);
      },
    });
    await core.stop();
  },
});
