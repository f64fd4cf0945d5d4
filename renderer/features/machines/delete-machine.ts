// Owns deleting a machine: with its disks, or so that they stay.
// Must not ask; the dialog does.
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import type { Client, Key } from '../../client/client.ts';
import { ownedBy } from './machine-disks.ts';
import type { MachineView } from './machine-view.ts';

export interface DeleteRequest {
  readonly machine: MachineView;
  /** Names of the DataVolumes and claims to delete too; all others are kept. */
  readonly disks: readonly string[];
}

type Volume = DataVolume | PersistentVolumeClaim;

export async function deleteMachine(client: Client, { machine, disks }: DeleteRequest): Promise<void> {
  const { namespace, name, vm } = machine;
  const [dataVolumes, claims] = await Promise.all([
    client.list('datavolumes.cdi.kubevirt.io', { namespace }),
    client.list('persistentvolumeclaims', { namespace }),
  ]);
  const volumes: readonly Volume[] = [...dataVolumes.items, ...claims.items];
  const owners = new Set([vm.metadata.uid, ...dataVolumes.items.map(({ metadata }) => metadata.uid)]);
  // What belongs to the machine would go with it: disks that stay are cut loose first.
  for (const volume of volumes) {
    if (!disks.includes(volume.metadata.name) && ownedBy(volume, vm.metadata.uid)) await cutLoose(client, volume, vm.metadata.uid);
  }
  await client.delete({ resource: 'virtualmachines.kubevirt.io', namespace, name }, { propagation: 'Background' });
  for (const volume of volumes) {
    // A claim goes with its DataVolume, a DataVolume with its machine: only what nobody takes along is deleted by name.
    const goesAlong = volume.metadata.ownerReferences?.some(({ uid }) => owners.has(uid)) === true;
    if (disks.includes(volume.metadata.name) && !goesAlong) await client.delete(keyOf(volume));
  }
}

async function cutLoose(client: Client, volume: Volume, uid: string): Promise<void> {
  const { resourceVersion, ownerReferences = [] } = volume.metadata;
  const kept = ownerReferences.filter((owner) => owner.uid !== uid);
  await client.patch(keyOf(volume), { metadata: { resourceVersion, ownerReferences: kept.map((owner) => ({ ...owner })) } });
}

function keyOf({ kind, metadata: { namespace, name } }: Volume): Key<'datavolumes.cdi.kubevirt.io' | 'persistentvolumeclaims'> {
  return { resource: kind === 'DataVolume' ? 'datavolumes.cdi.kubevirt.io' : 'persistentvolumeclaims', namespace, name };
}
