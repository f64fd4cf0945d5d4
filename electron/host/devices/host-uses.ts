// Owns finding what this computer uses its devices for: mounted disks, the way to the network, screens, sound.
// Must not judge whether it could do without.
import path from 'node:path';
import type { HostUse } from '../../api/host-devices.ts';
import { type Sysfs, pciAddressesIn, usbPortIn } from './sysfs.ts';

export interface PlacedUse {
  /** Below /sys/devices: which device it is of can be read from it. */
  readonly realPath: string;
  readonly use: HostUse;
}

export async function findHostUses(sysfs: Sysfs): Promise<readonly PlacedUse[]> {
  const found = await Promise.all([disks(sysfs), networks(sysfs), screens(sysfs), sounds(sysfs)]);
  return found.flat();
}

/** Of the PCI device, or of a USB device and the controller that it is plugged into. */
export function usesOf(uses: readonly PlacedUse[], device: { readonly address: string } | { readonly port: string }): readonly HostUse[] {
  const isHere = ({ realPath }: PlacedUse): boolean =>
    'address' in device ? pciAddressesIn(realPath).at(-1) === device.address : usbPortIn(realPath) === device.port;
  const texts = new Map(uses.filter(isHere).map(({ use }) => [`${use.kind} ${use.detail}`, use]));
  return [...texts.values()];
}

// ---------------------------------------------------------------- disks

async function disks(sysfs: Sysfs): Promise<readonly PlacedUse[]> {
  const mounts = parseMounts((await sysfs.text('/proc/self/mountinfo')) ?? '');
  const swaps = ((await sysfs.text('/proc/swaps')) ?? '').split('\n').slice(1);
  const wanted: { readonly block: string; readonly detail: string }[] = [];
  for (const { device, source, mountPoint, type } of mounts) {
    if (type === 'zfs') {
      // The kernel does not tell which disks a pool is made of: each may be one of them.
      for (const block of await wholeDisks(sysfs)) wanted.push({ block, detail: mountPoint });
      continue;
    }
    // File systems over several devices (btrfs) have no number of a block device; their source is one of them.
    const block = device.startsWith('0:') ? await blockOfFile(sysfs, source) : `/sys/dev/block/${device}`;
    if (block !== undefined) wanted.push({ block, detail: mountPoint });
    if (type === 'btrfs' && block !== undefined) {
      for (const other of await btrfsDevices(sysfs, path.basename(source))) wanted.push({ block: other, detail: mountPoint });
    }
  }
  for (const line of swaps) {
    const block = await blockOfFile(sysfs, line.split(/\s+/)[0] ?? '');
    if (block !== undefined) wanted.push({ block, detail: 'swap' });
  }
  const rows = await Promise.all(
    wanted.map(async ({ block, detail }) =>
      (await physicalPaths(sysfs, block)).map((realPath): PlacedUse => ({ realPath, use: { kind: 'disk', detail } })),
    ),
  );
  return rows.flat();
}

function parseMounts(
  text: string,
): readonly { readonly device: string; readonly source: string; readonly mountPoint: string; readonly type: string }[] {
  return text.split('\n').flatMap((line) => {
    const [head = '', tail = ''] = line.split(' - ');
    const [, , device, , mountPoint] = head.split(' ');
    const [type, source] = tail.split(' ');
    return device === undefined || mountPoint === undefined || type === undefined || source === undefined
      ? []
      : [{ device, source: unescaped(source), mountPoint: unescaped(mountPoint), type }];
  });
}

/** Spaces and the like are written as `\040`. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));
}

async function blockOfFile(sysfs: Sysfs, file: string): Promise<string | undefined> {
  if (!file.startsWith('/dev/')) return undefined;
  // `/dev/mapper/root` is a link to `/dev/dm-0`.
  const real = (await sysfs.real(file)) ?? file;
  const block = `/sys/class/block/${path.basename(real)}`;
  return (await sysfs.has(block)) ? block : undefined;
}

async function btrfsDevices(sysfs: Sysfs, name: string): Promise<readonly string[]> {
  for (const uuid of await sysfs.names('/sys/fs/btrfs')) {
    const devices = await sysfs.names(`/sys/fs/btrfs/${uuid}/devices`);
    if (devices.includes(name)) return devices.map((device) => `/sys/class/block/${device}`);
  }
  return [];
}

async function wholeDisks(sysfs: Sysfs): Promise<readonly string[]> {
  return (await sysfs.names('/sys/block')).map((name) => `/sys/class/block/${name}`);
}

/** Through device mapper, RAID and NVMe's own multipath to what lies on a bus. */
async function physicalPaths(sysfs: Sysfs, block: string): Promise<readonly string[]> {
  const real = await sysfs.real(block);
  if (real === undefined) return [];
  const slaves = await sysfs.names(`${real}/slaves`);
  if (slaves.length > 0) {
    return (await Promise.all(slaves.map((slave) => physicalPaths(sysfs, `/sys/class/block/${slave}`)))).flat();
  }
  const subsystem = /^.*\/nvme-subsystem\/nvme-subsys\d+/.exec(real)?.[0];
  if (subsystem === undefined) return [real];
  const controllers = (await sysfs.names(subsystem)).filter((name) => /^nvme\d+$/.test(name));
  const paths = await Promise.all(controllers.map((name) => sysfs.real(`${subsystem}/${name}`)));
  return paths.filter((one) => one !== undefined);
}

