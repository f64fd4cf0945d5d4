// Owns the HostDevicePort: this computer's PCI and USB devices and its IOMMU, read anew each time.
// Must not judge them; what it changes, the privileged program does.
import type { HostDeviceFacts } from '../../api/host-devices.ts';
import type { HostDevicePort } from '../../engine/ports.ts';
import { createBindings } from './bindings.ts';
import { findHostUses } from './host-uses.ts';
import { createNameBooks } from './ids-file.ts';
import { readIommu } from './iommu.ts';
import { allowLocking, lockLimitBytes } from './lock-limit.ts';
import { readMdevParents, readMdevs } from './mdevs.ts';
import { readPciDevices } from './pci.ts';
import { createSysfs } from './sysfs.ts';
import { readUsbDevices } from './usb.ts';
import { readFunctions } from './virtual-functions.ts';

/** `root`: below which /sys, /proc, /dev and /usr/share are read; the kernel itself is asked of this computer alone. */
export function createHostDevices(root = '/'): HostDevicePort {
  const sysfs = createSysfs(root);
  const books = createNameBooks(sysfs);
  return {
    ...createBindings(sysfs),
    lockLimitBytes,
    allowLocking,
    functionSettings: (card) => (root === '/' ? readFunctions(sysfs, `/sys/bus/pci/devices/${card}`) : Promise.resolve(new Map())),
    async facts(): Promise<HostDeviceFacts> {
      const uses = await findHostUses(sysfs);
      const [pci, usb, iommu, mdevs, mdevParents] = await Promise.all([
        readPciDevices({ sysfs, books, uses }),
        readUsbDevices(sysfs, books, uses),
        readIommu(sysfs),
        readMdevs(sysfs),
        readMdevParents(sysfs),
      ]);
      return { pci, usb, iommu, ...(mdevs.length === 0 ? {} : { mdevs }), ...(mdevParents.length === 0 ? {} : { mdevParents }) };
    },
  };
}
