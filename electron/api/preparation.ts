// Owns what the preparation of this computer for passthrough is made of: a plan of steps, to be shown before anything happens.
// Must not decide the steps; core/preparation does.
import type { Cause } from './errors.ts';
import type { PciAddress } from './host-devices.ts';

/** The closed list of files, with the one place of each. */
export const preparationFiles = {
  'grub-default': '/etc/default/grub',
  'grub-drop-in': '/etc/default/grub.d/60-virtdeck.cfg',
  'kernel-cmdline': '/etc/kernel/cmdline',
  'loader-entry-boot': '/boot/loader/entries/',
  'loader-entry-efi': '/efi/loader/entries/',
  'loader-entry-boot-efi': '/boot/efi/loader/entries/',
  'modprobe-vfio': '/etc/modprobe.d/vfio.conf',
  'modules-load-vfio': '/etc/modules-load.d/vfio-pci.conf',
  'initramfs-modules': '/etc/initramfs-tools/modules',
  'dracut-drop-in': '/etc/dracut.conf.d/60-virtdeck.conf',
  'mkinitcpio-drop-in': '/etc/mkinitcpio.conf.d/60-virtdeck.conf',
  'udev-rule': '/etc/udev/rules.d/60-virtdeck.rules',
  'memlock-limit': '/etc/security/limits.d/60-virtdeck.conf',
} as const;

export type PreparationFile = keyof typeof preparationFiles;

/** Names of a file: one of several in its folder is named by `entry`. */
export interface FileName {
  readonly file: PreparationFile;
  /** `arch.conf`, of a loader entry. */
  readonly entry?: string;
}

/** The closed list of what is run, with its command line. */
export const preparationCommands = {
  'update-grub': 'update-grub',
  'grub-mkconfig': 'grub-mkconfig -o /boot/grub/grub.cfg',
  'grub2-mkconfig': 'grub2-mkconfig -o /boot/grub2/grub.cfg',
  'kernel-install': 'kernel-install add',
  'update-initramfs': 'update-initramfs -u -k all',
  dracut: 'dracut --force --regenerate-all',
  mkinitcpio: 'mkinitcpio -P',
  'grubby-add': 'grubby --update-kernel=ALL --args=',
  'grubby-remove': 'grubby --update-kernel=ALL --remove-args=',
  'rpm-ostree-add': 'rpm-ostree kargs --append-if-missing=',
  'rpm-ostree-remove': 'rpm-ostree kargs --delete-if-present=',
} as const;

export type PreparationCommand = keyof typeof preparationCommands;

/** Kernel arguments that a preparation may add, by name or whole: what passthrough and memory for machines need, and nothing that weakens the computer. */
export const knownKernelArguments = [
  'intel_iommu',
  'amd_iommu',
  'iommu',
  'vfio-pci.ids',
  'vfio-pci.disable_vga',
  'vfio-pci.disable_idle_d3',
  'vfio_iommu_type1.allow_unsafe_interrupts',
  'rd.driver.pre=vfio-pci',
  'default_hugepagesz',
  'hugepagesz',
  'hugepages',
  'transparent_hugepage',
  'isolcpus',
  'nohz_full',
  'rcu_nocbs',
  'kvm.ignore_msrs',
  'kvm_intel.nested',
  'kvm_amd.nested',
  'pci',
  'pcie_aspm',
  'pcie_acs_override',
  'video',
  'initcall_blacklist=sysfb_init',
] as const;

export type StepAction =
  | ({
      readonly type: 'write';
      readonly path: string;
      /** Absent: there is no such file. */
      readonly before?: string;
      readonly after: string;
    } & FileName)
  /** `argument` is a kernel argument, of grubby and rpm-ostree. */
  | { readonly type: 'run'; readonly command: PreparationCommand; readonly argument?: string };

export interface PreparationStep {
  /** Unique in its plan. */
  readonly id: string;
  readonly purpose: 'kernelArgument' | 'binding' | 'early' | 'access' | 'rebuild';
  /** One sentence. */
  readonly why: string;
  readonly action: StepAction;
}

export interface PreparationPlan {
  /** Found on this computer, in words: `Debian GNU/Linux 12, GRUB with drop-in files, update-initramfs`. */
  readonly system: string;
  readonly steps: readonly PreparationStep[];
  /** What stands against it; nothing is done then. */
  readonly causes: readonly Cause[];
  /** Worth knowing, and nothing against it. */
  readonly remarks: readonly string[];
  readonly devices: readonly PciAddress[];
  /** Whether its steps have their effect at the next start of the computer alone. */
  readonly needsReboot: boolean;
  /** Kernel arguments that are written down, and that the running kernel was not given: they wait for a restart. */
  readonly untilRestart: readonly string[];
  /** Names the steps: who applies a plan says which one was shown. */
  readonly digest: string;
}

/** The body of a POST. */
export interface ApplyPreparation {
  readonly devices: readonly PciAddress[];
  readonly digest: string;
}

interface ChangeState {
  readonly id: string;
  /** Since 1970. */
  readonly atSeconds?: number;
  /** `covered`: a newer change of the same file is to be undone first. `changedSince`: by somebody else; it is not undone. */
  readonly state: 'standing' | 'covered' | 'changedSince';
}

/** Something that was done and can be undone. */
export type PreparationChange =
  | (ChangeState & {
      readonly path: string;
      /** Absent: there was no such file. */
      readonly before?: string;
      readonly after: string;
    })
  | (ChangeState & {
      /** A kernel argument that was given by a program, or taken away by it to make room. */
      readonly argument: string;
      /** Takes it away, or gives it again. */
      readonly command: PreparationCommand;
    });

/** With `?watch=true`, again whenever something of it changed. */
export interface PreparationChanges {
  /** Newest first. */
  readonly items: readonly PreparationChange[];
  /** What is being done now. */
  readonly running?: {
    /** A file or a command line. */
    readonly what: string;
    readonly number: number;
    readonly of: number;
  };
}

/** What brings the computer up when it does not come up as prepared; to be printed. */
export interface RecoveryCard {
  readonly hostname: string;
  readonly system: string;
  readonly bootLoader: 'grub' | 'grubby' | 'rpm-ostree' | 'kernel-install' | 'systemd-boot' | 'unknown';
  /** From the kernel's line in the boot menu, for one start. */
  readonly remove: readonly string[];
  /** To the same line. */
  readonly add: readonly string[];
  readonly changes: readonly PreparationChange[];
  readonly rescueScript: string;
  /** Command lines, after the script. */
  readonly rebuild: readonly string[];
}

export function pathOf({ file, entry }: FileName): string {
  return `${preparationFiles[file]}${entry ?? ''}`;
}
