// Owns finding disks that nothing in the store names: what could be deleted to make room.
// Must not delete any; whoever presses the button does.
import { annotations } from '../api/annotations.ts';
import type { KubeObject, ResourceId } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { UnusedDisk } from '../core/facts.ts';
import type { EngineContext } from './context.ts';
import { readAll } from './typed.ts';

/** What may need a disk without using it now: machines that are off, snapshots, journeys, copies made of it. */
const users: readonly ResourceId[] = [
  resources.virtualMachines,
  resources.virtualMachineInstances,
  resources.pools,
  resources.replicaSets,
  resources.snapshots,
  resources.snapshotContents,
  resources.restores,
  resources.transfers,
  resources.exports,
  resources.dataVolumes,
];

/** The largest first. Any mention spares a disk: a name too many is harmless, one too few is not. */
export async function unusedDisks({ store, host }: Pick<EngineContext, 'store' | 'host'>): Promise<readonly UnusedDisk[]> {
  const volumes = readAll(store, resources.dataVolumes);
  const texts = users.flatMap((resource) => store.list(resource)).map((object) => ({ object, text: JSON.stringify(object) }));
  const free = readAll(store, resources.persistentVolumeClaims).filter(
    (claim) =>
      claim.status?.phase === 'Bound' &&
      claim.metadata.deletionTimestamp === undefined &&
      !texts.some(({ object, text }) => !isSameDisk(object, claim) && text.includes(JSON.stringify(claim.metadata.name))),
  );
  const sized = await Promise.all(
    free.map(async (claim): Promise<UnusedDisk> => {
      const path = claim.metadata.annotations?.[annotations.diskPath];
      const bytes = path === undefined ? 0 : await host.disks.usedBytes(path);
      const hasDataVolume = volumes.some((volume) => isSameDisk(volume, claim));
      return { namespace: claim.metadata.namespace ?? 'default', name: claim.metadata.name, bytes, hasDataVolume };
    }),
  );
  return sized.filter(({ bytes }) => bytes > 0).toSorted((a, b) => b.bytes - a.bytes);
}

/** A DataVolume and the claim that it fills have one name. */
function isSameDisk({ kind, metadata }: KubeObject, claim: KubeObject): boolean {
  return kind === 'DataVolume' && metadata.name === claim.metadata.name && metadata.namespace === claim.metadata.namespace;
}
