// Owns where the window works: the address names a connection or none, and everything inside gets the services of that place.
// Must not know any page.
import { Fragment, type ReactNode, useCallback, useMemo } from 'react';
import { Router, useLocation } from 'wouter';
import { ServicesProvider, useHome } from '../client/context.tsx';
import { useHomeObject, useLoaded } from '../client/hooks.ts';
import { connectionIn, placeBase } from '../client/place.ts';
import { ClusterAway } from './cluster-away.tsx';
import type { Home } from './services.ts';

export interface AtPlaceProps {
  readonly home: Home;
  readonly children: ReactNode;
}

export function AtPlace({ home, children }: AtPlaceProps) {
  const [address] = useLocation();
  const connection = connectionIn(address);
  if (connection === undefined) return <Fragment key="computer">{children}</Fragment>;
  return (
    <Router base={placeBase(connection)}>
      <AtCluster key={connection} home={home} connection={connection}>
        {children}
      </AtCluster>
    </Router>
  );
}

function AtCluster({ home, connection, children }: AtPlaceProps & { readonly connection: string }) {
  const { client } = useHome();
  const stored = useHomeObject({ resource: 'connections.virtdeck.io', name: connection });
  const report = useLoaded(
    useCallback((signal: AbortSignal) => client.connectionReport(connection, signal), [client, connection]),
    stored.object?.metadata.resourceVersion,
  );
  const usable = report.value?.usable === true ? report.value : undefined;
  const services = useMemo(
    () => (usable === undefined ? undefined : home.at({ connection, namespace: usable.namespace, report: usable })),
    [home, connection, usable],
  );
  // Who comes back sees the pages at once: a frame that is replaced when the cluster has answered would close an open menu.
  const shown = services ?? (report.phase === 'loading' ? home.lastAt(connection) : undefined);
  if (shown === undefined || stored.phase === 'missing') {
    return <ClusterAway connection={connection} isGone={stored.phase === 'missing'} report={report} onAgain={report.again} />;
  }
  return <ServicesProvider services={shown}>{children}</ServicesProvider>;
}
