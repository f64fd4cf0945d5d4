// Owns putting the client side together: one transport for the window; a cache and a usage stream for each place that it works on.
// Must not be called twice.
import { createCache } from '../client/cache.ts';
import { createClient } from '../client/client.ts';
import { connectTransport } from '../client/connect.ts';
import { createConnectionStore } from '../client/connection.ts';
import type { Services } from '../client/context.tsx';
import { createRevisionFeed } from '../client/revisions.ts';
import { type Place, thisComputer } from '../client/place.ts';
import { throughConnection } from '../client/through-connection.ts';
import { pause } from '../client/timing.ts';
import type { Transport } from '../client/transport.ts';
import { createUsageStore } from '../client/usage.ts';

export interface Home {
  /** Of this computer. */
  readonly services: Services;
  /** Of a connection: the same ones for the same place. */
  at(place: Place & { readonly connection: string }): Services;
  /** What `at` gave last for a connection. */
  lastAt(connection: string): Services | undefined;
}

export async function connectHome(page: Window): Promise<Home> {
  const transport = await connectTransport(page);
  const clusters = new Map<string, Services>();
  const last = new Map<string, Services>();
  return {
    services: createServices(page, transport, thisComputer),
    at(place) {
      const id = JSON.stringify([place.connection, place.namespace, place.report?.everywhere]);
      const services = clusters.get(id) ?? createServices(page, throughConnection(transport, place.connection), place);
      clusters.set(id, services);
      last.set(place.connection, services);
      return services;
    },
    lastAt: (connection) => last.get(connection),
  };
}

function createServices(page: Window, transport: Transport, place: Place): Services {
  const client = createClient(transport);
  const connection = createConnectionStore();
  const usage = createUsageStore({
    open: (signal) => client.usage(signal),
    wait: pause,
    hidden: () => page.document.hidden,
    onVisibility: (listener) => page.document.addEventListener('visibilitychange', listener),
  });
  const revisions = createRevisionFeed({ open: (signal) => client.watchRevisions(signal), wait: pause });
  const listed = place.report === undefined || place.report.everywhere ? undefined : place.namespace;
  return { client, connection, usage, revisions, cache: createCache(client, connection, listed), place };
}
