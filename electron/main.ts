// Owns the desktop entry: one instance, a core of its own or the one that runs, then the shell.
// Must not exceed sixty lines: what it starts lives in desktop/ and compose.ts.
import { app, dialog } from 'electron';
import { AppError } from './api/errors.ts';
import { compose } from './compose.ts';
import { attachedRouter } from './desktop/attached-router.ts';
import { startDesktop } from './desktop/desktop.ts';
import { registerScheme } from './desktop/page.ts';
import { textsFor } from './desktop/texts.ts';
import { places } from './places.ts';
import { listen } from './server/http.ts';
import type { Router } from './server/router.ts';

const resource = (path: string): string => new URL(`../${path}/`, import.meta.url).pathname;

async function core(): Promise<{ router: Router; close: () => Promise<void> }> {
  const where = places({});
  try {
    const composition = await compose({ ...where, holder: 'the Virtdeck window' });
    const listener = await listen({ router: composition.router, log: composition.log, unixSocket: where.socket });
    const close = async (): Promise<void> => {
      await listener.close();
      await composition.close();
    };
    return { router: composition.router, close };
  } catch (error) {
    // `virtdeck serve` has the data: be its window.
    if (error instanceof AppError && error.code === 'DataLocked')
      return { router: attachedRouter(where.socket), close: async () => undefined };
    throw error;
  }
}

async function run(): Promise<void> {
  await app.whenReady();
  try {
    await startDesktop({ ...(await core()), assetsDir: resource('dist/renderer'), iconsDir: resource('resources/icons') });
  } catch (error) {
    dialog.showErrorBox(textsFor('auto', app.getLocale()).cannotStart, error instanceof Error ? error.message : String(error));
    app.exit(1);
  }
}

registerScheme();
app.enableSandbox();
if (app.requestSingleInstanceLock()) void run();
else app.quit();
