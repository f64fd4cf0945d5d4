// Owns reading PCI devices from sysfs.
// Must not judge or change them.
import type { LinkFact, PciDevice, SriovFact, SriovNetwork } from '../../api/host-devices.ts';
import { type PlacedUse, usesOf } from './host-uses.ts';
import type { IdNames, NameBooks } from './ids-file.ts';
import { type Sysfs, pciAddressesIn } from './sysfs.ts';
import { functionLinks } from './virtual-functions.ts';

const bus = '/sys/bus/pci/devices';

export interface PciSources {
  readonly sysfs: Sysfs;
  readonly books: NameBooks;
  readonly uses: readonly PlacedUse[];
}

export async function readPciDevices(sources: PciSources): Promise<readonly PciDevice[]> {
  const { sysfs, books } = sources;
  const [addresses, names] = await Promise.all([sysfs.names(bus), books.pci()]);
  const devices = await Promise.all(addresses.map((address) => readPciDevice({ ...sources, names }, address)));
  return devices.filter((device) => device !== undefined);
}

interface Surroundings extends PciSources {
  readonly names: IdNames;
}

/** Undefined when it was taken away between two looks. */
async function readPciDevice({ sysfs, books, uses, names }: Surroundings, address: string): Promise<PciDevice | undefined> {
  const folder = `${bus}/${address}`;
  const id = async (file: string): Promise<string | undefined> => (await sysfs.text(`${folder}/${file}`))?.replace(/^0x/, '').toLowerCase();
  const [vendorId, deviceId, classCode, real] = await Promise.all([id('vendor'), id('device'), id('class'), sysfs.real(folder)]);
  if (vendorId === undefined || deviceId === undefined || classCode === undefined || real === undefined) return undefined;
  const [subsystemVendorId, subsystemDeviceId, revision, driver, iommuGroup, numaNode, bootVga, physfn, modalias, override] =
    await Promise.all([
      id('subsystem_vendor'),
      id('subsystem_device'),
      id('revision'),
      sysfs.linkName(`${folder}/driver`),
      sysfs.linkName(`${folder}/iommu_group`),
      sysfs.number(`${folder}/numa_node`),
      sysfs.text(`${folder}/boot_vga`),
      sysfs.linkName(`${folder}/physfn`),
      sysfs.text(`${folder}/modalias`),
      sysfs.text(`${folder}/driver_override`),
    ]);
  const [resetMethods, sriov, link, candidateDrivers, vfioAccess] = await Promise.all([
    readResetMethods(sysfs, folder),
    readSriov(sysfs, folder),
    readLink(sysfs, folder),
    modalias === undefined ? [] : books.modules(modalias),
    iommuGroup === undefined ? undefined : sysfs.mayOpen(`/dev/vfio/${iommuGroup}`),
  ]);
  return {
    address,
    vendorId,
    deviceId,
    ...defined({ subsystemVendorId, subsystemDeviceId, revision, driver, iommuGroup, physfn }),
    classCode,
    names: defined({
      vendor: names.vendor(vendorId),
      device: names.device(vendorId, deviceId),
      subsystem: names.subsystem(vendorId, deviceId, `${subsystemVendorId ?? ''} ${subsystemDeviceId ?? ''}`),
      class: names.class(classCode),
    }),
    candidateDrivers,
    // The kernel writes `(null)` for none.
    ...defined({ driverOverride: override === '(null)' || override === '' ? undefined : override }),
    resetMethods,
    ...defined({ numaNode: numaNode === undefined || numaNode < 0 ? undefined : numaNode }),
    bootVga: bootVga === '1',
    parents: pciAddressesIn(real).slice(0, -1),
    ...defined({ sriov, link, vfioDevice: vfioAccess === undefined ? undefined : `/dev/vfio/${iommuGroup ?? ''}`, vfioAccess }),
    hostUses: usesOf(uses, { address }),
  };
}

/** Before Linux 5.15 only `reset` was there, and did not tell how. */
async function readResetMethods(sysfs: Sysfs, folder: string): Promise<readonly string[]> {
  const methods = await sysfs.text(`${folder}/reset_method`);
  if (methods !== undefined) return methods.split(/\s+/).filter(Boolean);
  return (await sysfs.has(`${folder}/reset`)) ? ['default'] : [];
}

async function readSriov(sysfs: Sysfs, folder: string): Promise<SriovFact | undefined> {
  const [totalvfs, numvfs] = await Promise.all([sysfs.number(`${folder}/sriov_totalvfs`), sysfs.number(`${folder}/sriov_numvfs`)]);
  if (totalvfs === undefined) return undefined;
  const [links, network] = await Promise.all([functionLinks(sysfs, folder), readSriovNetwork(sysfs, folder)]);
  const vfs = links.map(({ address }) => address).toSorted();
  return { numvfs: numvfs ?? 0, totalvfs, vfs, ...(network === undefined ? {} : { network }) };
}

/** What its functions are held to is asked of a program: by whoever shows it, and not at each look. */
async function readSriovNetwork(sysfs: Sysfs, folder: string): Promise<SriovNetwork | undefined> {
  const [name] = await sysfs.names(`${folder}/net`);
  if (name === undefined) return undefined;
  const flags = await sysfs.text(`${folder}/net/${name}/flags`);
  // IFF_UP.
  return { name, up: (Number(flags ?? 0) & 1) === 1, functions: {} };
}

async function readLink(sysfs: Sysfs, folder: string): Promise<LinkFact | undefined> {
  const [currentSpeed, currentWidth, maxSpeed, maxWidth] = await Promise.all([
    sysfs.text(`${folder}/current_link_speed`),
    sysfs.number(`${folder}/current_link_width`),
    sysfs.text(`${folder}/max_link_speed`),
    sysfs.number(`${folder}/max_link_width`),
  ]);
  if (maxSpeed === undefined || maxSpeed.startsWith('Unknown')) return undefined;
  return defined({ currentSpeed, currentWidth, maxSpeed, maxWidth });
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** A field that is not known is not there. */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
