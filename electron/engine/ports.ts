// Owns what the engine needs of the world: the clock and names, the computer and its parts, and all ports together.
// Must not import any implementation.
import type { Role, ServerName } from '../api/certificates.ts';
import type { ComputerReport } from '../api/computer.ts';
import type { JsonObject } from '../api/object.ts';
import type { HostDeviceFacts, PciAddress } from '../api/host-devices.ts';
import type { LoginStart } from '../api/login-start.ts';
import type { PreparationStep } from '../api/preparation.ts';
import type { PrivilegedRequest, VirtualFunctionSettings } from '../api/privileged.ts';
import type { Settings } from '../api/kinds/settings.ts';
import type { ClusterPort } from './cluster-port.ts';
import type { CertificateFacts } from '../core/certificates/certificate-facts.ts';
import type { Life } from '../core/certificates/renewal.ts';
import type { RuntimeBindings } from '../core/devices/trials.ts';
import type { HostFacts } from '../core/facts.ts';
import type { LimitAbilities, LimitShortfall } from '../core/limits/enforcement.ts';
import type { LimitPlan } from '../core/limits/limit-plan.ts';
import type { KeptPages, MemoryFacts, ProcessMemory } from '../core/memory/memory-facts.ts';
import type { NetworkBootFact } from '../core/network/network-boot-facts.ts';
import type { NetworkBootSource } from '../core/network/network-boot-source.ts';
import type { NetworkFacts } from '../core/network/network-facts.ts';
import type { PreparationFacts } from '../core/preparation/preparation-facts.ts';
import type { FunctionConnection, TapConnection } from '../core/qemu/launch-plan.ts';
import type { DiskPort, ImagePort } from './disk-port.ts';
import type { MachinePort } from './machine-port.ts';

// ---------------------------------------------------------------- clock and names

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once after `ms`; the returned function cancels. Must not keep the process alive. */
  after(ms: number, work: () => void): () => void;
}

export interface Ids {
  /** RFC 4122 version 4. */
  uuid(): string;
  /** Lower-case suffix for generateName, 5 characters of Kubernetes' safe alphabet. */
  suffix(): string;
}

