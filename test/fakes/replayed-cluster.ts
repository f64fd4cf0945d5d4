// Owns a cluster that answers what was written down, over HTTP on the loopback, and keeps what it was asked.
// Must not decide anything: cluster-answers.ts has the answers.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clusterAnswers, forbiddenPaths } from './cluster-answers.ts';

export interface ReplayedCluster {
  readonly origin: string;
  /** `METHOD path` of every request, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export async function replayCluster(): Promise<ReplayedCluster> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://cluster');
    asked.push(`${request.method ?? ''} ${pathname}`);
    if (request.headers.authorization !== 'Bearer replay')
      return refuse(response, { code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
    if (pathname.endsWith('/selfsubjectaccessreviews')) return void allow(request, response);
    if (forbiddenPaths.includes(pathname)) {
      const message = `${pathname.split('/').at(-1) ?? ''} is forbidden: User "dev" cannot list resource`;
      return refuse(response, { code: 403, reason: 'Forbidden', message });
    }
    const answer = clusterAnswers[pathname];
    if (answer === undefined)
      return refuse(response, { code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' });
    // Nothing happens on this cluster: its watches stay open and say nothing.
    if (searchParams.get('watch') === 'true') {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      return;
    }
    send(response, 200, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Everything in its project, and nothing across all of them. */
async function allow(request: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const review = JSON.parse(Buffer.concat(chunks).toString()) as {
    readonly spec: { readonly resourceAttributes: { readonly namespace?: string } };
  };
  send(response, 201, { ...review, status: { allowed: review.spec.resourceAttributes.namespace === 'shop' } });
}

interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

function refuse(response: ServerResponse, { code, reason, message }: Refusal): void {
  send(response, code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message, code });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