// ---------------------------------------------------------------- network

async function networks(sysfs: Sysfs): Promise<readonly PlacedUse[]> {
  const ipv4 = ((await sysfs.text('/proc/net/route')) ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter((fields) => fields[1] === '00000000' && fields[7] === '00000000')
    .map((fields) => fields[0]);
  const ipv6 = ((await sysfs.text('/proc/net/ipv6_route')) ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => /^0{32}$/.test(fields[0] ?? '') && fields[1] === '00' && fields[9] !== 'lo')
    .map((fields) => fields[9]);
  const names = [...new Set([...ipv4, ...ipv6])].filter((name) => name !== undefined);
  const rows = await Promise.all(
    names.map(async (name) =>
      (await interfacePaths(sysfs, name, 0)).map((realPath): PlacedUse => ({ realPath, use: { kind: 'network', detail: name } })),
    ),
  );
  return rows.flat();
}

/** Through bridges, bonds and VLANs to the card. */
async function interfacePaths(sysfs: Sysfs, name: string, depth: number): Promise<readonly string[]> {
  const real = await sysfs.real(`/sys/class/net/${name}`);
  if (real === undefined || depth > 8) return [];
  const lower = (await sysfs.names(`/sys/class/net/${name}`)).filter((entry) => entry.startsWith('lower_'));
  if (lower.length === 0) return [real];
  const paths = await Promise.all(lower.map((entry) => interfacePaths(sysfs, entry.slice('lower_'.length), depth + 1)));
  return paths.flat();
}

// ---------------------------------------------------------------- screen and sound

async function screens(sysfs: Sysfs): Promise<readonly PlacedUse[]> {
  const connectors = await Promise.all(
    (await sysfs.names('/sys/class/drm'))
      .filter((name) => /^card\d+-/.test(name))
      .map(async (name): Promise<readonly PlacedUse[]> => {
        const folder = `/sys/class/drm/${name}`;
        const [enabled, real] = await Promise.all([sysfs.text(`${folder}/enabled`), sysfs.real(folder)]);
        return enabled === 'enabled' && real !== undefined
          ? [{ realPath: real, use: { kind: 'screen', detail: name.replace(/^card\d+-/, '') } }]
          : [];
      }),
  );
  const booted = await Promise.all(
    (await sysfs.names('/sys/bus/pci/devices')).map(async (address): Promise<readonly PlacedUse[]> => {
      const folder = `/sys/bus/pci/devices/${address}`;
      if ((await sysfs.text(`${folder}/boot_vga`)) !== '1') return [];
      const [driver, real] = await Promise.all([sysfs.linkName(`${folder}/driver`), sysfs.real(folder)]);
      return real === undefined || driver === 'vfio-pci' ? [] : [{ realPath: real, use: { kind: 'screen', detail: 'boot_vga' } }];
    }),
  );
  return [...connectors, ...booted].flat();
}

async function sounds(sysfs: Sysfs): Promise<readonly PlacedUse[]> {
  const rows = await Promise.all(
    (await sysfs.names('/sys/class/sound'))
      .filter((name) => /^card\d+$/.test(name))
      .map(async (name): Promise<readonly PlacedUse[]> => {
        const [real, id] = await Promise.all([sysfs.real(`/sys/class/sound/${name}`), sysfs.text(`/sys/class/sound/${name}/id`)]);
        return real === undefined ? [] : [{ realPath: real, use: { kind: 'audio', detail: id ?? name } }];
      }),
  );
  return rows.flat();
}
