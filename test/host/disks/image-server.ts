// Owns a web server for one file that can be as bad as servers are.
// Must not be reachable from outside.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ownAuthority } from '../images/own-authority.ts';
import { tempDir } from '../temp-dir.ts';

export interface ServerManners {
  readonly content: Buffer;
  /** Called for each request with its number, from 0; may answer by itself and return true. */
  readonly odd?: (request: IncomingMessage, response: ServerResponse, number: number) => boolean;
  readonly etag?: string;
  readonly ranges?: boolean;
  /** With a certificate of an authority of its own. */
  readonly tls?: boolean;
}

export interface ImageServer {
  readonly url: string;
  /** PEM; with `tls`. */
  readonly authority?: string;
  /** `Range` and `If-Range` of every request. */
  readonly asked: readonly { readonly range?: string; readonly ifRange?: string }[];
}

export async function imageServer({ content, odd, etag = '"v1"', ranges = true, tls = false }: ServerManners): Promise<ImageServer> {
  const asked: { range?: string; ifRange?: string }[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { range } = request.headers;
    const ifRange = request.headers['if-range'];
    const number = asked.length;
    asked.push({ ...(range === undefined ? {} : { range }), ...(typeof ifRange === 'string' ? { ifRange } : {}) });
    if (odd?.(request, response, number) === true) return;
    const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    response.setHeader('etag', etag);
    if (ranges && range !== undefined && (ifRange === undefined || ifRange === etag)) {
      if (start >= content.length) return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      response.writeHead(206, {
        'content-length': content.length - start,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      });
      return void response.end(content.subarray(start));
    }
    response.writeHead(200, { 'content-length': content.length });
    response.end(content);
  };
  const folder = tempDir();
  const material = tls ? ownAuthority(folder) : undefined;
  const server =
    material === undefined
      ? createServer(answer)
      : createTlsServer({ cert: readFileSync(material.certificate), key: readFileSync(material.key) }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/image.raw`,
    ...(tls ? { authority: readFileSync(join(folder, 'authority.crt'), 'utf8') } : {}),
    asked,
  };
}

/** Sends the head of the content and then cuts the line. */
export function cutAfter(content: Buffer, bytes: number, etag = '"v1"'): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(200, { 'content-length': content.length, etag });
    response.write(content.subarray(0, bytes), () => response.destroy());
  };
}
