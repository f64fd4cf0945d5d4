// Owns looking into /sys, /proc and /dev below a root folder that tests may choose: texts, numbers, names and links.
// Must not know what they mean, and must not write.
import { constants } from 'node:fs';
import { access, readdir, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../errno.ts';
import { isThere } from '../is-there.ts';
import { readIfThere } from '../proc.ts';

export interface Sysfs {
  /** Without the line's end; undefined when it is not there, not readable, or the device does not answer. */
  text(file: string): Promise<string | undefined>;
  number(file: string): Promise<number | undefined>;
  /** Empty when there is no such folder. Sorted. */
  names(folder: string): Promise<readonly string[]>;
  /** The last part of what a link points to: the name of a driver or a group. */
  linkName(link: string): Promise<string | undefined>;
  /** The path with every link followed, as seen from the root; undefined when it leads nowhere. */
  real(file: string): Promise<string | undefined>;
  has(file: string): Promise<boolean>;
  /** Whether we may read and write it; undefined when it is not there. */
  mayOpen(file: string): Promise<boolean | undefined>;
  /** The same place as a path of this computer, for readers that need one. */
  outside(file: string): string;
}

export function createSysfs(root = '/'): Sysfs {
  const at = (file: string): string => path.join(root, file);
  const text = async (file: string): Promise<string | undefined> => {
    try {
      return (await readIfThere(at(file)))?.trimEnd();
    } catch (error) {
      // A device that sleeps, or is just being taken away, answers like this.
      if (['EIO', 'ENODEV', 'EINVAL', 'ENXIO', 'EAGAIN', 'EISDIR', 'ENODATA'].includes(errnoOf(error) ?? '')) return undefined;
      throw error;
    }
  };
  return {
    text,
    async number(file) {
      const found = await text(file);
      return found === undefined || !/^-?\d+$/.test(found) ? undefined : Number(found);
    },
    names: async (folder) => (await emptyIfGone(readdir(at(folder)))).toSorted(),
    linkName: async (link) => {
      const target = await readlink(at(link)).catch(() => undefined);
      return target === undefined ? undefined : path.basename(target);
    },
    async real(file) {
      const [base, found] = await Promise.all([realpath(root), realpath(at(file)).catch(() => undefined)]);
      if (found === undefined || (found !== base && !found.startsWith(base === '/' ? '/' : `${base}/`))) return undefined;
      return base === '/' ? found : found.slice(base.length);
    },
    has: (file) => isThere(at(file)),
    mayOpen: (file) =>
      access(at(file), constants.R_OK | constants.W_OK).then(
        () => true,
        (error: unknown) => (errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM' ? false : undefined),
      ),
    outside: at,
  };
}

async function emptyIfGone(names: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await names;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'ENODEV'].includes(errnoOf(error) ?? '')) return [];
    throw error;
  }
}

/** The PCI device that something lies below, nearest; `/sys/devices/pci0000:00/0000:00:1d.0/0000:03:00.0/nvme/…` → `0000:03:00.0`. */
export function pciAddressesIn(realPath: string): readonly string[] {
  return realPath.split('/').filter((part) => /^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(part));
}

/** The USB device that something lies below, nearest: `1-2.3`. */
export function usbPortIn(realPath: string): string | undefined {
  return realPath
    .split('/')
    .filter((part) => /^\d+-\d+(?:\.\d+)*$/.test(part))
    .at(-1);
}
