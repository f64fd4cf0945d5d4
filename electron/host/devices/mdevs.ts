// Owns reading mediated devices: what they can be made of, and those that were made, one folder each, named by its uuid.
// Must not make or remove any; the privileged program does.
import path from 'node:path';
import type { MdevDevice, MdevParent, MdevType } from '../../api/host-devices.ts';
import { helperRunFolder } from './bindings.ts';
import { defined } from './pci.ts';
import type { Sysfs } from './sysfs.ts';

const devices = '/sys/bus/mdev/devices';
const parents = '/sys/class/mdev_bus';

export async function readMdevs(sysfs: Sysfs): Promise<readonly MdevDevice[]> {
  const uid = String(process.geteuid?.() ?? 0);
  const found = await Promise.all(
    (await sysfs.names(devices)).map(async (uuid): Promise<MdevDevice | undefined> => {
      const folder = `${devices}/${uuid}`;
      const [real, typeId, typeName, group, owner] = await Promise.all([
        sysfs.real(folder),
        sysfs.linkName(`${folder}/mdev_type`),
        sysfs.text(`${folder}/mdev_type/name`),
        sysfs.linkName(`${folder}/iommu_group`),
        sysfs.text(`${helperRunFolder}/mdev-${uuid}`),
      ]);
      // It was removed between two looks.
      if (real === undefined || typeId === undefined) return undefined;
      const vfioAccess = group === undefined ? undefined : await sysfs.mayOpen(`/dev/vfio/${group}`);
      return {
        uuid,
        parent: path.basename(path.dirname(real)),
        typeId,
        ...defined({ typeName }),
        isOurs: owner === uid,
        ...defined({ vfioDevice: vfioAccess === undefined ? undefined : `/dev/vfio/${group ?? ''}`, vfioAccess }),
      };
    }),
  );
  return found.filter((mdev) => mdev !== undefined);
}

export async function readMdevParents(sysfs: Sysfs): Promise<readonly MdevParent[]> {
  return Promise.all(
    (await sysfs.names(parents)).map(async (name): Promise<MdevParent> => {
      const folder = `${parents}/${name}`;
      const [numaNode, types] = await Promise.all([
        sysfs.number(`${folder}/numa_node`),
        readTypes(sysfs, `${folder}/mdev_supported_types`),
      ]);
      return { name, ...defined({ numaNode: numaNode === undefined || numaNode < 0 ? undefined : numaNode }), types };
    }),
  );
}

async function readTypes(sysfs: Sysfs, folder: string): Promise<readonly MdevType[]> {
  return Promise.all(
    (await sysfs.names(folder)).map(async (id): Promise<MdevType> => {
      const [name, description, available] = await Promise.all([
        sysfs.text(`${folder}/${id}/name`),
        sysfs.text(`${folder}/${id}/description`),
        sysfs.number(`${folder}/${id}/available_instances`),
      ]);
      return { id, ...defined({ name, description }), availableInstances: available ?? 0 };
    }),
  );
}
