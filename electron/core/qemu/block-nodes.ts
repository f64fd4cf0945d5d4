// Owns the block layer of a disk: the chain from the file to the node that a device reads, as `-blockdev`.
// Must not know buses or where the file comes from.
import { derivedUuid } from '../defaults/derived-identity.ts';
import { jsonOption } from './args.ts';
import type { Argument } from './launch-plan.ts';
import type { Disk } from './manifest.ts';

/** What a drive has in it. */
export interface Medium {
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  readonly readOnly: boolean;
  /** Several machines may write at once, by the manifest's word. */
  readonly shared: boolean;
  /** What is read where nothing was written yet: the run keeps its changes to itself. Never written, and may be in use by many. */
  readonly base?: { readonly path: string; readonly format: 'qcow2' | 'raw' };
}

// QEMU's limit for node names is 31 characters, and `-file` is still to be added.
const maxNodeName = 26;

/** Node of a disk: its name where that fits, else cut and made unique. The same on every start, whatever else changes. */
export function diskNode(diskName: string): string {
  const whole = `disk-${diskName}`;
  return whole.length <= maxNodeName ? whole : `${whole.slice(0, maxNodeName - 9)}-${derivedUuid(diskName).slice(0, 8)}`;
}

/** Protocol node first: a chain is built from the file up. */
export function blockNodes(disk: Disk, medium: Medium, field: string): readonly Argument[] {
  const node = diskNode(disk.name);
  const { path, format, readOnly, base } = medium;
  const cache = cacheOf(disk);
  const discard = readOnly ? {} : { discard: 'unmap' };
  return [
    ...(base === undefined ? [] : baseNodes(node, base, field)),
    jsonOption(
      '-blockdev',
      {
        driver: driverOf(path),
        'node-name': `${node}-file`,
        filename: path,
        'read-only': readOnly,
        // Otherwise a file that cannot be written is opened for reading, and the guest finds out by an I/O error.
        'auto-read-only': false,
        // Not "auto", which does without where locks do not work: two machines writing one file destroy it.
        locking: 'on',
        aio: disk.io === 'native' ? 'native' : 'threads',
        ...cache,
        ...discard,
      },
      { field },
    ),
    jsonOption(
      '-blockdev',
      {
        driver: format,
        'node-name': node,
        file: `${node}-file`,
        'read-only': readOnly,
        ...cache,
        // Zeroes that a guest writes become holes: a disk that was formatted stays small.
        ...(readOnly ? {} : { ...discard, 'detect-zeroes': 'unmap' }),
        // Said aloud, so that a file name inside the image is never followed: it could name any file of this computer.
        ...(format === 'qcow2' ? { backing: base === undefined ? null : `${node}-base` } : {}),
      },
      { field },
    ),
  ];
}

/** Block devices of this computer have a driver of their own; `file` refuses them. */
function driverOf(path: string): 'host_device' | 'file' {
  return path.startsWith('/dev/') ? 'host_device' : 'file';
}

/** The file that an overlay lies on. Its guest never wrote it, but a stranger made it: what it names is not followed either. */
function baseNodes(node: string, { path, format }: NonNullable<Medium['base']>, field: string): readonly Argument[] {
  return [
    jsonOption(
      '-blockdev',
      { driver: driverOf(path), 'node-name': `${node}-src`, filename: path, 'read-only': true, 'auto-read-only': false, locking: 'on' },
      { field },
    ),
    jsonOption(
      '-blockdev',
      {
        driver: format,
        'node-name': `${node}-base`,
        file: `${node}-src`,
        'read-only': true,
        ...(format === 'qcow2' ? { backing: null } : {}),
      },
      { field },
    ),
  ];
}

/** Device side of the cache mode: whether the guest is told of a volatile write cache. */
export function writeCacheOf(disk: Disk): 'on' | 'off' | undefined {
  if (disk.cache === undefined || disk.cache === '') return undefined;
  return disk.cache === 'writethrough' ? 'off' : 'on';
}

function cacheOf({ cache }: Disk) {
  if (cache === undefined || cache === '') return {};
  return { cache: { direct: cache === 'none', 'no-flush': false } };
}
