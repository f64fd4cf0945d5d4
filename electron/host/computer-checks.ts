// Owns the lines of the page "This computer": what is there, and what to do about what is not.
// Must not change anything.
import { access, readdir } from 'node:fs/promises';
import { constants } from 'node:fs';
import path from 'node:path';
import type { ComputerCheck } from '../api/computer.ts';
import type { FirmwareDescriptor, QemuCapabilities } from '../core/facts.ts';
import { errnoOf } from './errno.ts';
import { findProgram } from './exec.ts';
import { installCommand } from './packages.ts';
import type { PackageFamily, Part } from './packages.ts';
import { readIfThere } from './proc.ts';

export interface CheckSurroundings {
  readonly family: PackageFamily;
  /** In front of /sys and /proc, for tests. */
  readonly root: string;
}

const oldestQemu = { major: 7, minor: 2 };
const gibibyte = 1024 ** 3;
/** A desktop system image needs about this much. */
const scarceBytes = 10 * gibibyte;

export function qemuCheck(qemu: QemuCapabilities | undefined, { family }: CheckSurroundings): ComputerCheck {
  if (qemu === undefined) {
    return { id: 'qemu', state: 'error', message: 'QEMU is not installed.', ...installing(family, ['qemu', 'qemu-img']) };
  }
  const { major, minor, micro } = qemu.version;
  const message = `QEMU ${major}.${minor}.${micro} (${qemu.binary}).`;
  if (major > oldestQemu.major || (major === oldestQemu.major && minor >= oldestQemu.minor)) return { id: 'qemu', state: 'ok', message };
  return {
    id: 'qemu',
    state: 'error',
    message: `${message} It is too old.`,
    fix: `Upgrade to QEMU ${oldestQemu.major}.${oldestQemu.minor} or newer.`,
  };
}

export function firmwareCheck(firmware: readonly FirmwareDescriptor[], { family }: CheckSurroundings): ComputerCheck {
  const uefi = firmware.filter(({ interfaceTypes }) => interfaceTypes.includes('uefi'));
  const enrolled = uefi.some(({ features }) => features.includes('secure-boot') && features.includes('enrolled-keys'));
  if (enrolled) return { id: 'firmware', state: 'ok', message: 'UEFI firmware is installed, with Secure Boot.' };
  const message =
    uefi.length === 0
      ? 'UEFI firmware is not installed; machines can only use BIOS.'
      : 'UEFI firmware is installed, but none with Secure Boot.';
  return { id: 'firmware', state: 'warning', message, ...installing(family, ['ovmf']) };
}

export async function tpmCheck({ family }: CheckSurroundings): Promise<ComputerCheck> {
  if ((await findProgram('swtpm')) !== undefined) return { id: 'tpm', state: 'ok', message: 'Machines can have a TPM (swtpm).' };
  return { id: 'tpm', state: 'warning', message: 'Machines cannot have a TPM: swtpm is not installed.', ...installing(family, ['swtpm']) };
}

export async function iommuCheck({ root }: CheckSurroundings): Promise<ComputerCheck> {
  const groups = await namesIn(path.join(root, 'sys/kernel/iommu_groups'));
  if (groups.length > 0)
    return { id: 'iommu', state: 'ok', message: `The IOMMU is on (${groups.length} groups): devices can be passed through.` };
  const vendor = /^vendor_id\s*:\s*(\S+)/m.exec((await readIfThere(path.join(root, 'proc/cpuinfo'))) ?? '')?.[1];
  return {
    id: 'iommu',
    state: 'warning',
    message: 'The IOMMU is off: devices cannot be passed through to machines.',
    fix:
      vendor === 'GenuineIntel'
        ? 'Switch on VT-d in the firmware setup and add intel_iommu=on to the kernel command line.'
        : 'Switch on the IOMMU (AMD-Vi) in the firmware setup.',
  };
}

