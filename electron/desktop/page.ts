// Owns the page's origin: app://virtdeck, what it may load and what a window of it may do.
// Must not let any other page in.
import { type BrowserWindow, protocol, type Session, shell, type WebContents } from 'electron';
import { join } from 'node:path';
import { pageAssets } from '../server/assets.ts';
import { isForwardedPage } from './deep-link.ts';

export const origin = 'app://virtdeck';

/** Before app is ready: a standard, secure origin, so that storage, fetch and the policy work as on the web. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

export function servePage(session: Session, assetsDir: string): void {
  const assets = pageAssets(assetsDir);
  session.protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'virtdeck') return new Response('Not found', { status: 404 });
    return assets(url.pathname, request.headers.get('accept-encoding') ?? '');
  });
  // Full screen and the clipboard are what the consoles need; nothing else is ever asked for.
  const granted = new Set(['fullscreen', 'clipboard-read', 'clipboard-sanitized-write', 'pointerLock', 'keyboardLock']);
  session.setPermissionRequestHandler((contents, permission, answer) => answer(isOurs(contents.getURL()) && granted.has(permission)));
  session.setPermissionCheckHandler((_contents, permission, from) => from.startsWith(origin) && granted.has(permission));
}

export function isOurs(url: string): boolean {
  return url === origin || url.startsWith(`${origin}/`);
}

/** No navigation away, no foreign windows, no webviews. Consoles may be detached into windows of ours; what a guest serves opens in the browser. */
export function restrict(contents: WebContents, openWindow: (route: string) => BrowserWindow): void {
  contents.on('will-navigate', (event) => {
    if (!isOurs(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const route = isOurs(url) ? new URL(url).hash.slice(1) : undefined;
    if (route?.startsWith('/console/') === true) openWindow(route);
    if (isForwardedPage(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

export const preloadFile = join(import.meta.dirname, 'preload.cjs');
