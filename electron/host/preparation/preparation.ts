// Owns the PreparationPort: how this computer starts, and the files that decide which driver its devices get.
// Must not decide what they should say; core/preparation does. What it changes, the privileged program changes.
import { userInfo } from 'node:os';
import { crc32 } from 'node:zlib';
import { pathOf, type PreparationFile, preparationFiles, type StepAction } from '../../api/preparation.ts';
import type { PrivilegedRequest } from '../../api/privileged.ts';
import type { BootLoader, PreparationFacts } from '../../core/preparation/preparation-facts.ts';
import type { PreparationPort } from '../../engine/ports.ts';
import { askPrivileged } from '../network/privileged.ts';
import { findBootLoader } from './boot-loader.ts';
import { type ComputerFiles, createComputerFiles } from './computer-files.ts';
import { readRecord } from './preparation-record.ts';

export interface PreparationOptions {
  /** Below which /etc, /boot, /proc and /sys are read. */
  readonly root?: string;
  /** Whose machines it is for. */
  readonly user?: { readonly name: string; readonly uid: number; readonly gid: number };
  /** The privileged program; of a root folder of one's own in tests. */
  readonly ask?: (request: PrivilegedRequest) => Promise<void>;
}

export function createPreparation({ root = '/', user, ask = askPrivileged }: PreparationOptions = {}): PreparationPort {
  const files = createComputerFiles(root);
  return {
    facts: () => readFacts(files, user),
    apply: ({ action }) => ask(requestOf(action)),
    restore: (backup) => ask({ verb: 'file-restore', backup }),
  };
}

function requestOf(action: StepAction): PrivilegedRequest {
  if (action.type === 'run') {
    const { command, argument } = action;
    const verb = ['update-initramfs', 'dracut', 'mkinitcpio'].includes(command) ? 'initramfs-update' : 'bootloader-update';
    return { verb, command, ...(argument === undefined ? {} : { argument }) };
  }
  const { file, entry, before, after } = action;
  return {
    verb: 'file-write',
    file,
    ...(entry === undefined ? {} : { entry }),
    ...(before === undefined ? {} : { before: crc32(before) }),
    content: after,
  };
}

async function readFacts(files: ComputerFiles, given: PreparationOptions['user']): Promise<PreparationFacts> {
  const cmdline = (await files.text('/proc/cmdline')).trim();
  const user = given ?? currentUser();
  const bootLoader = await findBootLoader(files, cmdline);
  const [system, hostname, cpuinfo, meminfo, groups, untouchable, initramfs, vfioPciBuiltIn, known, otherVfioOptions, group, record] =
    await Promise.all([
      files.text('/etc/os-release'),
      files.text('/proc/sys/kernel/hostname'),
      files.text('/proc/cpuinfo'),
      files.text('/proc/meminfo'),
      files.names('/sys/kernel/iommu_groups'),
      readUntouchable(files, bootLoader),
      findInitramfs(files),
      isVfioPciBuiltIn(files),
      readClosedList(files),
      findOtherVfioOptions(files),
      groupOf(files, user),
      readRecord(files),
    ]);
  const vendor = /^vendor_id\s*:\s*(\S+)/m.exec(cpuinfo)?.[1];
  return {
    system: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(system)?.[1] ?? 'Linux',
    hostname: hostname.trim(),
    cpuVendor: vendor === 'GenuineIntel' ? 'intel' : vendor === 'AuthenticAMD' ? 'amd' : 'other',
    cmdline,
    iommuInUse: Array.isArray(groups) && groups.length > 0,
    bootLoader,
    initramfs,
    vfioPciBuiltIn,
    files: known.files,
    unreadable: known.unreadable,
    untouchable,
    otherVfioOptions,
    user: { name: user.name, isRoot: user.uid === 0, group },
    record,
    memoryMiB: Math.ceil(Number(/^MemTotal:\s*(\d+) kB/m.exec(meminfo)?.[1] ?? 0) / 1024),
  };
}

function currentUser(): NonNullable<PreparationOptions['user']> {
  const { username, uid, gid } = userInfo();
  return { name: username, uid, gid };
}

/** dracut and initramfs-tools can both bring an `update-initramfs`; the folder tells whose it is. */
async function findInitramfs(files: ComputerFiles): Promise<PreparationFacts['initramfs']> {
  if ((await files.program('update-initramfs')) !== undefined && (await files.has('/etc/initramfs-tools'))) return 'update-initramfs';
  if ((await files.program('mkinitcpio')) !== undefined && (await files.has('/etc/mkinitcpio.conf'))) return 'mkinitcpio';
  return (await files.program('dracut')) === undefined ? 'none' : 'dracut';
}

async function isVfioPciBuiltIn(files: ComputerFiles): Promise<boolean> {
  const release = (await files.text('/proc/sys/kernel/osrelease')).trim();
  for (const base of ['/lib/modules', '/usr/lib/modules']) {
    if (/(?:^|\/)vfio-pci\.ko/m.test(await files.text(`${base}/${release}/modules.builtin`))) return true;
  }
  return false;
}

interface ClosedList {
  readonly files: PreparationFacts['files'];
  readonly unreadable: readonly string[];
}

/** Entries of a folder are the boot loader's. */
async function readClosedList(files: ComputerFiles): Promise<ClosedList> {
  const rows = (Object.entries(preparationFiles) as [PreparationFile, string][]).filter(([, file]) => !file.endsWith('/'));
  const found = await Promise.all(rows.map(async ([name, file]) => ({ name, file, read: await files.read(file) })));
  return {
    files: Object.fromEntries(found.flatMap(({ name, read }) => (typeof read === 'object' ? [[name, read.text]] : []))),
    unreadable: found.filter(({ read }) => read === 'unreadable').map(({ file }) => file),
  };
}

async function readUntouchable(files: ComputerFiles, bootLoader: BootLoader): Promise<PreparationFacts['untouchable']> {
  const entries =
    bootLoader.type === 'systemd-boot' ? bootLoader.entries.map(({ name }) => pathOf({ file: bootLoader.folder, entry: name })) : [];
  const paths = [...Object.values(preparationFiles).filter((file) => !file.endsWith('/')), ...entries];
  const found = await Promise.all(paths.map(async (file) => [file, await files.whyUntouchable(file)] as const));
  return Object.fromEntries(found.flatMap(([file, why]) => (why === undefined ? [] : [[file, why] as const])));
}

async function findOtherVfioOptions(files: ComputerFiles): Promise<readonly string[]> {
  const all: string[] = [];
  for (const folder of ['/etc/modprobe.d', '/run/modprobe.d', '/usr/lib/modprobe.d']) {
    const names = await files.names(folder);
    for (const name of Array.isArray(names) ? (names as readonly string[]) : []) {
      const file = `${folder}/${name}`;
      if (!name.endsWith('.conf') || file === preparationFiles['modprobe-vfio']) continue;
      if (/^\s*options\s+vfio[-_]pci\s/m.test(await files.text(file))) all.push(file);
    }
  }
  return all;
}

/** Debian and Fedora let members of `kvm` start machines; elsewhere the user's own group does. */
async function groupOf(files: ComputerFiles, { name, gid }: { readonly name: string; readonly gid: number }): Promise<string> {
  const rows = (await files.text('/etc/group')).split('\n').map((line) => line.split(':'));
  const kvm = rows.find(([group]) => group === 'kvm');
  if (kvm !== undefined && (kvm[3]?.split(',').includes(name) === true || Number(kvm[2]) === gid)) return 'kvm';
  return rows.find(([, , id]) => id !== undefined && id !== '' && Number(id) === gid)?.[0] ?? String(gid);
}
