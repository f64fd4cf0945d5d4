// Owns bringing a file from a web server onto the disk, in as many tries as it takes, going on where the last one ended.
// Must not judge what is in it beyond its first bytes.
import { open, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../api/errors.ts';
import { writePrivateFile } from '../private-file.ts';
import { detectFormat } from './format.ts';
import { checkedUrl, fetchFailed, httpGet, plain, TransientError } from './http-get.ts';

export interface Download {
  readonly url: string;
  /** Grows here, and is kept when the download fails or is cancelled. Beside it, `.json` says which version of the file it is. */
  readonly file: string;
  readonly hasChecksum: boolean;
  /** PEM, beside the authorities that are trusted anyway. */
  readonly authorities?: string;
  /** Called before the bytes up to `position` are written; throws when that is more than anybody wants. */
  readonly checkSize: (position: number) => void;
  /** Called with the bytes that are still to come, before they come; throws when there is no room. */
  readonly makeRoom: (bytes: number) => Promise<void>;
  readonly onBytes: (doneBytes: number, totalBytes?: number) => void;
  readonly signal?: AbortSignal;
  readonly timing?: DownloadTiming;
}

export interface DownloadTiming {
  readonly silenceMs: number;
  /** Before the second try; doubled each time. */
  readonly pauseMs: number;
  /** Tries in a row that bring not one byte. */
  readonly fruitlessTries: number;
}

const usualTiming: DownloadTiming = { silenceMs: 30_000, pauseMs: 1_000, fruitlessTries: 4 };

/** What a server says to tell one version of a file from another. */
const versionShape = z.object({
  url: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  totalBytes: z.number().optional(),
});
type Version = z.infer<typeof versionShape>;

/** Resolves when the file is complete by size. Throws ImageFetchFailed, ImageRefused (a web page), or what makeRoom throws. */
export async function download(request: Download): Promise<void> {
  const timing = request.timing ?? usualTiming;
  let fruitless = 0;
  for (;;) {
    const before = await sizeOf(request.file);
    try {
      return await fetchRest(request, timing);
    } catch (error) {
      request.signal?.throwIfAborted();
      // A web page is no beginning of an image, nor is the beginning of one that is too large of any use.
      if (error instanceof AppError && error.code === 'ImageRefused') await forgetDownload(request.file);
      if (!(error instanceof TransientError)) throw error;
      fruitless = (await sizeOf(request.file)) > before ? 0 : fruitless + 1;
      if (fruitless >= timing.fruitlessTries) throw gaveUp(request.url, error);
      await sleep(timing.pauseMs * 2 ** fruitless, undefined, request.signal === undefined ? {} : { signal: request.signal });
    }
  }
}

/** The partial file and its description, gone. */
export async function forgetDownload(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(versionFile(file), { force: true });
}

export function versionFile(file: string): string {
  return `${file}.json`;
}

async function fetchRest(request: Download, timing: DownloadTiming): Promise<void> {
  const known = await knownVersion(request);
  const have = known === undefined ? 0 : await sizeOf(request.file);
  const validator = known?.etag ?? known?.lastModified;
  const headers: Record<string, string> = have > 0 && validator !== undefined ? { range: `bytes=${have}-`, 'if-range': validator } : {};
  const response = await httpGet({
    url: request.url,
    headers,
    silenceMs: timing.silenceMs,
    mayLoseEncryption: request.hasChecksum,
    ...(request.authorities === undefined ? {} : { authorities: request.authorities }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  try {
    await receive(request, response, { have, known });
  } finally {
    response.destroy();
  }
}

async function receive(
  request: Download,
  response: IncomingMessage,
  { have, known }: { have: number; known: Version | undefined },
): Promise<void> {
  const { statusCode = 0, statusMessage = '', headers } = response;
  // The range begins where the file ends: it was complete already.
  if (statusCode === 416 && known?.totalBytes === have) return;
  const offset = statusCode === 206 ? rangeStart(headers['content-range']) : 0;
  if (statusCode === 416 || offset === undefined || (statusCode === 206 && offset !== have)) {
    await forgetDownload(request.file);
    throw new TransientError('the server answered with another part than was asked for');
  }
  if (statusCode === 429 || statusCode >= 500) throw new TransientError(`the server answered ${statusCode} ${statusMessage}`.trim());
  if (statusCode !== 200 && statusCode !== 206) throw refusedByServer(request.url, statusCode, statusMessage);
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw fetchFailed(`${plain(checkedUrl(request.url))} comes only in a packed form.`, 'Use the address of another mirror.');
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  const totalBytes = length === undefined ? undefined : offset + length;
  if (totalBytes !== undefined) request.checkSize(totalBytes);
  if (length !== undefined) await request.makeRoom(length);
  if (offset === 0) await remember(request, headers, totalBytes);
  const file = await open(request.file, offset === 0 ? 'w' : 'r+', 0o600);
  try {
    await writeBody({ request, response, file, offset, totalBytes });
  } finally {
    await file.close();
  }
}

interface Body {
  readonly request: Download;
  readonly response: IncomingMessage;
  readonly file: FileHandle;
  readonly offset: number;
  readonly totalBytes: number | undefined;
}

async function writeBody({ request, response, file, offset, totalBytes }: Body): Promise<void> {
  let position = offset;
  try {
    for await (const chunk of response) {
      const bytes: Buffer = chunk;
      if (position === 0) refuseText(request.url, bytes);
      request.checkSize(position + bytes.length);
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position);
        done += bytesWritten;
        position += bytesWritten;
      }
      request.onBytes(position, totalBytes);
    }
  } catch (error) {
    // Errors of the connection carry these codes; those of the disk (ENOSPC) and our own refusals are not to be tried again.
    if (error instanceof TransientError || (error instanceof Error && 'code' in error && isConnectionError(error.code)))
      throw new TransientError(error.message, { cause: error });
    throw error;
  }
  if (!response.complete || (totalBytes !== undefined && position !== totalBytes))
    throw new TransientError(`the connection ended after ${position} of ${totalBytes ?? 'an unknown number of'} bytes`);
}

function isConnectionError(code: unknown): boolean {
  return typeof code === 'string' && /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE|HPE_)/.test(code);
}

/** Many servers answer a wrong address with a page and the status 200. */
function refuseText(url: string, first: Buffer): void {
  const detected = detectFormat(first, new Uint8Array());
  if (detected.type !== 'other') return;
  const message = `${plain(checkedUrl(url))} is ${detected.what}, not a disk image.`;
  const fix = 'Use the address of the image file itself: the one that a download button leads to.';
  throw new AppError('ImageRefused', message, { causes: [{ reason: 'NotAnImage', field: 'spec.source.http.url', message, fix }] });
}

function refusedByServer(url: string, status: number, words: string): AppError {
  const fix =
    status === 404 || status === 410
      ? 'Check the address: projects remove old releases. Look for the current one.'
      : 'Check that the address can be opened without logging in.';
  return fetchFailed(`The server answered ${`${status} ${words}`.trim()} for ${plain(checkedUrl(url))}.`, fix);
}

function gaveUp(url: string, error: TransientError): AppError {
  const { host } = checkedUrl(url);
  const isUnknownHost =
    error.cause instanceof Error && 'code' in error.cause && ['ENOTFOUND', 'EAI_AGAIN'].includes(String(error.cause.code));
  if (isUnknownHost)
    return fetchFailed(`The name ${host} cannot be resolved.`, 'Check the network connection and the name in the address.', error);
  const fix = 'Check the network connection, then try again: what has come is kept, and the download goes on from there.';
  return fetchFailed(`The download from ${host} failed: ${error.message}.`, fix, error);
}

function rangeStart(contentRange: string | undefined): number | undefined {
  const start = /^bytes (\d+)-/.exec(contentRange ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
}

async function remember({ url, file }: Download, headers: IncomingMessage['headers'], totalBytes: number | undefined): Promise<void> {
  // A weak validator may stand for other bytes (RFC 9110 §13.1.5): it cannot be used to go on.
  const etag = headers.etag?.startsWith('W/') === true ? undefined : headers.etag;
  const lastModified = headers['last-modified'];
  const version: Version = {
    url,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(totalBytes === undefined ? {} : { totalBytes }),
  };
  await writePrivateFile(versionFile(file), JSON.stringify(version));
}

async function knownVersion({ url, file }: Download): Promise<Version | undefined> {
  const text = await readFile(versionFile(file), 'utf8').catch(() => 'null');
  const version = versionShape.nullable().safeParse(JSON.parse(text));
  if (!version.success || version.data?.url !== url || (version.data.etag === undefined && version.data.lastModified === undefined))
    return undefined;
  return version.data;
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
