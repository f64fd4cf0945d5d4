// Owns sysfs trees of computers with PCI and USB devices: written into a folder, from a few words or from a dump.
// Must not read them; the product's own reader does.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export interface TreeDevice {
  /** Of the bridges above it, from the root: `['0000:00:01.0']`. */
  readonly below?: readonly string[];
  /** `10de:1eb8`. */
  readonly id: string;
  readonly class: string;
  readonly group?: number;
  readonly driver?: string;
  readonly reset?: string;
  readonly bootVga?: boolean;
  readonly numaNode?: number;
  /** Files in its folder: `{'sriov_totalvfs': '7'}`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Virtual functions of it. */
  readonly vfs?: readonly string[];
  /** Names of `/sys/class/net`, `/sys/block` (with what is mounted), sound cards and connectors that show a picture. */
  readonly net?: string;
  readonly disk?: { readonly name: string; readonly mountPoint: string };
  readonly sound?: string;
  readonly connector?: string;
}

export interface DeviceTree {
  readonly pci: Readonly<Record<string, TreeDevice>>;
  readonly usb?: Readonly<
    Record<string, { readonly id: string; readonly controller: string; readonly product: string; readonly driver?: string }>
  >;
  /** Default route. */
  readonly route?: string;
  readonly cmdline?: string;
  readonly cpu?: 'GenuineIntel' | 'AuthenticAMD' | 'ARM';
  /** Names of IOMMU units, and Intel's extended capabilities. */
  readonly units?: readonly string[];
  readonly ecap?: string;
  readonly firmwareTable?: 'DMAR' | 'IVRS';
  readonly interrupts?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Folders that other names lead to. */
  readonly links?: Readonly<Record<string, string>>;
}

export function writeDeviceTree(root: string, tree: DeviceTree): void {
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  };
  const link = (path: string, target: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    mkdirSync(join(root, target), { recursive: true });
    symlinkSync(relative(dirname(join(root, path)), join(root, target)), join(root, path));
  };
  const mounts: string[] = [];
  const folderOf = (address: string): string => {
    const { below = [] } = tree.pci[address] ?? { below: [] };
    return ['sys/devices/pci0000:00', ...below, address].join('/');
  };
  Object.entries(tree.pci).forEach(([address, device], index) => {
    const folder = folderOf(address);
    const [vendor = '', id = ''] = device.id.split(':');
    put(`${folder}/vendor`, `0x${vendor}`);
    put(`${folder}/device`, `0x${id}`);
    put(`${folder}/class`, `0x${device.class}`);
    put(`${folder}/revision`, '0x01');
    put(`${folder}/subsystem_vendor`, `0x${vendor}`);
    put(`${folder}/subsystem_device`, '0x0001');
    put(`${folder}/numa_node`, String(device.numaNode ?? -1));
    put(`${folder}/driver_override`, '(null)');
    put(`${folder}/modalias`, modaliasOf(vendor, id, device.class));
    if (device.reset !== undefined) put(`${folder}/reset_method`, device.reset);
    if (device.bootVga !== undefined) put(`${folder}/boot_vga`, device.bootVga ? '1' : '0');
    for (const [file, text] of Object.entries(device.files ?? {})) put(`${folder}/${file}`, text);
    link(`sys/bus/pci/devices/${address}`, folder);
    if (Object.keys(device.files ?? {}).some((file) => file.startsWith('mdev_supported_types/'))) {
      link(`sys/class/mdev_bus/${address}`, folder);
    }
    if (device.driver !== undefined) link(`${folder}/driver`, `sys/bus/pci/drivers/${device.driver}`);
    if (device.group !== undefined) {
      link(`${folder}/iommu_group`, `sys/kernel/iommu_groups/${device.group}`);
      link(`sys/kernel/iommu_groups/${device.group}/devices/${address}`, folder);
    }
    device.vfs?.forEach((vf, number) => {
      link(`${folder}/virtfn${number}`, folderOf(vf));
      link(`${folderOf(vf)}/physfn`, folder);
    });
    if (device.net !== undefined) link(`sys/class/net/${device.net}`, `${folder}/net/${device.net}`);
    if (device.sound !== undefined) link(`sys/class/sound/${device.sound}`, `${folder}/sound/${device.sound}`);
    if (device.connector !== undefined) {
      put(`${folder}/drm/card${index}/card${index}-${device.connector}/enabled`, 'enabled');
      link(`sys/class/drm/card${index}-${device.connector}`, `${folder}/drm/card${index}/card${index}-${device.connector}`);
    }
    if (device.disk !== undefined) {
      const { name, mountPoint } = device.disk;
      link(`sys/class/block/${name}`, `${folder}/block/${name}`);
      link(`sys/block/${name}`, `${folder}/block/${name}`);
      link(`sys/dev/block/259:${index}`, `${folder}/block/${name}`);
      mounts.push(`${index} 1 259:${index} / ${mountPoint} rw,relatime shared:1 - ext4 /dev/${name} rw`);
    }
  });
  for (const [port, { id, controller, product, driver }] of Object.entries(tree.usb ?? {})) {
    const [vendor = '', productId = ''] = id.split(':');
    const folder = `${folderOf(controller)}/usb1/${port}`;
    const files = { idVendor: vendor, idProduct: productId, bDeviceClass: '00', busnum: '1', devnum: '5', speed: '480', product };
    for (const [file, text] of Object.entries(files)) put(`${folder}/${file}`, text);
    link(`sys/bus/usb/devices/${port}`, folder);
    if (driver !== undefined) {
      link(`${folder}/${port}:1.0/driver`, `sys/bus/usb/drivers/${driver}`);
      link(`sys/bus/usb/devices/${port}:1.0`, `${folder}/${port}:1.0`);
    }
  }
  for (const unit of tree.units ?? []) {
    link(`sys/class/iommu/${unit}`, `sys/devices/virtual/iommu/${unit}`);
    if (tree.ecap !== undefined) put(`sys/devices/virtual/iommu/${unit}/intel-iommu/ecap`, tree.ecap);
  }
  if (tree.firmwareTable !== undefined) put(`sys/firmware/acpi/tables/${tree.firmwareTable}`, '');
  if (tree.interrupts !== undefined) put('proc/interrupts', tree.interrupts);
  put('proc/cmdline', tree.cmdline ?? 'BOOT_IMAGE=/vmlinuz root=/dev/nvme0n1p2 ro quiet');
  put('proc/cpuinfo', `processor\t: 0\nvendor_id\t: ${tree.cpu ?? 'GenuineIntel'}`);
  put('proc/self/mountinfo', mounts.join('\n'));
  put('proc/sys/kernel/osrelease', '6.1.0-test');
  put('lib/modules/6.1.0-test/modules.dep', 'kernel/drivers/vfio/pci/vfio-pci.ko:');
  put('lib/modules/6.1.0-test/modules.alias', aliases);
  put('usr/share/misc/pci.ids', names);
  put('usr/share/misc/usb.ids', '046d  Logitech, Inc.\n\tc52b  Unifying Receiver');
  const header = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT';
  put(
    'proc/net/route',
    tree.route === undefined ? header : `${header}\n${tree.route}\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0`,
  );
  for (const [file, text] of Object.entries(tree.files ?? {})) put(file, text);
  for (const [path, target] of Object.entries(tree.links ?? {})) link(path, target);
}

