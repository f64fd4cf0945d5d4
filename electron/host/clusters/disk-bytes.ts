// Owns the bytes of a disk on their way to an upload proxy, and from an export server.
// Must not know whose disk it is.
import { createHash } from 'node:crypto';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../api/errors.ts';
import type { ByteAddress, IncomingBytes, OutgoingBytes, ReceiveOptions } from '../../engine/ports.ts';
import { lineFailure } from './line-failure.ts';

/** What an upload proxy says of a refusal fits in a sentence. */
const maxWords = 500;

export async function sendBytes(options: RequestOptions, to: ByteAddress, { bytes, totalBytes, onBegin }: OutgoingBytes): Promise<void> {
  const url = new URL(to.url);
  const headers = { 'content-type': 'application/octet-stream', ...to.headers, 'content-length': totalBytes };
  const outgoing = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, { ...options, method: 'POST', headers });
  onBegin(() => outgoing.destroy());
  // An early refusal is worth more than the broken pipe that follows it.
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  answered.catch(() => undefined);
  try {
    await Promise.race([pipeline(bytes, outgoing), answered]);
    const incoming = await answered;
    const text = await wordsOf(incoming);
    const status = incoming.statusCode ?? 502;
    if (status >= 300) throw new AppError('ServiceUnavailable', `${url.origin} did not take the disk (${status}): ${text}`);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw lineFailure(url.origin, error);
  }
}

async function wordsOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming) text = (text + String(chunk)).slice(0, maxWords);
  return text.trim();
}

/** Throws ServiceUnavailable with what the server said in place of a disk. */
export async function receiveBytes(options: RequestOptions, from: ByteAddress, { gzip, onBegin }: ReceiveOptions): Promise<IncomingBytes> {
  const url = new URL(from.url);
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, {
      ...options,
      method: 'GET',
      headers: { ...from.headers },
    });
    onBegin(() => outgoing.destroy());
    outgoing.once('error', (error) => reject(lineFailure(url.origin, error)));
    outgoing.once('response', resolve);
    outgoing.end();
  });
  const status = incoming.statusCode ?? 502;
  if (status !== 200)
    throw new AppError('ServiceUnavailable', `${url.origin} does not give the disk (${status}): ${await wordsOf(incoming)}`);
  const hash = createHash('sha256');
  return { bytes: unpacked(incoming, { gzip, hash, origin: url.origin }), digest: () => `sha256:${hash.copy().digest('hex')}` };
}

interface Unpacking {
  readonly gzip: boolean;
  readonly hash: ReturnType<typeof createHash>;
  readonly origin: string;
}

async function* unpacked(incoming: IncomingMessage, { gzip, hash, origin }: Unpacking): AsyncGenerator<Uint8Array> {
  const gunzip = gzip ? createGunzip({ chunkSize: 1024 * 1024 }) : undefined;
  // gzip ends with a sum and a length: a cut or changed stream fails in the reader below.
  const piped = gunzip === undefined ? undefined : pipeline(incoming, gunzip);
  piped?.catch(() => undefined);
  try {
    for await (const chunk of gunzip ?? incoming) {
      const piece = chunk as Buffer;
      hash.update(piece);
      yield piece;
    }
    await piped;
  } catch (error) {
    throw lineFailure(origin, error);
  } finally {
    incoming.destroy();
  }
}