export interface Log {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

// ---------------------------------------------------------------- the computer

/** Since the computer started, in the kernel's ticks. */
export interface ProcessorTimes {
  readonly busyTicks: number;
  readonly totalTicks: number;
}

export interface ComputerPort {
  /** Cached; cheap to call at every start. */
  facts(settings: Settings['spec']): Promise<HostFacts>;
  report(settings: Settings['spec']): Promise<ComputerReport>;
  /** By Linux' number; those that are on. */
  processorTimes(): Promise<ReadonlyMap<number, ProcessorTimes>>;
  /** Which of these files cannot be opened for reading now. */
  unreadableFiles(paths: readonly string[]): Promise<ReadonlySet<string>>;
  /** Which of these loopback ports cannot be bound now. */
  takenPorts(ports: readonly number[]): Promise<ReadonlySet<number>>;
}

// ---------------------------------------------------------------- networks

export interface NetworkPort {
  facts(): Promise<NetworkFacts>;
  /** Undefined when there is nothing to look at: an address. */
  inspectBoot(source: NetworkBootSource): Promise<NetworkBootFact | undefined>;
  /** Makes network interfaces of a run, remembered in its run directory; removing that removes them. Throws Forbidden or ToolFailed. */
  connect(run: {
    readonly runDir: string;
    readonly taps: readonly TapConnection[];
    /** Told to their cards; as they were before when the run directory goes. */
    readonly functions?: readonly FunctionConnection[];
  }): Promise<void>;
  /** Removes one of them, of a card that was plugged out. */
  release(runDir: string, tap: string): Promise<void>;
  /** Throws Forbidden when no administrator agreed, ToolFailed with the reason. */
  ask(request: PrivilegedRequest): Promise<void>;
}

// ---------------------------------------------------------------- host devices

export interface NewMdev {
  /** Name of an MdevParent. */
  readonly parent: string;
  readonly typeId: string;
  readonly uuid: string;
}

export interface HostDevicePort {
  /** Read anew each time: drivers and groups change under us. */
  facts(): Promise<HostDeviceFacts>;
  /** What an SR-IOV card holds its virtual functions to, by their addresses: a program is asked, and so it is no part of facts. */
  functionSettings(card: PciAddress): Promise<ReadonlyMap<PciAddress, VirtualFunctionSettings>>;
  /** What was handed to VFIO since the computer started. */
  bindings(): Promise<RuntimeBindings>;
  /** The whole IOMMU group, for this user. With `seconds`: a trial. Throws Forbidden when no administrator agreed, ToolFailed with the reason. */
  bind(binding: { readonly address: PciAddress; readonly seconds?: number }): Promise<void>;
  /** The trial of this address is over, and the group stays. Throws as bind does. */
  keep(address: PciAddress): Promise<void>;
  /** The whole IOMMU group, back to the drivers it had. Throws as bind does, and Conflict while a machine has it. */
  unbind(address: PciAddress): Promise<void>;
  /** Of an interrupted group: as unbind, where no password is asked for. Whether that is so. */
  finish(address: PciAddress): Promise<boolean>;
  /** What this user may lock in memory; undefined: any amount. */
  lockLimitBytes(): Promise<number | undefined>;
  /** Lets QEMU, which inherits it, lock so much; with `pid`, one that runs already. Throws as bind does. */
  allowLocking(bytes: number, pid?: number): Promise<void>;
  /** Of an SR-IOV card; no driver here seizes them. Throws as bind does. */
  setVirtualFunctions(address: PciAddress, count: number): Promise<void>;
  /** Whether some were made since the computer started, by whomever; cheaper than facts. */
  hasMadeMdevs(): Promise<boolean>;
  /** A mediated device, for this user. Throws as bind does, and Conflict when no more of the type can be made of it. */
  makeMdev(mdev: NewMdev): Promise<void>;
  /** One that was made so. Throws as bind does, and Conflict while a machine has it. */
  removeMdev(uuid: string): Promise<void>;
}

// ---------------------------------------------------------------- limits

/** Of all processes of one run together. */
export interface MemoryCounters {
  readonly currentBytes: number;
  readonly peakBytes?: number;
  readonly limitBytes?: number;
  /** Processes that the kernel ended for want of memory. */
  readonly oomKills: number;
  /** It has been at its limit. */
  readonly reachedLimit: boolean;
}

export interface LimitPort {
  abilities(): Promise<LimitAbilities>;
  /** Makes the group of a run, or changes it; it goes with the run directory. Values that nothing can hold are to be left out. Never rejects. */
  set(runDir: string, plan: LimitPlan): Promise<readonly LimitShortfall[]>;
  /** Whether the process is where it is limited. */
  verify(runDir: string, pid: number): Promise<readonly LimitShortfall[]>;
  /** Undefined where nothing counts. */
  counters(runDir: string): Promise<MemoryCounters | undefined>;
  setOomOrder(pid: number, value: number): Promise<void>;
}

/** What decides how this computer starts and which driver its devices get. */
export interface PreparationPort {
  /** Read anew each time: an administrator may have changed any of it. */
  facts(): Promise<PreparationFacts>;
  /** Whole or not at all. Throws Conflict when the file is not as the step says, Forbidden when no administrator agreed, ToolFailed. */
  apply(step: PreparationStep): Promise<void>;
  /** Puts a file back as it was before the change of this number. Throws as apply does. */
  restore(backup: number): Promise<void>;
}

// ---------------------------------------------------------------- memory

export interface MemoryPort {
  /** Read anew each time. */
  facts(): Promise<MemoryFacts>;
  /** Undefined when it is gone. */
  process(pid: number): Promise<ProcessMemory | undefined>;
  /** Pools that are reserved at each start of the computer, as Virtdeck wrote them. */
  keptPages(): Promise<readonly KeptPages[]>;
}

// ---------------------------------------------------------------- certificates

/** Keys never leave it but in `material`. The newest authority that can sign does so. */
export interface CertificatePort {
  /** The file with every authority that is trusted, as PEM. */
  readonly bundlePath: string;
  /** What QEMU's `tls-creds-x509,dir=` is given. */
  readonly vncDir: string;
  facts(): Promise<CertificateFacts>;
  issueAuthority(life: Life): Promise<void>;
  forgetAuthority(serialNumber: string): Promise<void>;
  issueServer(order: { readonly name: ServerName; readonly hosts: readonly string[]; readonly life: Life }): Promise<void>;
  /** Throws BadRequest for a key that is none. It never outlives the authority that signs it. */
  issueClient(order: ClientCertificateOrder): Promise<{ readonly certificate: string; readonly notAfterMs: number }>;
  /** Undefined while there is none. */
  material(name: ServerName): Promise<TlsMaterial | undefined>;
}

export interface ClientCertificateOrder {
  /** SPKI as PEM. */
  readonly publicKey: string;
  readonly user: string;
  readonly role: Role;
  readonly life: Life;
}

/** PEM texts. */
export interface TlsMaterial {
  /** The server's own first, then what leads from older authorities to the one that signed it. */
  readonly certificate: string;
  readonly key: string;
  /** Every authority that is trusted. */
  readonly authorities: string;
}

/** Before sleep the computer waits for the promise, for a moment. */
export interface SleepListener {
  readonly onSleep: () => Promise<void>;
  readonly onWake: () => Promise<void>;
}

export interface SessionPort {
  loginStart(): Promise<LoginStart>;
  /** Throws ServiceUnavailable without systemd, ToolFailed. */
  setLoginStart(enabled: boolean): Promise<LoginStart>;
  watchSleep(listener: SleepListener): () => void;
}

export type { DiskFill, DiskPort, DiskSource, DiskTarget, FillOptions, ImagePort, ImagePull, Progress, PulledImage } from './disk-port.ts';
export type { FactListener, FoundMachine, MachinePort, ProbeAnswer, RunningMachine, ScreenPicture } from './machine-port.ts';
export type { Change, RevisionMark, Store, StoreReader, StoreWriter, StoredRevision } from './store-port.ts';
export type { ContainerDiskOrder, PackedDisk, PackOrder } from './disk-copies.ts';
export type {
  AskedAnswer,
  ByteAddress,
  ClusterAnswer,
  ClusterPlace,
  ClusterPort,
  ClusterQuestion,
  ClusterRequest,
  IncomingBytes,
  OutgoingBytes,
  ReceiveOptions,
} from './cluster-port.ts';

export interface Host {
  readonly certificates: CertificatePort;
  readonly session: SessionPort;
  readonly clusters: ClusterPort;
  readonly machines: MachinePort;
  readonly disks: DiskPort;
  readonly images: ImagePort;
  readonly computer: ComputerPort;
  readonly network: NetworkPort;
  readonly devices: HostDevicePort;
  readonly limits: LimitPort;
  readonly preparation: PreparationPort;
  readonly memory: MemoryPort;
  close(): Promise<void>;
}
