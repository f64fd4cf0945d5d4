// Owns what the machine told us, as plain data: the only things core's decisions may depend on beside the objects.
// Must not gather anything; host does.
import type { FixAction } from '../api/fix-actions.ts';
import type { HostDeviceFacts } from '../api/host-devices.ts';
import type { JsonObject } from '../api/object.ts';
import type { HostModel } from './cpu/host-model.ts';
import type { LimitAbilities } from './limits/enforcement.ts';
import type { NetworkBootFact } from './network/network-boot-facts.ts';
import type { NetworkFacts } from './network/network-facts.ts';
import type { PlacementFacts } from './placement/place-machine.ts';
import type { QuotaFacts } from './quota/machine-quota.ts';
import type { TopologyFact } from './placement/topology.ts';
import type { IsoEntry } from './qemu/launch-plan.ts';

/** Whether `/dev/kvm` really runs guests here, by the self-test. */
export type KvmState = 'works' | 'broken' | 'denied' | 'absent' | 'untested';

export interface AcceleratorFact {
  /** What guests are started with, after the setting and the self-test. */
  readonly inUse: 'kvm' | 'tcg';
  readonly kvm: KvmState;
  /** One sentence for the user. */
  readonly message: string;
}

export interface MachineType {
  readonly name: string;
  readonly alias?: string;
  readonly cpuMax: number;
  readonly deprecated: boolean;
}

export interface CpuModel {
  readonly name: string;
  /** Features that this host (under the accelerator in use) cannot give; empty means runnable. */
  readonly unavailableFeatures: readonly string[];
  readonly deprecated: boolean;
}

/** What one QEMU binary can do, from QMP. Made by `core/qemu/capabilities.ts` of a recorded conversation. */
export interface QemuCapabilities {
  readonly binary: string;
  readonly version: { readonly major: number; readonly minor: number; readonly micro: number; readonly package: string };
  readonly machines: readonly MachineType[];
  /** Under TCG and under KVM (empty when KVM was not probed). */
  readonly cpuModels: { readonly tcg: readonly CpuModel[]; readonly kvm: readonly CpuModel[] };
  /** Every CPU feature that this QEMU knows, and whether guests can have it here (empty when not probed). */
  readonly cpuFeatures: { readonly tcg: ReadonlyMap<string, boolean>; readonly kvm: ReadonlyMap<string, boolean> };
  /** What `host-model` is under each; absent when it could not be computed. */
  readonly hostModel: { readonly tcg?: HostModel; readonly kvm?: HostModel };
  /** Names of every `-device` and `-object` type. */
  readonly types: ReadonlySet<string>;
  readonly commands: ReadonlySet<string>;
}

/** One JSON file of /usr/share/qemu/firmware (docs/interop/firmware.json), flash type only. */
export interface FirmwareDescriptor {
  readonly file: string;
  readonly interfaceTypes: readonly string[];
  readonly executable: { readonly path: string; readonly format: 'raw' | 'qcow2' };
  readonly nvramTemplate: { readonly path: string; readonly format: 'raw' | 'qcow2' };
  /** Globs such as `pc-q35-*`, for one architecture (`x86_64`). */
  readonly targets: readonly { readonly architecture: string; readonly machines: readonly string[] }[];
  /** `secure-boot`, `enrolled-keys`, `requires-smm`, … */
  readonly features: readonly string[];
}

/** swtpm, by `swtpm socket --print-capabilities`. */
export interface SwtpmFact {
  /** Absolute. */
  readonly program: string;
  /** `tpm-2.0`, `cmdarg-seccomp`, `cmdarg-pwd-fd`, … */
  readonly features: ReadonlySet<string>;
}

export interface RealtimeFact {
  /** kernel.sched_rt_runtime_us: below zero nobody is stopped. */
  readonly runtimeMicroseconds: number;
  /** Root, or a limit rtprio of 1 and more. */
  readonly maySetPriority: boolean;
}

export interface HostFacts {
  readonly hostname: string;
  readonly arch: 'amd64' | 'arm64';
  readonly cpus: {
    readonly threads: number;
    readonly model: string;
    readonly vendor: string;
    /** Its time stamp counter runs at one rate in all states (nonstop_tsc of /proc/cpuinfo). */
    readonly hasInvariantTsc?: boolean;
  };
  readonly memory: { readonly totalMiB: number; readonly availableMiB: number };
  readonly topology: TopologyFact;
  /** Undefined where the kernel has no such class, or was not asked. */
  readonly realtime?: RealtimeFact;
  readonly accelerator: AcceleratorFact;
  /** Undefined when no QEMU was found. */
  readonly qemu?: QemuCapabilities;
  /** What makes the TPMs of machines; undefined when it was not found. */
  readonly swtpm?: SwtpmFact;
  /** In order of preference (user, /etc, /usr/share; then by file name). */
  readonly firmware: readonly FirmwareDescriptor[];
  readonly network: NetworkFacts;
  readonly limits: LimitAbilities;
  /** Absent while no device is allowed to machines: nobody asks then. */
  readonly hostDevices?: HostDeviceFacts;
  /** What this user may lock in memory, in bytes; absent: all of it. */
  readonly lockLimitBytes?: number;
}

/** A disk that no machine, snapshot or copy names. */
export interface UnusedDisk {
  readonly namespace: string;
  readonly name: string;
  /** What its file takes. */
  readonly bytes: number;
  readonly hasDataVolume: boolean;
}

