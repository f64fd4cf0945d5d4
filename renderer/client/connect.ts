// Owns choosing the carrier: the preload's message port in Electron, HTTP and WebSocket elsewhere.
// Must not be asked twice.
import { portTransport } from './port.ts';
import type { Transport } from './transport.ts';
import { webTransport } from './web.ts';

declare global {
  interface Window {
    /** Set by Electron's preload; absent in a browser. */
    readonly virtdeck?: { connect(): unknown };
  }
}

/** What the preload posts to the page, with the port beside it. A MessagePort cannot be returned across the context bridge. */
export const portMessage = 'virtdeck-port';

export async function connectTransport(page: Window): Promise<Transport> {
  const { virtdeck } = page;
  if (virtdeck === undefined) return webTransport(page.location.origin);
  const posted = new Promise<MessagePort>((resolve) => {
    const listen = (event: MessageEvent): void => {
      const [port] = event.ports;
      if (event.source !== page || event.data !== portMessage || port === undefined) return;
      page.removeEventListener('message', listen);
      resolve(port);
    };
    page.addEventListener('message', listen);
  });
  const returned = await virtdeck.connect();
  return portTransport(returned instanceof MessagePort ? returned : await posted);
}
