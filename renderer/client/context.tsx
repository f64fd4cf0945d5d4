// Owns handing the client to the window.
// Must not make one; app/main.tsx does.
import { createContext, type ReactNode, useContext } from 'react';
import type { Cache } from './cache.ts';
import type { Client } from './client.ts';
import type { ConnectionStore } from './connection.ts';
import type { Place } from './place.ts';
import type { RevisionFeed } from './revisions.ts';
import type { UsageStore } from './usage.ts';

export interface Services {
  readonly client: Client;
  readonly cache: Cache;
  readonly usage: UsageStore;
  readonly revisions: RevisionFeed;
  readonly connection: ConnectionStore;
  readonly place: Place;
}

const ServicesContext = createContext<Services | undefined>(undefined);
const HomeContext = createContext<Services | undefined>(undefined);

export function ServicesProvider({ services, children }: { readonly services: Services; readonly children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

/** The services of this computer: for itself, and for what belongs to the window wherever it works. */
export function HomeProvider({ services, children }: { readonly services: Services; readonly children: ReactNode }) {
  return (
    <HomeContext value={services}>
      <ServicesProvider services={services}>{children}</ServicesProvider>
    </HomeContext>
  );
}

/** Everything inside works on this computer, wherever the rest of the window does. */
export function AtHome({ children }: { readonly children: ReactNode }) {
  return <ServicesProvider services={useHome()}>{children}</ServicesProvider>;
}

export function useHome(): Services {
  const services = useContext(HomeContext);
  if (services === undefined) throw new Error('No HomeProvider above this component.');
  return services;
}

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error('No ServicesProvider above this component.');
  return services;
}

/** Where the window works. */
export function usePlace(): Place {
  return useServices().place;
}

/** What only a workstation has is left out where this is false. */
export function useIsComputer(): boolean {
  return usePlace().connection === undefined;
}

/** The API as typed calls. */
export function useClient(): Client {
  return useServices().client;
}
