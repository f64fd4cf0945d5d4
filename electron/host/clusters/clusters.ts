// Owns the ClusterPort: the API of clusters, reached with the user's own kubeconfig.
// Must not decide who may ask, nor which paths; the server does.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../api/errors.ts';
import type { ByteAddress, ClusterAnswer, ClusterPlace, ClusterPort, ClusterRequest, OutgoingBytes } from '../../engine/ports.ts';
import { askedAnswer } from './asked-answer.ts';
import { authoritiesOf, createWays, urlOf, type Way } from './credentials.ts';
import { readContext, readContexts } from './kubeconfig.ts';
import { lineFailure } from './line-failure.ts';
import { openWebSocket } from './web-socket.ts';

/** From the request to the first byte of its answer. A cluster far away answers within two. */
const answerMs = 20_000;

export function createClusters(): ClusterPort & { close(): void } {
  const ways = createWays();
  const request = async (place: ClusterPlace, asked: ClusterRequest): Promise<ClusterAnswer> => {
    const answer = await ask(await ways.find(place), asked);
    // The program that signs in may have something newer.
    if (answer.status === 401) ways.forget(place);
    return answer;
  };
  return {
    contexts: (kubeconfig) => readContexts(kubeconfig),
    context: async ({ kubeconfig, context }) => (await readContext(kubeconfig, context)).shown,
    request,
    async ask(place, { method, path, body, contentType = 'application/json' }) {
      const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': contentType }) };
      return askedAnswer(await request(place, { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }));
    },
    open: async (place, path) => openWebSocket(await ways.find(place), path),
    send: async (place, to, content) => sendBytes(await addressOptions(await ways.find(place), to), to, content),
    async receive(place, from) {
      const options = await addressOptions(await ways.find(place), from);
      return begun(new URL(from.url), { ...options, method: 'GET' }, {});
    },
    close: () => ways.close(),
  };
}

async function ask(way: Way, request: ClusterRequest): Promise<ClusterAnswer> {
  const { method, path, headers, body } = request;
  const options: RequestOptions = { method, headers: { ...headers, ...way.headers }, agent: way.agent };
  return begun(urlOf(way, path), options, {
    ...(body === undefined ? {} : { body }),
    ...(request.onBegin === undefined ? {} : { onBegin: request.onBegin }),
  });
}

type Beginning = Pick<ClusterRequest, 'body' | 'onBegin'>;

function begun(url: URL, options: RequestOptions, { body, onBegin }: Beginning): Promise<ClusterAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, withLength(options, body));
    const timer = setTimeout(() => outgoing.destroy(Object.assign(new Error('it took too long'), { code: 'ETIMEDOUT' })), answerMs);
    outgoing.once('error', (error) => {
      clearTimeout(timer);
      reject(lineFailure(url.origin, error));
    });
    outgoing.once('response', (incoming) => {
      clearTimeout(timer);
      resolve(answerOf(incoming));
    });
    onBegin?.(() => outgoing.destroy());
    outgoing.end(body);
  });
}

function withLength(options: RequestOptions, body: string | Uint8Array | undefined): RequestOptions {
  if (body === undefined) return options;
  return { ...options, headers: { ...(options.headers as Readonly<Record<string, string>>), 'content-length': Buffer.byteLength(body) } };
}

function answerOf(incoming: IncomingMessage): ClusterAnswer {
  // Whoever cancels has no use for the error that comes of it.
  incoming.on('error', () => undefined);
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(', ')] as const],
  );
  return {
    status: incoming.statusCode ?? 502,
    headers: Object.fromEntries(headers),
    body: incoming,
    cancel: () => incoming.destroy(),
  };
}

/** A new agent: the client certificate of the context is for its API server alone. */
async function addressOptions(way: Way, { headers, authorities }: ByteAddress): Promise<RequestOptions> {
  const verified = way.agent.options.rejectUnauthorized;
  return {
    headers: { ...headers },
    agent: new Agent({
      keepAlive: false,
      ca: authoritiesOf(way, authorities),
      ...(verified === undefined ? {} : { rejectUnauthorized: verified }),
    }),
  };
}

/** What an upload proxy says of a refusal fits in a sentence. */
const maxWords = 500;

async function sendBytes(options: RequestOptions, to: ByteAddress, { bytes, totalBytes, onBegin }: OutgoingBytes): Promise<void> {
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
