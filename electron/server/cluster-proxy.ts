// Owns the way through this core to a connection's cluster: which paths, which headers, whose role.
// Must not add credentials; the host does, from the user's kubeconfig.
import { AppError } from '../api/errors.ts';
import type { ClusterAnswer } from '../engine/ports.ts';
import { askedBy, checkAccess } from './access.ts';
import { maxBodyBytes, readBytes } from './body.ts';
import type { Caller, Parts } from './exchange.ts';
import { isObjectName } from './object-name.ts';
import { flag } from './query.ts';
import { watchLines } from './watch-lines.ts';

/** What is meant by `/apis/virtdeck.io/v1alpha1/connections/NAME/proxy/apis/…`. */
export interface Proxied {
  readonly connection: string;
  /** Of the cluster, without a query. */
  readonly path: string;
}

const prefix = /^\/apis\/virtdeck\.io\/v1alpha1\/connections\/([^/]+)\/proxy(\/.*)$/;
/** Kubernetes' API and nothing beside it: what a pod or a node serves behind the API server is anybody's page. */
const roots = /^\/(?:api|apis|openapi)(?:\/|$)|^\/(?:version|healthz|readyz|livez)$/;
const passages = /\/(?:proxy|exec|attach)(?:\/|$)|\/pods\/[^/]+\/portforward$/;

/** Undefined for every other path. Throws BadRequest or Forbidden for what is no path of an API. */
export function proxied(pathname: string): Proxied | undefined {
  const [, connection, path] = prefix.exec(pathname) ?? [];
  if (connection === undefined || path === undefined) return undefined;
  const name = decodeURIComponent(connection);
  if (!isObjectName(name)) throw new AppError('BadRequest', `${JSON.stringify(name)} cannot be the name of a connection`);
  if (path.includes('//') || /%(?:2f|5c|00)/i.test(path) || path.split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part))) {
    throw new AppError('BadRequest', `the path ${JSON.stringify(path.slice(0, 200))} cannot be sent on`);
  }
  if (roots.test(path) && !passages.test(path)) return { connection: name, path };
  const message = `${path.slice(0, 200)} is not sent on to a cluster: only its API is.`;
  throw new AppError('Forbidden', message, { causes: [{ reason: 'Forbidden', field: 'path', message }] });
}

/** What a caller may say. Everything else could name another user, or leave by another door. */
const sentHeaders = ['accept', 'content-type'];
/** What a cluster may say. A cookie or a redirect of its would count as ours. */
const keptHeaders = ['content-type', 'warning', 'retry-after'];
/** Types that no browser runs. */
const plainTypes =
  /^(?:application\/(?:json|yaml|[\w.+-]*protobuf|octet-stream|com\.github\.proto-openapi[\w.@+-]*)|text\/plain|image\/png)(?:;|$)/;

export async function proxyRequest(
  { engine }: Parts,
  { connection, path }: Proxied,
  asked: { readonly request: Request; readonly caller: Caller },
): Promise<Response> {
  const { request, caller } = asked;
  const { search, searchParams } = new URL(request.url);
  const watch = flag(searchParams, 'watch') === true;
  // What somebody may not do here is not done there in his place either.
  checkAccess(caller, askedBy(request.method, path, watch));
  const body = await readBytes(request, maxBodyBytes);
  const answer = await engine.clusters.request(connection, {
    method: request.method,
    path: `${path}${search}`,
    headers: { 'user-agent': 'virtdeck', ...picked(Object.fromEntries(request.headers), sentHeaders) },
    ...(body.byteLength === 0 ? {} : { body }),
    onBegin: (cancel) => request.signal.addEventListener('abort', cancel, { once: true }),
  });
  return responseOf(answer, watch);
}

function responseOf(answer: ClusterAnswer, watch: boolean): Response {
  const { status } = answer;
  if (status < 200 || (status >= 300 && status < 400)) {
    answer.cancel();
    throw new AppError('ServiceUnavailable', `The cluster answers with a redirection (${status}), which an API does not.`);
  }
  const headers = new Headers({
    ...picked(answer.headers, keptHeaders),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
  if (!plainTypes.test(headers.get('content-type') ?? '')) headers.set('content-type', 'application/octet-stream');
  if (status === 204 || status === 205) return new Response(null, { status, headers });
  const isWatch = watch && status === 200;
  if (isWatch) headers.set('content-type', 'application/json;stream=watch');
  return new Response(streamOf(isWatch ? { ...answer, body: watchLines(answer.body) } : answer), { status, headers });
}

function streamOf(answer: ClusterAnswer): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = answer.body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel: () => answer.cancel(),
  });
}

function picked(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}
