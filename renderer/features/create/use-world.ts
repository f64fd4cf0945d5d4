// Owns asking for what the wizard needs to know, and keeping it fresh.
// Must not decide anything.
import { useCallback, useMemo } from 'react';
import { useClient } from '../../client/context.tsx';
import { type Loaded, useList, useLoaded } from '../../client/hooks.ts';
import type { CatalogImage } from '../../../electron/api/computer.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import type { World } from './suggestions.ts';
import { worldOf } from './world.ts';

export interface Surroundings {
  readonly world: World;
  readonly catalog: Loaded<readonly CatalogImage[]>;
  /** Of this project. */
  readonly claims: readonly PersistentVolumeClaim[];
}

export function useSurroundings(namespace: string): Surroundings {
  const client = useClient();
  const machines = useList('virtualmachines.kubevirt.io').items;
  const instances = useList('virtualmachineinstances.kubevirt.io').items;
  const volumes = useList('datavolumes.cdi.kubevirt.io').items;
  const claims = useList('persistentvolumeclaims').items;
  const secrets = useList('secrets').items;
  const networks = useList('network-attachment-definitions.k8s.cni.cncf.io').items;
  const { value: computer } = useLoaded(useCallback((signal: AbortSignal) => client.computer(signal), [client]));
  const { value: devices } = useLoaded(useCallback((signal: AbortSignal) => client.hostDevices(signal), [client]));
  const catalog = useLoaded(useCallback((signal: AbortSignal) => client.catalog(signal), [client]));
  const world = useMemo(
    () => worldOf({ namespace, machines, instances, volumes, claims, secrets, networks, computer, devices }),
    [namespace, machines, instances, volumes, claims, secrets, networks, computer, devices],
  );
  const own = useMemo(() => claims.filter(({ metadata }) => metadata.namespace === namespace), [claims, namespace]);
  return { world, catalog, claims: own };
}
