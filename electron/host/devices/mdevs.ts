// Owns reading the mediated devices that were made of cards: one folder each, named by its uuid.
// Must not make or remove any.
import path from 'node:path';
import type { MdevDevice } from '../../api/host-devices.ts';
import { defined } from './pci.ts';
import { pciAddressesIn, type Sysfs } from './sysfs.ts';

const bus = '/sys/bus/mdev/devices';

export async function readMdevs(sysfs: Sysfs): Promise<readonly MdevDevice[]> {
  const found = await Promise.all(
    (await sysfs.names(bus)).map(async (uuid): Promise<MdevDevice | undefined> => {
      const [real, typeId, typeName] = await Promise.all([
        sysfs.real(`${bus}/${uuid}`),
        sysfs.linkName(`${bus}/${uuid}/mdev_type`),
        sysfs.text(`${bus}/${uuid}/mdev_type/name`),
      ]);
      const parent = pciAddressesIn(path.dirname(real ?? '')).at(-1);
      return parent === undefined || typeId === undefined ? undefined : { uuid, parent, typeId, ...defined({ typeName }) };
    }),
  );
  return found.filter((mdev) => mdev !== undefined);
}
