// Owns reading USB devices from sysfs. Hubs are part of the computer, and are left out.
// Must not judge or change them.
import type { UsbDevice } from '../../api/host-devices.ts';
import { type PlacedUse, usesOf } from './host-uses.ts';
import type { NameBooks } from './ids-file.ts';
import { defined } from './pci.ts';
import type { Sysfs } from './sysfs.ts';

const bus = '/sys/bus/usb/devices';

export async function readUsbDevices(sysfs: Sysfs, books: NameBooks, uses: readonly PlacedUse[]): Promise<readonly UsbDevice[]> {
  const [entries, names] = await Promise.all([sysfs.names(bus), books.usb()]);
  // `usb1` is a controller's own hub, `1-2:1.0` an interface of a device.
  const ports = entries.filter((name) => /^\d+-\d+(?:\.\d+)*$/.test(name));
  const devices = await Promise.all(
    ports.map(async (port): Promise<UsbDevice | undefined> => {
      const folder = `${bus}/${port}`;
      const [vendorId, productId, deviceClass, busNumber, device, serial, speed, maker, product] = await Promise.all([
        sysfs.text(`${folder}/idVendor`),
        sysfs.text(`${folder}/idProduct`),
        sysfs.text(`${folder}/bDeviceClass`),
        sysfs.number(`${folder}/busnum`),
        sysfs.number(`${folder}/devnum`),
        sysfs.text(`${folder}/serial`),
        sysfs.text(`${folder}/speed`),
        sysfs.text(`${folder}/manufacturer`),
        sysfs.text(`${folder}/product`),
      ]);
      if (vendorId === undefined || productId === undefined || deviceClass === '09') return undefined;
      const access = await sysfs.mayOpen(`/dev/bus/usb/${threeDigits(busNumber)}/${threeDigits(device)}`);
      const interfaces = entries.filter((name) => name.startsWith(`${port}:`));
      const drivers = await Promise.all(interfaces.map((name) => sysfs.linkName(`${bus}/${name}/driver`)));
      return {
        port,
        bus: busNumber ?? 0,
        device: device ?? 0,
        vendorId,
        productId,
        names: defined({
          vendor: names.vendor(vendorId) ?? maker?.trim(),
          product: names.device(vendorId, productId) ?? product?.trim(),
        }),
        ...defined({ access, serial, speedMbps: speed === undefined ? undefined : Number(speed) }),
        drivers: [...new Set(drivers.filter((driver) => driver !== undefined))],
        hostUses: usesOf(uses, { port }),
      };
    }),
  );
  return devices.filter((device) => device !== undefined);
}

function threeDigits(number = 0): string {
  return String(number).padStart(3, '0');
}
