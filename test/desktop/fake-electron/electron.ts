// Owns a stand-in for Electron whose windows are pages of the system's Chromium, so that main and preload are executed as they are.
// Must not stand in for what only the binary has: real isolation, app:// privileges, menus on a screen.
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Page } from './page.ts';

const tell = (line: object): unknown => process.stdout.write(`${JSON.stringify(line)}\n`);
const state = { dialogAnswer: { response: 0, checkboxChecked: false }, trayLabels: [] as string[], menuLabels: [] as string[] };

interface Preventable {
  readonly event: { readonly preventDefault: () => void };
  prevented(): boolean;
}

function preventable(): Preventable {
  let prevented = false;
  return { event: { preventDefault: () => void (prevented = true) }, prevented: () => prevented };
}

class App extends EventEmitter {
  enableSandbox(): void {
    tell({ type: 'sandbox' });
  }
  whenReady(): Promise<void> {
    return Page.browserReady();
  }
  requestSingleInstanceLock(): boolean {
    return true;
  }
  getPath(_name: string): string {
    const folder = join(process.env['VIRTDECK_DATA'] ?? '', 'user-data');
    mkdirSync(folder, { recursive: true });
    return folder;
  }
  getLocale(): string {
    return 'en-US';
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    tell({ type: 'protocol-client', scheme });
    return true;
  }
  quit(): void {
    for (const window of BrowserWindow.all) if (!window.close()) return;
    const closing = preventable();
    this.emit('will-quit', closing.event);
    if (!closing.prevented()) this.exit(0);
  }
  exit(code: number): void {
    void Page.closeBrowser().finally(() => process.exit(code));
  }
}
export const app = new App();

interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload: string };
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  readonly webContents: WebContents;
  private readonly page: Page;
  private visible = false;

  constructor(options: WindowOptions) {
    super();
    const { preload, session: _session, ...preferences } = options.webPreferences;
    tell({ type: 'window', preferences });
    this.page = new Page({ preload, width: options.width ?? 800, height: options.height ?? 600 });
    this.webContents = new WebContents(this.page);
    BrowserWindow.all.push(this);
  }
  async loadURL(url: string): Promise<void> {
    await this.page.goto(url);
    this.emit('ready-to-show');
    tell({ type: 'loaded', url });
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
    tell({ type: 'hidden' });
  }
  focus(): void {}
  maximize(): void {}
  restore(): void {}
  isMaximized(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return false;
  }
  isVisible(): boolean {
    return this.visible;
  }
  getNormalBounds(): object {
    return { x: 1, y: 2, width: 1100, height: 800 };
  }
  /** False when somebody prevented it. */
  close(): boolean {
    const closing = preventable();
    this.emit('close', closing.event);
    if (closing.prevented()) return false;
    BrowserWindow.all.splice(BrowserWindow.all.indexOf(this), 1);
    this.emit('closed');
    if (BrowserWindow.all.length === 0) app.emit('window-all-closed');
    return true;
  }
}

type OpenHandler = (details: { readonly url: string }) => { readonly action: string };

class WebContents extends EventEmitter {
  private readonly page: Page;
  constructor(page: Page) {
    super();
    this.page = page;
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.page.onWindowOpen((url) => void handler({ url }));
  }
  getURL(): string {
    return this.page.url();
  }
}

export const ipcMain = Page.ipc;
export const protocol = { registerSchemesAsPrivileged: (schemes: object) => tell({ type: 'schemes', schemes }) };
export const session = {
  defaultSession: {
    protocol: { handle: (scheme: string, handler: (request: Request) => Promise<Response>) => Page.serve(scheme, handler) },
    setPermissionRequestHandler: (handler: unknown) => tell({ type: 'permissions', handler: typeof handler }),
    setPermissionCheckHandler: (handler: unknown) => tell({ type: 'permission-checks', handler: typeof handler }),
  },
};
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };

interface MenuItem {
  readonly label?: string;
  readonly submenu?: readonly MenuItem[];
  readonly click?: () => void;
}
export const Menu = {
  buildFromTemplate: (template: readonly MenuItem[]) => template,
  setApplicationMenu: (template: readonly MenuItem[]) => {
    state.menuLabels = template.map((item) => item.label ?? '');
  },
};
export const nativeImage = {
  createFromPath(path: string) {
    if (!existsSync(path)) throw new Error(`There is no icon at ${path}`);
    return { path };
  },
};
export class Tray extends EventEmitter {
  private destroyed = false;
  setToolTip(_text: string): void {}
  setContextMenu(template: readonly MenuItem[]): void {
    state.trayLabels = template.map((item) => item.label ?? '–');
    tell({ type: 'tray', labels: state.trayLabels });
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  destroy(): void {
    this.destroyed = true;
  }
}
export class Notification extends EventEmitter {
  private readonly options: { readonly title: string; readonly body: string };
  constructor(options: { readonly title: string; readonly body: string }) {
    super();
    this.options = options;
  }
  show(): void {
    tell({ type: 'notification', ...this.options });
  }
}
export const dialog = {
  showMessageBox(_window: unknown, options: { readonly message: string; readonly buttons: readonly string[] }) {
    tell({ type: 'asked', message: options.message, buttons: options.buttons });
    return Promise.resolve(state.dialogAnswer);
  },
  showErrorBox: (title: string, content: string) => tell({ type: 'error-box', title, content }),
};
/** The user's browser. */
export const shell = {
  openExternal(url: string) {
    tell({ type: 'external', url });
    return Promise.resolve();
  },
};

/** What the test does to the shell from outside, as a user or the system would. */
const commands: Readonly<Record<string, (given: Readonly<Record<string, unknown>>) => void>> = {
  close(given) {
    state.dialogAnswer = { response: Number(given['response'] ?? 0), checkboxChecked: given['remember'] === true };
    BrowserWindow.all[0]?.close();
  },
  'second-instance': (given) => void app.emit('second-instance', {}, given['args']),
  menu: () => tell({ type: 'menu', labels: state.menuLabels }),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const given = JSON.parse(line) as Readonly<Record<string, unknown>>;
  commands[String(given['command'])]?.(given);
});
