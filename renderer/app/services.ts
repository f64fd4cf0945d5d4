// Owns putting the client side together: one transport, one cache, one usage stream for the window.
// Must not be called twice.
import { createCache } from '../client/cache.ts';
import { createClient } from '../client/client.ts';
import { connectTransport } from '../client/connect.ts';
import { createConnectionStore } from '../client/connection.ts';
import type { Services } from '../client/context.tsx';
import { createRevisionFeed } from '../client/revisions.ts';
import { pause } from '../client/timing.ts';
import { createUsageStore } from '../client/usage.ts';

export async function createServices(page: Window): Promise<Services> {
  const client = createClient(await connectTransport(page));
  const connection = createConnectionStore();
  const usage = createUsageStore({
    open: (signal) => client.usage(signal),
    wait: pause,
    hidden: () => page.document.hidden,
    onVisibility: (listener) => page.document.addEventListener('visibilitychange', listener),
  });
  const revisions = createRevisionFeed({ open: (signal) => client.watchRevisions(signal), wait: pause });
  return { client, connection, usage, revisions, cache: createCache(client, connection) };
}
