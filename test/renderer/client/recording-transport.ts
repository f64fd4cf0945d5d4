// Owns a transport that writes down what is asked and answers as told.
// Must not know the API.
import type { Transport, TransportInit } from '../../../renderer/client/transport.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: unknown;
}

export interface RecordingTransport extends Transport {
  readonly asked: readonly Asked[];
}

/** `answer` gets the path; an object is sent as JSON with status 200. */
export function recordingTransport(answer: (path: string, init: TransportInit) => object | Response): RecordingTransport {
  const asked: Asked[] = [];
  return {
    asked,
    async fetch(path, init = {}) {
      const { method = 'GET', headers, body } = init;
      asked.push({
        method,
        path,
        ...(headers?.['content-type'] === undefined ? {} : { type: headers['content-type'] }),
        ...(typeof body === 'string' ? { body: JSON.parse(body) as unknown } : {}),
      });
      const given = answer(path, init);
      return given instanceof Response ? given : Response.json(given);
    },
    open: () => {
      throw new Error('No channel is expected here.');
    },
    close: () => undefined,
  };
}
