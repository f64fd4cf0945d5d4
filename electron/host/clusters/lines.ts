// Owns the lines to the API of clusters, reached with the user's own kubeconfig.
// Must not decide who may ask, nor which paths; the server does.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import { receiveBytes, sendBytes } from './disk-bytes.ts';
import type { ByteAddress, ClusterAnswer, ClusterPlace, ClusterPort, ClusterRequest } from '../../engine/ports.ts';
import { askedAnswer } from './asked-answer.ts';
import { authoritiesOf, createWays, urlOf, type Way } from './credentials.ts';
import { readContext, readContexts, refused } from './kubeconfig.ts';
import { lineFailure } from './line-failure.ts';
import { openWebSocket } from './web-socket.ts';

/** From the request to the first byte of its answer. A cluster far away answers within two. */
const answerMs = 20_000;

export function createLines(): ClusterPort & { close(): void } {
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
    receive: async (place, from, options) => receiveBytes(await addressOptions(await ways.find(place), from), from, options),
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
async function addressOptions(way: Way, { url, headers, authorities }: ByteAddress): Promise<RequestOptions> {
  // The cluster told us where: a disk and its token do not go there in the clear, nor to what is no server at all.
  if (!url.startsWith('https:') && way.server.protocol === 'https:') {
    const message = `${url.slice(0, 200)} is not spoken to: it is no HTTPS address.`;
    throw refused('ServiceUnavailable', 'spec.connection', { message, fix: 'Ask the administrator of the cluster for one.' });
  }
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
