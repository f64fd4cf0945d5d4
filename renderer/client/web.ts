// Owns the API over HTTP and WebSocket, for the window in a browser.
// Must not retry: cache.ts decides when to come back.
import { socketChannel } from './socket-channel.ts';
import { socketResponse } from './socket-response.ts';
import { type Transport, TransportError, type TransportInit } from './transport.ts';

/** The subprotocol of KubeVirt's consoles. */
const consoleProtocol = 'plain.kubevirt.io';

/** `origin` is that of the page: the cookie of the page is the credential. */
export function webTransport(origin: string): Transport {
  const socketOrigin = origin.replace(/^http/, 'ws');
  let socketsCarryWatches = true;

  async function request(path: string, init: TransportInit): Promise<Response> {
    const { method, headers, body, signal } = init;
    try {
      return await fetch(origin + path, { method, headers, body, signal, credentials: 'same-origin', cache: 'no-store' });
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new TransportError('The core does not answer.', { cause: error });
    }
  }

  /**
   * A browser opens six HTTP/1.1 connections to one host, for all windows together; four watches and a second window
   * would leave none to press a button with. WebSockets have a limit of their own, in the hundreds.
   */
  async function endless(path: string, init: TransportInit): Promise<Response> {
    if (!socketsCarryWatches) return request(path, init);
    const response = await socketResponse(socketOrigin + path, init.signal);
    if (response !== undefined) return response;
    // A refused handshake hides its reason; the same question over HTTP shows it.
    const answer = await request(path, init);
    if (answer.ok) socketsCarryWatches = false;
    return answer;
  }

  return {
    fetch: (path, init = {}) => (init.endless === true ? endless(path, init) : request(path, init)),
    open: (path) => socketChannel(socketOrigin + path, consoleProtocol),
    close: () => undefined,
  };
}
