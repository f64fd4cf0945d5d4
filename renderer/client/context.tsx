// Owns handing the client to the window.
// Must not make one; app/main.tsx does.
import { createContext, type ReactNode, useContext } from 'react';
import type { Cache } from './cache.ts';
import type { Client } from './client.ts';
import type { ConnectionStore } from './connection.ts';
import type { RevisionFeed } from './revisions.ts';
import type { UsageStore } from './usage.ts';

export interface Services {
  readonly client: Client;
  readonly cache: Cache;
  readonly usage: UsageStore;
  readonly revisions: RevisionFeed;
  readonly connection: ConnectionStore;
}

const ServicesContext = createContext<Services | undefined>(undefined);

export function ServicesProvider({ services, children }: { readonly services: Services; readonly children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error('No ServicesProvider above this component.');
  return services;
}

/** The API as typed calls. */
export function useClient(): Client {
  return useServices().client;
}
