// Owns what a preparation plan is made from: how this computer starts, and the files that decide it.
// Must not gather anything; host does.
import type { PreparationCommand, PreparationFile } from '../../api/preparation.ts';

export type BootLoader =
  /** `generator` writes grub.cfg; with drop-ins it reads `/etc/default/grub.d`, too. */
  | { readonly type: 'grub'; readonly generator: 'update-grub' | 'grub-mkconfig' | 'grub2-mkconfig'; readonly dropIns: boolean }
  | { readonly type: 'grubby' }
  | { readonly type: 'rpm-ostree' }
  /** Entries are made from /etc/kernel/cmdline. */
  | { readonly type: 'kernel-install' }
  /** Entries that somebody wrote by hand. */
  | {
      readonly type: 'systemd-boot';
      readonly folder: Extract<PreparationFile, `loader-entry-${string}`>;
      readonly entries: readonly { readonly name: string; readonly text: string }[];
    }
  /** `unreadable`: the folder that would tell, and only root may read. */
  | { readonly type: 'unknown'; readonly unreadable?: string };

/** A line of the privileged program's journal. */
export interface Deed {
  /** Seconds since 1970. */
  readonly time: number;
  readonly verb: string;
  /** `begun`, `done`, or why not. */
  readonly outcome: string;
  readonly undo?: { readonly backup?: number; readonly command?: PreparationCommand; readonly argument?: string };
}

export interface Backup {
  readonly number: number;
  readonly path: string;
  readonly undone: boolean;
  /** Absent: there was no such file. */
  readonly before?: string;
  readonly after: string;
  /** As it is now; absent: there is none. */
  readonly current?: string;
}

/** What the privileged program has written down about the preparation. */
export interface PreparationRecord {
  /** Oldest first. */
  readonly deeds: readonly Deed[];
  readonly backups: readonly Backup[];
  /** Of the running kernel: seconds since 1970. */
  readonly bootedAt: number;
}

/** It, or a part of its path, is a link; somebody else than root may write it; it is no plain file of one name. */
export type Untouchable = 'link' | 'notRoots' | 'notPlain';

export const noRecord: PreparationRecord = { deeds: [], backups: [], bootedAt: 0 };

export interface PreparationFacts {
  /** PRETTY_NAME of os-release. */
  readonly system: string;
  readonly hostname: string;
  readonly cpuVendor: 'intel' | 'amd' | 'other';
  /** Of the running kernel. */
  readonly cmdline: string;
  /** Groups are there: whatever it takes was done. */
  readonly iommuInUse: boolean;
  readonly bootLoader: BootLoader;
  readonly initramfs: 'update-initramfs' | 'dracut' | 'mkinitcpio' | 'none';
  /** Then modprobe.d has no say, and the kernel command line has. */
  readonly vfioPciBuiltIn: boolean;
  /** Text of each file of the closed list that is there, entries not among them. */
  readonly files: Readonly<Partial<Record<PreparationFile, string>>>;
  /** Files of the closed list that only root may read: what is in them is not known, so nothing is planned past them. */
  readonly unreadable: readonly string[];
  /** Path → why the privileged program leaves it alone: a link, or somebody else's to write. */
  readonly untouchable: Readonly<Record<string, Untouchable>>;
  /** Other files of modprobe.d with options for vfio-pci, which would fight with ours. */
  readonly otherVfioOptions: readonly string[];
  readonly user: { readonly name: string; readonly isRoot: boolean; readonly group: string };
  readonly memoryMiB: number;
  readonly record: PreparationRecord;
}

export interface DeviceToBind {
  readonly address: string;
  /** `10de:1eb8`. */
  readonly id: string;
  /** What must come after vfio-pci. */
  readonly drivers: readonly string[];
  /** Some other device of this computer has the same id, and is not to be bound. */
  readonly hasTwin: boolean;
}

/** What is wanted, by the guide and by MachineConfigs together. */
export interface PreparationWishes {
  readonly devices: readonly DeviceToBind[];
  /** Beside what the processor needs. */
  readonly kernelArguments: readonly string[];
  /** Whole files, as MachineConfigs say. */
  readonly files: Readonly<Partial<Record<PreparationFile, string>>>;
  /** Whether anything is wanted at all: then the IOMMU is, too. */
  readonly wantsIommu: boolean;
}