function modaliasOf(vendor: string, device: string, code: string): string {
  const [base, sub, face] = [code.slice(0, 2), code.slice(2, 4), code.slice(4, 6)].map((part) => part.toUpperCase());
  return `pci:v0000${vendor.toUpperCase()}d0000${device.toUpperCase()}sv0000${vendor.toUpperCase()}sd00000001bc${base}sc${sub}i${face}`;
}

const aliases = [
  'alias pci:v000010DEd*sv*sd*bc03sc00i00* nouveau',
  'alias pci:v000010DEd*sv*sd*bc03sc02i00* nouveau',
  'alias pci:v00001002d*sv*sd*bc03sc00i00* amdgpu',
  'alias pci:v*d*sv*sd*bc04sc03i00* snd-hda-intel',
  'alias pci:v*d*sv*sd*bc01sc08i02* nvme',
  'alias pci:v*d*sv*sd*bc0Csc03i30* xhci-pci',
  'alias pci:v00008086d00001572sv*sd*bc*sc*i* i40e',
  'alias usb:v046DpC52B hid-logitech-dj',
].join('\n');

const names = [
  '# pci.ids',
  '10de  NVIDIA Corporation',
  '\t1eb8  TU104GL [Tesla T4]',
  '\t10f8  TU104 HD Audio Controller',
  '\t1ad8  TU104 USB 3.1 Host Controller',
  '1002  Advanced Micro Devices, Inc. [AMD/ATI]',
  '\t73ff  Navi 23 [Radeon RX 6600/6600 XT/6600M]',
  '\tab28  Navi 21/23 HDMI/DP Audio Controller',
  '144d  Samsung Electronics Co Ltd',
  '\ta80a  NVMe SSD Controller PM9A1/PM9A3/980PRO',
  '8086  Intel Corporation',
  '\t1572  Ethernet Controller X710 for 10GbE SFP+',
  '\t154c  Ethernet Virtual Function 700 Series',
  '\t15f3  Ethernet Controller I225-V',
  '\t3e98  CoffeeLake-S GT2 [UHD Graphics 630]',
  '\ta36d  Cannon Lake PCH USB 3.1 xHCI Host Controller',
  'C 01  Mass storage controller',
  '\t08  Non-Volatile memory controller',
  'C 02  Network controller',
  '\t00  Ethernet controller',
  'C 03  Display controller',
  '\t00  VGA compatible controller',
  '\t02  3D controller',
  'C 04  Multimedia controller',
  '\t03  Audio device',
  'C 06  Bridge',
  '\t04  PCI bridge',
  'C 0c  Serial bus controller',
  '\t03  USB controller',
].join('\n');

/** Text of `sysfs-dump.mjs`: `F path<TAB>json`, `L path<TAB>target`, `D path`. */
export function writeDump(root: string, dump: string): void {
  for (const line of dump.split('\n')) {
    const [, type, path = '', value = ''] = /^([FLDC]) (\S+)(?:\t(.*))?$/.exec(line) ?? [];
    if (type === undefined) continue;
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (type === 'F') writeFileSync(file, JSON.parse(value) as string);
    else if (type === 'L') {
      mkdirSync(resolve(dirname(file), value), { recursive: true });
      symlinkSync(value, file);
    } else if (type === 'D') mkdirSync(file, { recursive: true });
    else writeFileSync(file, '');
  }
}