export async function hugePagesCheck({ root }: CheckSurroundings): Promise<ComputerCheck> {
  const base = path.join(root, 'sys/kernel/mm/hugepages');
  const pools = await Promise.all(
    (await namesIn(base)).map(async (name) => ({
      kib: Number(/hugepages-(\d+)kB/.exec(name)?.[1] ?? 0),
      total: Number((await readIfThere(path.join(base, name, 'nr_hugepages'))) ?? 0),
      free: Number((await readIfThere(path.join(base, name, 'free_hugepages'))) ?? 0),
    })),
  );
  const filled = pools.filter(({ total }) => total > 0).toSorted((a, b) => a.kib - b.kib);
  if (filled.length > 0) {
    const texts = filled.map(({ kib, total, free }) => `${free} of ${total} pages of ${pageText(kib)} free`);
    return { id: 'hugepages', state: 'ok', message: `Huge pages: ${texts.join(', ')}.` };
  }
  return {
    id: 'hugepages',
    state: 'warning',
    message: 'No huge pages are reserved; only machines that ask for them need some.',
    fix: 'Reserve as many as the machines need together; this is 1 GiB in pages of 2 MiB.',
    command: 'sudo sysctl vm.nr_hugepages=512',
  };
}

export async function imagesCheck({ family }: CheckSurroundings): Promise<ComputerCheck> {
  if ((await findProgram('qemu-img')) !== undefined)
    return { id: 'images', state: 'ok', message: 'Disk images can be made and converted (qemu-img).' };
  return {
    id: 'images',
    state: 'error',
    message: 'Disk images cannot be made: qemu-img is not installed.',
    ...installing(family, ['qemu-img']),
  };
}

/** `mmdebstrap` needs root, or user namespaces with a range of ids to map. */
export async function debianBuildCheck({ family, root }: CheckSurroundings, uid: number): Promise<ComputerCheck> {
  const id = 'debian-build' as const;
  if ((await findProgram('mmdebstrap')) === undefined) {
    return {
      id,
      state: 'warning',
      message: 'Debian guests cannot be built here: mmdebstrap is not installed.',
      ...installing(family, ['mmdebstrap', 'uidmap']),
    };
  }
  if (uid === 0) return { id, state: 'ok', message: 'Debian guests can be built here (mmdebstrap, as root).' };
  const clone = (await readIfThere(path.join(root, 'proc/sys/kernel/unprivileged_userns_clone')))?.trim();
  const limit = (await readIfThere(path.join(root, 'proc/sys/user/max_user_namespaces')))?.trim();
  if (clone === '0' || limit === '0') {
    const command = clone === '0' ? 'sudo sysctl kernel.unprivileged_userns_clone=1' : 'sudo sysctl user.max_user_namespaces=10000';
    return {
      id,
      state: 'warning',
      message: 'Debian guests cannot be built here: user namespaces are switched off.',
      fix: 'Switch them on.',
      command,
    };
  }
  if ((await findProgram('newuidmap')) === undefined) {
    return {
      id,
      state: 'warning',
      message: 'Debian guests cannot be built here: newuidmap is not installed.',
      ...installing(family, ['uidmap']),
    };
  }
  return { id, state: 'ok', message: 'Debian guests can be built here (mmdebstrap, without root).' };
}

export interface PoolSpace {
  readonly path: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

export async function dataCheck(pool: PoolSpace): Promise<ComputerCheck> {
  const free = `${(pool.freeBytes / gibibyte).toFixed(1)} GiB`;
  try {
    await access(pool.path, constants.W_OK);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'ENOENT'].includes(errnoOf(error) ?? '')) throw error;
    return {
      id: 'data',
      state: 'error',
      message: `${pool.path} cannot be written to.`,
      fix: 'Change its owner or choose another data folder (VIRTDECK_DATA).',
    };
  }
  if (pool.freeBytes >= scarceBytes) return { id: 'data', state: 'ok', message: `${free} are free for disks in ${pool.path}.` };
  return {
    id: 'data',
    state: 'warning',
    message: `Only ${free} are free for disks in ${pool.path}.`,
    fix: 'Free space or choose another data folder (VIRTDECK_DATA).',
  };
}

function installing(family: PackageFamily, parts: readonly Part[]): { readonly fix: string; readonly command?: string } {
  const command = installCommand(family, parts);
  return command === undefined
    ? { fix: `Install ${parts.join(' and ')} with the package manager of this system.` }
    : { fix: 'Install it.', command };
}

function pageText(kib: number): string {
  return kib >= 1024 * 1024 ? `${kib / 1024 / 1024} GiB` : `${kib / 1024} MiB`;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return [];
    throw error;
  }
}
