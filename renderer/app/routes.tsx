// Owns which address shows which page; every page is a chunk of its own.
// Must not hold any page.
import { type ComponentType, lazy } from 'react';

export interface RouteRow {
  /** wouter pattern. */
  readonly path: string;
  readonly page: ComponentType;
  /** A page about this computer and its window is the same wherever the window works; one that clusters do not have is not shown there. */
  readonly belongs?: 'to the window' | 'to a workstation' | 'to a cluster';
}

export const routes: readonly RouteRow[] = [
  { path: '/machines', page: lazy(() => import('./pages/machines.tsx')) },
  { path: '/machines/:namespace/:name/:tab?', page: lazy(() => import('./pages/machine.tsx')) },
  { path: '/create/:way?', page: lazy(() => import('./pages/create.tsx')) },
  { path: '/disks', page: lazy(() => import('./pages/disks.tsx')) },
  { path: '/networks', page: lazy(() => import('./pages/networks.tsx')) },
  { path: '/nodes', page: lazy(() => import('./pages/nodes.tsx')) },
  { path: '/memory', page: lazy(() => import('./pages/memory.tsx')), belongs: 'to a workstation' },
  { path: '/host-devices/:view?/:address?', page: lazy(() => import('./pages/host-devices.tsx')), belongs: 'to a workstation' },
  { path: '/quotas', page: lazy(() => import('./pages/quotas.tsx')) },
  { path: '/certificates', page: lazy(() => import('./pages/certificates.tsx')), belongs: 'to a workstation' },
  { path: '/events', page: lazy(() => import('./pages/events.tsx')) },
  { path: '/cluster-objects', page: lazy(() => import('./pages/cluster-objects.tsx')), belongs: 'to a cluster' },
  { path: '/clusters', page: lazy(() => import('./pages/clusters.tsx')), belongs: 'to the window' },
  { path: '/settings', page: lazy(() => import('./pages/settings.tsx')), belongs: 'to the window' },
];

/** Detached consoles: no frame around them. */
export const bareRoutes: readonly RouteRow[] = [{ path: '/console/:namespace/:name', page: lazy(() => import('./pages/console.tsx')) }];

export const navigation = [
  'machines',
  'disks',
  'networks',
  'nodes',
  'memory',
  'host-devices',
  'quotas',
  'certificates',
  'events',
  'cluster-objects',
  'clusters',
  'settings',
] as const;
export type PageId = (typeof navigation)[number];

/** Whether a place has the page. */
export function isThere(id: PageId, isComputer: boolean): boolean {
  const belongs = routes.find(({ path }) => path.split('/')[1] === id)?.belongs;
  return belongs !== (isComputer ? 'to a cluster' : 'to a workstation');
}
