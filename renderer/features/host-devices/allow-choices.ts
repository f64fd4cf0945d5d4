// Owns what of this computer can be put on the allow list, and what a selector stands for here.
// Must not say who may have it.
import type { HostDeviceReport, PciDevice, UsbDevice } from '../../../electron/api/host-devices.ts';
import { type AllowDraft, type AllowList, mdevDraft, pciDraft, usbDraft } from './allow-list.ts';
import { nameOf } from '../../ui/device-groups.ts';
import { isMdevType } from '../../../electron/api/mdev-type.ts';

type Report = Pick<HostDeviceReport, 'pci' | 'groups' | 'usb' | 'mdevs' | 'mdevParents'>;

export interface AllowChoice {
  readonly draft: AllowDraft;
  readonly label: string;
}

/** Devices with the same ids are one choice. */
export function allowChoices(report: Report, list: AllowList): readonly AllowChoice[] {
  const found = list === 'pciHostDevices' ? pciChoices(report) : list === 'mediatedDevices' ? mdevChoices(report) : usbChoices(report);
  return [...new Map(found.map((choice) => [choice.draft.selector, choice])).values()].toSorted((a, b) => a.label.localeCompare(b.label));
}

function pciChoices({ pci, groups }: Report): readonly AllowChoice[] {
  // Bridges are in no group.
  const grouped = new Set(groups.flatMap(({ addresses }) => addresses));
  return pci.filter(({ address }) => grouped.has(address)).map((device) => ({ draft: pciDraft(device), label: nameOf(device) }));
}

function mdevChoices({ pci, mdevParents }: Report): readonly AllowChoice[] {
  return mdevParents.flatMap((parent) => {
    const card = pci.find(({ address }) => address === parent.name);
    const name = card === undefined ? parent.name : nameOf(card);
    return parent.types.map((type) => ({ draft: mdevDraft(type, card), label: `${type.name ?? type.id} · ${name}` }));
  });
}

function usbChoices({ usb }: Report): readonly AllowChoice[] {
  return usb.map((device) => ({ draft: usbDraft(device), label: usbName(device) }));
}

export function usbName({ names, vendorId, productId }: UsbDevice): string {
  const name = [names.vendor, names.product].filter(Boolean).join(' ');
  return name === '' ? `${vendorId}:${productId}` : name;
}

export interface Selected {
  readonly address: string;
  /** Whether a machine could have it as it is. */
  readonly isReady: boolean;
}

/** What a selector stands for on this computer, now. */
export function selectedHere(report: Report, { list, selector }: AllowDraft): readonly Selected[] {
  const wanted = selector.trim().toLowerCase();
  switch (list) {
    case 'pciHostDevices':
      return report.pci.filter((device) => idsOf(device) === wanted).map(({ address, driver }) => ({ address, isReady: isVfio(driver) }));
    case 'mediatedDevices':
      return report.mdevs
        .filter(({ typeId, typeName }) => isMdevType({ id: typeId, name: typeName }, wanted))
        .map(({ uuid, vfioAccess }) => ({ address: uuid, isReady: vfioAccess !== false }));
    case 'usbHostDevices':
    case 'usb': {
      const ids = wanted.split(',').map((one) => one.trim());
      return report.usb
        .filter(({ vendorId, productId }) => ids.includes(`${vendorId}:${productId}`))
        .map(({ port, access }) => ({ address: port, isReady: access !== false }));
    }
  }
}

function idsOf({ vendorId, deviceId }: PciDevice): string {
  return `${vendorId}:${deviceId}`;
}

function isVfio(driver: string | undefined): boolean {
  return driver?.startsWith('vfio') === true;
}
