// Owns one window's page in Chromium: the preload as an init script, app:// as a route, ports as real MessageChannels in the page.
// Must not know the shell.
import { type Browser, type BrowserContext, chromium, type Page as ChromiumPage } from '@playwright/test';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';

/** app://virtdeck cannot be loaded by a plain browser: the same paths under an origin that is routed. */
const outer = 'https://virtdeck.test';
const inner = 'app://virtdeck';

type Handler = (request: Request) => Promise<Response>;

export interface PageOptions {
  readonly preload: string;
  readonly width: number;
  readonly height: number;
}

/** Bytes cross the binding as base64, everything else as JSON. */
interface Packed {
  readonly value: unknown;
  readonly bytes?: string;
}

class Port extends EventEmitter {
  private readonly page: ChromiumPage;
  private readonly id: number;
  constructor(page: ChromiumPage, id: number) {
    super();
    this.page = page;
    this.id = id;
  }
  start(): void {}
  postMessage(frame: { readonly data?: Uint8Array }): void {
    const { data, ...value } = frame;
    const packed: Packed = data === undefined ? { value } : { value, bytes: Buffer.from(data).toString('base64') };
    this.page
      .evaluate(({ id, sent }) => (window as unknown as { virtdeckDeliver(id: number, sent: unknown): void }).virtdeckDeliver(id, sent), {
        id: this.id,
        sent: packed,
      })
      .catch(() => this.emit('close'));
  }
  receive({ value, bytes }: Packed): void {
    const data = bytes === undefined ? value : { ...(value as object), data: new Uint8Array(Buffer.from(bytes, 'base64')) };
    this.emit('message', { data });
  }
  close(): void {
    this.emit('close');
  }
}

/** Runs in the page before anything else: the preload's `require('electron')`, and the far end of every port. */
function pageSide(): void {
  const scope = window as unknown as Record<string, unknown> & { virtdeckToMain(given: unknown): Promise<void> };
  const ports = new Map<number, MessagePort>();
  const toBase64 = (bytes: Uint8Array): string => {
    let text = '';
    for (const byte of bytes) text += String.fromCodePoint(byte);
    return btoa(text);
  };
  scope['virtdeckDeliver'] = (id: number, { value, bytes }: { value: object; bytes?: string }) => {
    const data = bytes === undefined ? {} : { data: Uint8Array.from(atob(bytes), (letter) => letter.codePointAt(0) ?? 0) };
    ports.get(id)?.postMessage({ ...value, ...data });
  };
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: unknown) => void (scope[name] = api) },
    ipcRenderer: {
      postMessage(channel: string, _message: unknown, [port]: MessagePort[]) {
        if (port === undefined) return;
        const id = ports.size + 1;
        ports.set(id, port);
        port.addEventListener('message', ({ data }: MessageEvent<{ data?: Uint8Array }>) => {
          const { data: bytes, ...value } = data;
          void scope.virtdeckToMain({ id, sent: bytes instanceof Uint8Array ? { value, bytes: toBase64(bytes) } : { value } });
        });
        void scope.virtdeckToMain({ id, channel }).then(() => port.start());
      },
    },
  };
  // A sandboxed preload can ask for electron alone.
  scope['virtdeckRequire'] = (name: string) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return electron;
  };
}

let launched: Promise<{ browser: Browser; context: BrowserContext }> | undefined;

export class Page {
  static readonly ipc = new EventEmitter();
  private static handler: Handler | undefined;
  private readonly ready: Promise<ChromiumPage>;
  private readonly ports = new Map<number, Port>();
  private opener: (url: string) => void = () => undefined;
  private lastUrl = '';

  static async browserReady(): Promise<void> {
    launched ??= chromium
      .launch({
        executablePath: process.env['VIRTDECK_CHROMIUM'] ?? '/usr/bin/chromium',
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-background-networking',
          `--remote-debugging-port=${process.env['VIRTDECK_DEBUG_PORT'] ?? '0'}`,
        ],
      })
      .then(async (browser) => ({ browser, context: await browser.newContext({ viewport: null }) }));
    await launched;
  }
  static async closeBrowser(): Promise<void> {
    await (await launched)?.browser.close();
  }
  static serve(_scheme: string, handler: Handler): void {
    Page.handler = handler;
  }

  constructor(options: PageOptions) {
    this.ready = this.create(options);
  }

  url(): string {
    return this.lastUrl;
  }

  onWindowOpen(opener: (url: string) => void): void {
    this.opener = opener;
  }

  async goto(url: string): Promise<void> {
    const page = await this.ready;
    this.lastUrl = url;
    await page.goto(url.replace(inner, outer));
  }

  private async create({ preload, width, height }: PageOptions): Promise<ChromiumPage> {
    const context = (await launched)?.context;
    if (context === undefined) throw new Error('A window was made before the app was ready.');
    const page = await context.newPage();
    await page.setViewportSize({ width, height });
    await page.exposeFunction('virtdeckToMain', (given: { id: number; channel?: string; sent?: Packed }) => this.fromPage(page, given));
    await page.addInitScript(pageSide);
    await page.addInitScript(`{ const require = window.virtdeckRequire; ${readFileSync(preload, 'utf8')} }`);
    await page.route(`${outer}/**`, async (route) => {
      const request = route.request();
      const answer = await Page.handler?.(new Request(request.url().replace(outer, inner), { headers: request.headers() }));
      if (answer === undefined) return route.abort();
      const { 'content-encoding': _encoded, ...headers } = Object.fromEntries(answer.headers);
      await route.fulfill({ status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) });
    });
    page.on('popup', (popup) => {
      this.opener(popup.url().replace(outer, inner));
      void popup.close();
    });
    return page;
  }

  private fromPage(page: ChromiumPage, { id, channel, sent }: { id: number; channel?: string; sent?: Packed }): void {
    if (channel !== undefined) {
      const port = new Port(page, id);
      this.ports.set(id, port);
      Page.ipc.emit(channel, { ports: [port], senderFrame: { url: `${inner}/`, parent: null } });
    } else if (sent !== undefined) this.ports.get(id)?.receive(sent);
  }
}
