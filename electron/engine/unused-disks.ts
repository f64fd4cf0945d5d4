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
  const named = usersByName(users.flatMap((resource) => store.list(resource)));
  const free = readAll(store, resources.persistentVolumeClaims).filter(
    (claim) =>
      claim.status?.phase === 'Bound' &&
      claim.metadata.deletionTimestamp === undefined &&
      (named.get(claim.metadata.name) ?? []).every((object) => isSameDisk(object, claim)),
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

/** By every text in them, keys too: a walk through all, and not one for each disk. */
function usersByName(objects: readonly KubeObject[]): ReadonlyMap<string, readonly KubeObject[]> {
  const named = new Map<string, KubeObject[]>();
  for (const object of objects) {
    for (const text of textsIn(object)) {
      const known = named.get(text);
      if (known === undefined) named.set(text, [object]);
      else known.push(object);
    }
  }
  return named;
}

function textsIn(object: KubeObject): ReadonlySet<string> {
  const texts = new Set<string>();
  JSON.stringify(object, (key, value: unknown) => {
    texts.add(key);
    if (typeof value === 'string') texts.add(value);
    return value;
  });
  return texts;
}

/** A DataVolume and the claim that it fills have one name. */
function isSameDisk({ kind, metadata }: KubeObject, claim: KubeObject): boolean {
  return kind === 'DataVolume' && metadata.name === claim.metadata.name && metadata.namespace === claim.metadata.namespace;
}
