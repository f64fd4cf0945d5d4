// Owns the windows: the main one, remembered in size and place, and detached consoles.
// Must not know what the page shows beyond its route.
import { app, BrowserWindow, screen, session } from 'electron';
import { join } from 'node:path';
import { origin, preloadFile, restrict } from './page.ts';
import { fitted, readWindowState, writeWindowState } from './window-state.ts';

const safePreferences = {
  preload: preloadFile,
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  webSecurity: true,
  spellcheck: false,
} as const;

export interface Windows {
  /** Shows the main window, at a route when one is given. */
  show(route?: string): BrowserWindow;
  main(): BrowserWindow | undefined;
}

/** `onClose` may prevent closing the main window; it gets Electron's event. */
export function createWindows(onClose: (event: { preventDefault(): void }, window: BrowserWindow) => void): Windows {
  let main: BrowserWindow | undefined;
  const stateFile = join(app.getPath('userData'), 'window-state.json');

  function open(route: string, options: Electron.BrowserWindowConstructorOptions): BrowserWindow {
    const window = new BrowserWindow({
      show: false,
      autoHideMenuBar: true,
      backgroundColor: '#151515',
      ...options,
      webPreferences: { ...safePreferences, session: session.defaultSession },
    });
    restrict(window.webContents, openConsole);
    window.once('ready-to-show', () => window.show());
    void window.loadURL(`${origin}/#${route}`);
    return window;
  }

  function openConsole(route: string): BrowserWindow {
    return open(route, { width: 1040, height: 820, minWidth: 480, minHeight: 360 });
  }

  function openMain(route: string): BrowserWindow {
    const { maximized, ...bounds } = fitted(
      readWindowState(stateFile),
      screen.getAllDisplays().map((display) => display.workArea),
    );
    const window = open(route, { ...bounds, minWidth: 900, minHeight: 600 });
    if (maximized) window.maximize();
    window.on('close', (event) => {
      writeWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() });
      onClose(event, window);
    });
    window.on('closed', () => (main = undefined));
    return window;
  }

  return {
    main: () => main,
    show(route) {
      if (main === undefined) main = openMain(route ?? '/');
      else {
        if (route !== undefined) void main.loadURL(`${origin}/#${route}`);
        if (main.isMinimized()) main.restore();
        main.show();
        main.focus();
      }
      return main;
    },
  };
}
