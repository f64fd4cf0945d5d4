// Owns the shell once the core is there: page, windows, menu, tray, links, and what closing means.
// Must not hold anything of machines; it is a client like the page.
import { app, dialog, Menu, Notification, session } from 'electron';
import { join } from 'node:path';
import type { SettingsSpec } from '../api/kinds/settings.ts';
import type { Caller, Router } from '../server/router.ts';
import { closeDecision } from './closing.ts';
import { linkAmong } from './deep-link.ts';
import { followFailures } from './failure-notices.ts';
import { answerPorts } from './ipc.ts';
import { createTray, setApplicationMenu, trayTemplate } from './menu.ts';
import { servePage } from './page.ts';
import { followRunningMachines } from './running-machines.ts';
import { textsFor } from './texts.ts';
import { createWindows } from './windows.ts';

export interface DesktopOptions {
  readonly router: Router;
  /** Folder of the built page, and of icons. */
  readonly assetsDir: string;
  readonly iconsDir: string;
  /** Closes the core; machines run on. */
  readonly close: () => Promise<void>;
}

const caller: Caller = { name: 'window', transport: 'direct', role: 'admin' };
const settingsPath = 'http://core/apis/virtdeck.io/v1alpha1/settings/default';

export async function startDesktop({ router, assetsDir, iconsDir, close }: DesktopOptions): Promise<void> {
  let settings = await readSettings(router);
  const texts = textsFor(settings.language ?? 'auto', app.getLocale());
  let quitting = false;
  const quit = (): void => {
    quitting = true;
    app.quit();
  };
  servePage(session.defaultSession, assetsDir);
  answerPorts(router);

  const windows = createWindows((event, window) => {
    if (quitting) return;
    const decision = closeDecision(settings.closeToTray ?? 'ask', machines.list().length);
    if (decision === 'quit') return quit();
    event.preventDefault();
    if (decision === 'tray') window.hide();
    else void askAndClose();
  });
  const actions = { show: (route?: string) => void windows.show(route), quit };
  setApplicationMenu(texts, actions);
  const tray = createTray(join(iconsDir, 'tray.png'), actions);
  const machines = followRunningMachines(router, caller, () =>
    tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(texts, machines.list(), actions))),
  );

  const stopTelling = followFailures(router, caller, ({ namespace, name, message }) => {
    const notification = new Notification({ title: name, body: message });
    notification.on('click', () => actions.show(`/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/events`));
    notification.show();
  });

  async function askAndClose(): Promise<void> {
    const window = windows.main();
    if (window === undefined) return;
    const choice = await dialog.showMessageBox(window, {
      type: 'question',
      title: texts.closeTitle,
      message: texts.closeMessage.replace('{{count}}', String(machines.list().length)),
      detail: texts.closeDetail,
      buttons: [texts.keepInTray, texts.quit, texts.cancel],
      defaultId: 0,
      cancelId: 2,
      checkboxLabel: texts.remember,
    });
    if (choice.response === 2) return;
    if (choice.checkboxChecked) settings = await writeSetting(router, choice.response === 0 ? 'always' : 'never');
    if (choice.response === 0) window.hide();
    else quit();
  }

  app.setAsDefaultProtocolClient('virtdeck');
  app.on('second-instance', (_event, args) => actions.show(linkAmong(args)));
  app.on('activate', () => actions.show());
  app.on('window-all-closed', () => {
    if (!tray.isDestroyed() && !quitting) quit();
  });
  app.on('will-quit', (event) => {
    if (!quitting) return;
    // Once: let go of the machines in order, then really end.
    event.preventDefault();
    quitting = false;
    machines.close();
    stopTelling();
    tray.destroy();
    void close().finally(() => app.exit(0));
  });
  actions.show(linkAmong(process.argv));
}

async function readSettings(router: Router): Promise<Partial<SettingsSpec>> {
  const answer = await router.handle(new Request(settingsPath), caller);
  return answer.ok ? ((await answer.json()) as { spec: SettingsSpec }).spec : {};
}

async function writeSetting(router: Router, closeToTray: SettingsSpec['closeToTray']): Promise<Partial<SettingsSpec>> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  await router.handle(new Request(settingsPath, { method: 'PATCH', headers, body: JSON.stringify({ spec: { closeToTray } }) }), caller);
  return readSettings(router);
}
