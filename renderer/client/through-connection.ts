// Owns sending everything that the window asks through a connection of the core, to the API of its cluster.
// Must not be known to any page: a client made over it has the same calls.
import type { Status } from '../../electron/api/errors.ts';
import { virtdeckRoot } from './paths.ts';
import type { Transport } from './transport.ts';

export function throughConnection(transport: Transport, connection: string): Transport {
  const prefix = `${virtdeckRoot}/connections/${encodeURIComponent(connection)}/proxy`;
  return {
    async fetch(path, init = {}) {
      // What only a workstation has is not asked of a cluster.
      if (path.startsWith(`${virtdeckRoot}/`)) return init.endless === true ? silence(init.signal) : onlyHere(path);
      return transport.fetch(prefix + path, init);
    },
    open: (path) => transport.open(prefix + path),
    // The line is that of the whole window.
    close: () => undefined,
  };
}

function onlyHere(path: string): Response {
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'NotFound',
    code: 404,
    message: `Only a workstation has ${path.slice(virtdeckRoot.length + 1).split('?')[0]}, a cluster has not.`,
  };
  return Response.json(status, { status: 404 });
}

/** Figures that never come: whoever listens for them has nothing to try again. */
function silence(signal: AbortSignal | undefined): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        signal?.addEventListener('abort', () => controller.close(), { once: true });
      },
    }),
    { headers: { 'content-type': 'application/json' } },
  );
}
