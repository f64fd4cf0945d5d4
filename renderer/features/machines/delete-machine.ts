// Owns deleting a machine: with its disks, or so that they stay.
// Must not ask; the dialog does.
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import { ApiError } from '../../client/api-error.ts';
import type { Client, Key } from '../../client/client.ts';
import { ownedBy } from './machine-disks.ts';
import type { MachineView } from './machine-view.ts';

export interface DeleteRequest {
  readonly machine: MachineView;
  /** Names of the DataVolumes and claims to delete too; all others are kept. */
  readonly disks: readonly string[];
}

type DiskKey = Key<'datavolumes.cdi.kubevirt.io' | 'persistentvolumeclaims'>;

export async function deleteMachine(client: Client, { machine, disks }: DeleteRequest): Promise<void> {
  const { namespace, name, vm } = machine;
  const [dataVolumes, claims] = await Promise.all([
    client.list('datavolumes.cdi.kubevirt.io', { namespace }),
    client.list('persistentvolumeclaims', { namespace }),
  ]);
  // What belongs to the machine would go with it: disks that stay are cut loose first.
  for (const volume of [...dataVolumes.items, ...claims.items]) {
    if (!disks.includes(volume.metadata.name) && ownedBy(volume, vm.metadata.uid)) await cutLoose(client, volume, vm.metadata.uid);
  }
  await client.delete({ resource: 'virtualmachines.kubevirt.io', namespace, name }, { propagation: 'Background' });
  for (const disk of disks) {
    await deleteIfThere(client, { resource: 'datavolumes.cdi.kubevirt.io', namespace, name: disk });
    await deleteIfThere(client, { resource: 'persistentvolumeclaims', namespace, name: disk });
  }
}

async function cutLoose(client: Client, volume: DataVolume | PersistentVolumeClaim, uid: string): Promise<void> {
  const { namespace, name, resourceVersion, ownerReferences = [] } = volume.metadata;
  const resource = volume.kind === 'DataVolume' ? 'datavolumes.cdi.kubevirt.io' : 'persistentvolumeclaims';
  const kept = ownerReferences.filter((owner) => owner.uid !== uid);
  await client.patch(
    { resource, namespace, name },
    { metadata: { resourceVersion, ownerReferences: kept.map((owner) => ({ ...owner })) } },
  );
}

async function deleteIfThere(client: Client, key: DiskKey): Promise<void> {
  try {
    await client.delete(key);
  } catch (error) {
    // A claim goes with its DataVolume, a DataVolume with its machine: gone is what was asked for.
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}