/** A volume's file as the host found it. */
export type VolumeFact =
  | {
      readonly state: 'ready';
      readonly path: string;
      readonly format: 'qcow2' | 'raw';
      readonly virtualSizeBytes: number;
      readonly writable: boolean;
      /** Pid or name of who has it open for writing, when somebody has. */
      readonly lockedBy?: string;
      /** The machine that has it, when it is one of ours. */
      readonly holder?: { readonly namespace: string; readonly name: string };
    }
  /** `reason` when it is more than a missing file: `FailedPvcNotFound` for a claim that nobody made. */
  | { readonly state: 'missing'; readonly path?: string; readonly reason?: 'FailedPvcNotFound'; readonly message: string }
  /** `DiskFull`: it was broken off for want of space; `ExceededQuota`: its project may have no more. Both are tried again; `dataVolume` is what fills it. */
  | {
      readonly state: 'importing';
      readonly reason?: 'DiskFull' | 'ExceededQuota';
      readonly dataVolume?: string;
      /** With DiskFull: what could go, the largest first. */
      readonly unused?: readonly UnusedDisk[];
      /** With ExceededQuota: what there would have to be. */
      readonly raise?: readonly FixAction[];
      readonly message: string;
    }
  /** `reason` as KubeVirt names what became of a pulled image. */
  | {
      readonly state: 'failed';
      readonly reason?: 'ErrImagePull' | 'ImagePullBackOff';
      /** That failed to fill it. */
      readonly dataVolume?: string;
      readonly message: string;
    };

/** Everything a launch plan depends on. Paths are absolute; `runDir` must leave room for a 107-byte socket path. */
export interface LaunchFacts {
  readonly host: HostFacts;
  /** By name of `spec.volumes[]`; the files of a kernel from an image by kernelNames, which no volume can have. */
  readonly volumes: Readonly<Record<string, VolumeFact>>;
  /** By Secret name, decoded as text. Missing Secrets are absent. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By name of the volume: the files of the Secret, ConfigMap or fields that it shows. Missing objects are absent. */
  readonly contents?: Readonly<Record<string, Readonly<Record<string, IsoEntry>>>>;
  /** Of the files that the manifest names by path, beside disks, those that cannot be read. */
  readonly unreadableFiles: ReadonlySet<string>;
  /** spec.config of the NetworkAttachmentDefinitions, by name of `spec.networks[]`. Missing ones are absent. */
  readonly attachments: Readonly<Record<string, string>>;
  /** Where the certificate of VNC is, or will be when it is asked for. */
  readonly vncCertificateDir: string;
  /** Of the folder that the machine's annotation names; absent without one. */
  readonly networkBoot?: NetworkBootFact;
  /** Runtime files of this run: sockets, pid file, seeds. Mode 0700. */
  readonly runDir: string;
  /** Files kept over runs: NVRAM, serial log. Mode 0700. */
  readonly stateDir: string;
  /** TCP ports of the loopback that are taken, as far as the plan asks for fixed ones. */
  readonly takenPorts: ReadonlySet<number>;
  /** Where machines may go, and what is left there. */
  readonly placement: PlacementFacts;
  /** What the machine's project allows; absent where nothing is set. */
  readonly quota?: QuotaFacts;
  /** Memory promised to other running machines, MiB. */
  readonly promisedMiB: number;
}

/** What is known of a kill by the kernel for want of memory. Amounts are bytes, of all processes of the machine. */
export interface OutOfMemoryFact {
  /** `machine`: its own limit. `group`: one that it lies in together with others. Absent: not told apart. */
  readonly of?: 'machine' | 'group' | 'computer';
  /** As /proc/PID/cgroup names it. */
  readonly group?: string;
  readonly limitBytes?: number;
  readonly peakBytes?: number;
}

/** How a QEMU process ended. */
export type ExitFact =
  | { readonly type: 'GuestShutdown' }
  | { readonly type: 'HostStopped'; readonly signal?: string }
  | { readonly type: 'Crashed'; readonly code?: number; readonly signal?: string; readonly stderr: string }
  | { readonly type: 'Killed'; readonly signal: string }
  | ({ readonly type: 'OutOfMemory' } & OutOfMemoryFact)
  /** It ended while nobody watched and left a clean pid file: the guest shut down, or somebody ended QEMU politely. */
  | { readonly type: 'EndedUnwatched' }
  /** Neither the process nor a trace of it is there any more, as after a restart of the computer. */
  | { readonly type: 'Lost' };

/** What a running machine tells, in order. Only enqueued where it is heard; handled by the controller. */
export type MachineFact =
  | { readonly type: 'QmpEvent'; readonly event: string; readonly data: JsonObject; readonly at: number }
  | { readonly type: 'Agent'; readonly connected: boolean; readonly at: number }
  | { readonly type: 'Interfaces'; readonly interfaces: readonly GuestInterface[]; readonly at: number }
  | { readonly type: 'SecureBoot'; readonly report: SecureBootReport; readonly at: number }
  | { readonly type: 'GuestOs'; readonly os: GuestOsInfo; readonly at: number }
  /** A program beside QEMU ended while the machine ran. `serves` is what the machine lost: `The TPM`. */
  | { readonly type: 'SidecarEnded'; readonly name: string; readonly serves: string; readonly message: string; readonly at: number }
  | { readonly type: 'Exited'; readonly exit: ExitFact; readonly at: number };

export interface GuestInterface {
  readonly interfaceName: string;
  readonly mac: string;
  readonly ipAddresses: readonly string[];
}

/** What the guest sees of its firmware. In setup mode the firmware has no keys, so that nothing is verified. */
export interface SecureBootReport {
  readonly enabled: boolean;
  readonly setupMode: boolean;
}

/** QEMU guest agent's guest-get-osinfo, KubeVirt's names. */
export interface GuestOsInfo {
  readonly id?: string;
  readonly name?: string;
  readonly version?: string;
  readonly versionId?: string;
  readonly prettyName?: string;
  readonly kernelRelease?: string;
  readonly kernelVersion?: string;
  readonly machine?: string;
  readonly hostname?: string;
}
