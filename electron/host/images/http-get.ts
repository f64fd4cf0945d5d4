// Owns one HTTP request for a part of a file: redirects, proxies, a limit for silence; answers headers and a stream.
// Must not retry nor write files; download.ts does.
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { getCACertificates } from 'node:tls';
import { AppError } from '../../api/errors.ts';
import { errnoOf } from '../errno.ts';

export interface GetRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The connection is given up when nothing came for so long. */
  readonly silenceMs: number;
  /** Plain http may follow https only when the bytes are checked by a checksum anyway. */
  readonly mayLoseEncryption: boolean;
  /** PEM, beside the authorities that are trusted anyway. */
  readonly authorities?: string;
  readonly signal?: AbortSignal;
}

/** A failure that may be gone on the next try. */
export class TransientError extends Error {}

const maxRedirects = 10;

/** The last answer after redirects, its body not yet read. Throws AppError ImageFetchFailed or TransientError. */
export async function httpGet(request: GetRequest): Promise<IncomingMessage> {
  let url = checkedUrl(request.url);
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await send(url, request);
    const location = response.headers.location;
    if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return response;
    response.destroy();
    const next = checkedUrl(new URL(location, url).href);
    if (url.protocol === 'https:' && next.protocol === 'http:' && !request.mayLoseEncryption)
      throw fetchFailed(
        `${plain(url)} redirects to ${plain(next)}, which is not encrypted.`,
        'Give the checksum of the image, so that nobody on the way can change it.',
      );
    url = next;
  }
  throw fetchFailed(`${plain(checkedUrl(request.url))} redirects more than ${maxRedirects} times.`, 'Use the address of the file itself.');
}

/** How a failed fetch is said. */
export function fetchFailed(message: string, fix: string, cause?: unknown): AppError {
  return new AppError('ImageFetchFailed', message, {
    causes: [{ reason: 'FetchFailed', field: 'spec.source.http.url', message, fix }],
    cause,
  });
}

/** Without user, password and query: those may be secrets, and messages end up in logs. */
export function plain(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

export function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  const message = `${JSON.stringify(text)} is not an address that begins with http:// or https://.`;
  throw new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field: 'spec.source.http.url', message }] });
}

function trusted(authorities: string | undefined): { readonly ca?: string[] } {
  return authorities === undefined ? {} : { ca: [...getCACertificates('default'), authorities] };
}

/** Node's and OpenSSL's words for a certificate that will not be better on the next try. */
const distrust = /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|ERR_TLS_CERT|SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY))/;

function failed(url: URL, error: Error): Error {
  if (error instanceof TransientError) return error;
  if (!distrust.test(errnoOf(error) ?? '')) return new TransientError(error.message, { cause: error });
  return fetchFailed(
    `The certificate of ${url.host} is not trusted: ${error.message}.`,
    'Name a ConfigMap with its authority in certConfigMap of the disk, or use another address.',
    error,
  );
}

async function send(url: URL, request: GetRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const options = {
      method: 'GET',
      headers: { 'user-agent': 'virtdeck', accept: '*/*', 'accept-encoding': 'identity', ...request.headers },
      // One connection for one file; the proxy is the one that the environment names (http_proxy, https_proxy, no_proxy).
      ...(url.protocol === 'https:'
        ? { agent: new https.Agent({ proxyEnv: process.env }), ...trusted(request.authorities) }
        : { agent: new http.Agent({ proxyEnv: process.env }) }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
    const outgoing = url.protocol === 'https:' ? https.request(url, options) : http.request(url, options);
    outgoing.setTimeout(request.silenceMs, () =>
      outgoing.destroy(new TransientError(`${url.host} sent nothing for ${request.silenceMs / 1000} s`)),
    );
    outgoing.once('response', resolve);
    outgoing.once('error', (error) => reject(failed(url, error)));
    outgoing.end();
  });
}
