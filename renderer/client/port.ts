// Owns the API over a message port, for the window in Electron: frames out, frames in.
// Must not know Electron: any MessagePort whose other end speaks api/frames.ts will do.
import type { ByteChannel } from '../../electron/api/channel.ts';
import type { ServerFrame } from '../../electron/api/frames.ts';
import type { Exchange } from './exchange.ts';
import { portChannel } from './port-channel.ts';
import { portResponse } from './port-response.ts';
import { sendBlob } from './port-upload.ts';
import { type Transport, TransportError, type TransportInit } from './transport.ts';

export function portTransport(port: MessagePort): Transport {
  const listeners = new Map<number, (frame: ServerFrame) => void>();
  let lastId = 0;
  port.addEventListener('message', ({ data }: MessageEvent<ServerFrame>) => listeners.get(data.id)?.(data));
  // The other end is gone with the process: every open exchange ends.
  port.addEventListener('close', () => {
    for (const [id, listener] of listeners) listener({ type: 'end', id, reason: 'The core has gone.' });
  });
  port.start();

  function exchange(): Exchange {
    const id = ++lastId;
    return {
      id,
      post: (frame) => port.postMessage(frame),
      onFrame: (listener) => listeners.set(id, listener),
      forget: () => listeners.delete(id),
    };
  }

  async function request(path: string, init: TransportInit): Promise<Response> {
    const { method = 'GET', headers = {}, body, signal } = init;
    signal?.throwIfAborted();
    const line = exchange();
    const response = portResponse(line, signal);
    const streaming = body instanceof Blob;
    line.post({ type: 'request', id: line.id, method, path, headers, body: streaming ? undefined : body, streaming });
    if (streaming) {
      const upload = sendBlob(line, body, response.onAck);
      upload.catch((error: unknown) => response.fail(new TransportError('The file could not be read.', { cause: error })));
    }
    return response.promise;
  }

  return {
    fetch: (path, init = {}) => request(path, init),
    open: (path): ByteChannel => portChannel(exchange(), path),
    close: () => port.close(),
  };
}
