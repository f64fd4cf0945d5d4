// Owns asking how this computer is parted and who has what, again whenever a machine gets or gives back its place.
// Must not place anything.
import { useCallback } from 'react';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { NodeMap } from '../../../electron/api/node-map.ts';
import { useClient, useIsComputer } from '../../client/context.tsx';
import { type Loaded, useList, useLoaded } from '../../client/hooks.ts';

/** A cluster has no such map. */
export function useNodeMap(): Loaded<NodeMap | undefined> {
  const client = useClient();
  const vmis = useList('virtualmachineinstances.kubevirt.io').items;
  const nodes = useList('nodes').items;
  const isComputer = useIsComputer();
  const load = useCallback(async (signal: AbortSignal) => (isComputer ? client.nodeMap({ signal }) : undefined), [client, isComputer]);
  const version = [...vmis.map(placeOf), ...nodes.map(({ metadata }) => metadata.resourceVersion)].join(' ');
  return useLoaded(load, version);
}

function placeOf({ metadata, status }: VirtualMachineInstance): string {
  return `${metadata.uid}@${status?.nodeName ?? ''}/${status?.phase ?? ''}/${metadata.generation}`;
}
