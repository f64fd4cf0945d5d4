// Owns the application menu and the tray's menu.
// Must not act by itself: every entry calls what it is given.
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { RunningMachineName } from './running-machines.ts';
import type { Texts } from './texts.ts';

export interface MenuActions {
  show(route?: string): void;
  quit(): void;
}

export function setApplicationMenu(texts: Texts, actions: MenuActions): void {
  const template: MenuItemConstructorOptions[] = [
    {
      label: texts.file,
      submenu: [
        { label: texts.newMachine, accelerator: 'CmdOrCtrl+N', click: () => actions.show('/create') },
        { type: 'separator' },
        { role: 'close' },
        { label: texts.quit, accelerator: 'CmdOrCtrl+Q', click: () => actions.quit() },
      ],
    },
    {
      label: texts.edit,
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: texts.view,
      submenu: [{ role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'resetZoom' }, { type: 'separator' }, { role: 'togglefullscreen' }],
    },
    { label: texts.window, submenu: [{ role: 'minimize' }, { role: 'zoom' }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

export function createTray(icon: string, actions: MenuActions): Tray {
  const tray = new Tray(nativeImage.createFromPath(icon));
  tray.setToolTip('Virtdeck');
  tray.on('click', () => actions.show());
  return tray;
}

/** Entries of the tray: the running machines, each opening its page. */
export function trayTemplate(texts: Texts, machines: readonly RunningMachineName[], actions: MenuActions): MenuItemConstructorOptions[] {
  const rows = machines.map(({ namespace, name }) => ({ label: name, click: () => actions.show(`/machines/${namespace}/${name}`) }));
  const running = rows.length === 0 ? [{ label: texts.noneRunning, enabled: false }] : rows;
  return [
    { label: texts.open, click: () => actions.show() },
    { type: 'separator' },
    ...running,
    { type: 'separator' },
    { label: texts.quit, click: () => actions.quit() },
  ];
}
