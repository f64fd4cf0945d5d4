// Owns what the engine needs of the world: interfaces for the store, the machine, the clock and names.
// Must not import any implementation.
import type { Role, ServerName } from '../api/certificates.ts';
import type { ByteChannel } from '../api/channel.ts';
import type { CatalogImage, ComputerReport, DirectoryListing, ImageInspection, UsageSample } from '../api/computer.ts';
import type { DraftObject, Json, JsonObject, KubeObject, ManagedFieldsEntry, ObjectKey, ResourceId } from '../api/object.ts';
import type { Evidence, EvidenceReport } from '../api/evidence.ts';
import type { HostDeviceFacts, PciAddress } from '../api/host-devices.ts';
import type { LoginStart } from '../api/login-start.ts';
import type { PreparationStep } from '../api/preparation.ts';
import type { PrivilegedRequest } from '../api/privileged.ts';
import type { Settings } from '../api/kinds/settings.ts';
import type { RevisionOperation, RevisionQuery } from '../api/revision.ts';
import type { ClusterPort } from './cluster-port.ts';
import type { ContainerDiskOrder, PackedDisk, PackOrder } from './disk-copies.ts';
import type { CertificateFacts } from '../core/certificates/certificate-facts.ts';
import type { Life } from '../core/certificates/renewal.ts';
import type { RuntimeBindings } from '../core/devices/trials.ts';
import type { ExitFact, HostFacts, MachineFact, VolumeFact } from '../core/facts.ts';
import type { LimitAbilities, LimitShortfall } from '../core/limits/enforcement.ts';
import type { LimitPlan } from '../core/limits/limit-plan.ts';
import type { KeptPages, MemoryFacts, ProcessMemory } from '../core/memory/memory-facts.ts';
import type { NetworkBootFact } from '../core/network/network-boot-facts.ts';
import type { NetworkBootSource } from '../core/network/network-boot-source.ts';
import type { NetworkFacts } from '../core/network/network-facts.ts';
import type { PreparationFacts } from '../core/preparation/preparation-facts.ts';
import type { ThreadPlaces } from '../core/placement/thread-places.ts';
import type { GuestRoute } from '../core/qemu/guest-routes.ts';
import type { LaunchPlan, PlannedFile, TapConnection } from '../core/qemu/launch-plan.ts';
import type { ProbeQuestion } from '../core/reconcile/probes.ts';

// ---------------------------------------------------------------- store

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceId;
  readonly object: KubeObject;
  /** The object before, for selectors that it may have left. */
  readonly previous?: KubeObject;
  /** Equals object.metadata.resourceVersion as a number; one counter for everything. */
  readonly resourceVersion: number;
}

/** A line of the journal: one change of a definition by a client. */
export interface StoredRevision {
  /** Grows. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly manager: string;
  readonly operation: RevisionOperation;
  readonly key: ObjectKey;
  readonly uid: string;
  /** Absent before a creation. */
  readonly before?: DraftObject;
  /** Absent after a deletion. */
  readonly after?: DraftObject;
  /** Id of the revision that this one took back. */
  readonly undoes?: number;
}

/** Who wrote when, without what. */
export type RevisionMark = Pick<StoredRevision, 'id' | 'at' | 'manager' | 'undoes'>;

export interface StoreReader {
  get(key: ObjectKey): KubeObject | undefined;
  /** Ordered by namespace, then name. */
  list(resource: ResourceId, namespace?: string): readonly KubeObject[];
  count(resource: ResourceId, namespace?: string): number;
  resourceVersion(): number;
  revision(id: number): StoredRevision | undefined;
  /** Newest first. The oldest are forgotten. */
  revisions(query: RevisionQuery & { readonly after?: number }): readonly StoredRevision[];
  /** All that are left of one object's, oldest first. */
  revisionMarks(key: ObjectKey): readonly RevisionMark[];
  /** Who wrote which fields. Read from disk each time: few ask, and it can be larger than the object. */
  managedFields(key: ObjectKey): readonly ManagedFieldsEntry[];
}

/** Writes of one transaction. The store sets resourceVersion (and generation is the caller's). */
export interface StoreWriter extends StoreReader {
  /** Throws AlreadyExists. */
  insert(resource: ResourceId, object: KubeObject): KubeObject;
  /** Throws NotFound; throws Conflict when `expected` is given and is not the stored resourceVersion. An equal object writes nothing. */
  replace(resource: ResourceId, object: KubeObject, expected?: string): KubeObject;
  /** Makes no new resourceVersion. */
  setManagedFields(key: ObjectKey, entries: readonly ManagedFieldsEntry[]): void;
  /** Throws NotFound. */
  remove(key: ObjectKey): KubeObject;
  addRevision(revision: Omit<StoredRevision, 'id'>): void;
}

export interface Store extends StoreReader {
  /** All or nothing; listeners hear of it after the commit. Nested calls join. */
  transaction<T>(work: (tx: StoreWriter) => T): T;
  /** Changes after a resourceVersion, oldest first, or `expired` when the feed no longer reaches back that far. */
  changesSince(resourceVersion: number, resource?: ResourceId): readonly Change[] | 'expired';
  subscribe(listener: (changes: readonly Change[]) => void): () => void;
  close(): void;
}

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

// ---------------------------------------------------------------- machines

export type FactListener = (fact: MachineFact) => void;

export interface ProbeAnswer {
  readonly succeeded: boolean;
  /** One sentence. */
  readonly message: string;
}

/** A QEMU process with its QMP session. */
export interface RunningMachine {
  readonly vmi: LaunchPlan['vmi'];
  readonly pid: number;
  /** Sends one QMP command; throws QmpFailed with QEMU's text, or QmpTimeout. */
  qmp(execute: string, args?: JsonObject, timeoutMs?: number): Promise<Json>;
  /** Sends one guest agent command; throws AgentUnavailable. */
  agent(execute: string, args?: JsonObject, timeoutMs?: number): Promise<Json>;
  /** Runs a job of QEMU to its end; throws QmpFailed with its words. */
  job(execute: string, args: JsonObject): Promise<void>;
  /** One question of a liveness or readiness probe. Does not reject for what the guest does. */
  probe(question: ProbeQuestion, timeoutMs: number): Promise<ProbeAnswer>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /**
   * Puts every thread where it belongs: vCPUs on their own processors, all others on `cpus` (absent: they stay where they are).
   * Returns how many were elsewhere; throws PinningFailed when the kernel refuses.
   */
  pin(threads: ThreadPlaces): Promise<number>;
  /** Never rejects. */
  readonly exited: Promise<ExitFact>;
  /** Replays from power-on when asked, then live. A stalled reader never blocks the guest. */
  openSerial(options: { readonly replay: boolean }): Promise<ByteChannel>;
  openVnc(): Promise<ByteChannel>;
  /** One connection to a port of the guest, by the first route that leads there. Throws ServiceUnavailable. */
  openPort(routes: readonly GuestRoute[], to: { readonly protocol: 'tcp' | 'udp'; readonly port: number }): Promise<ByteChannel>;
  /** PNG. */
  screenshot(): Promise<Uint8Array>;
  /** Two calls make rates; the caller decides how often. */
  usage(): Promise<UsageSample>;
  /** Lets go of QMP and consoles; the guest runs on. */
  detach(): Promise<void>;
}

/** A run directory found on disk. */
export interface FoundMachine {
  readonly vmi: LaunchPlan['vmi'];
  readonly runDir: string;
  /** Alive: pid, start time and QMP uuid agree. Otherwise how it ended, as far as its leftovers tell. */
  readonly state: { readonly alive: true } | { readonly alive: false; readonly exit: ExitFact };
}

export interface MachinePort {
  /** Makes the 0700 run directory and records the plan's identity in it. Undo: removeRunDir. */
  createRunDir(plan: LaunchPlan): Promise<void>;
  /** With everything that was made for the run: what still runs beside a QEMU that is gone, and network interfaces. */
  removeRunDir(runDir: string): Promise<void>;
  placeFile(file: PlannedFile): Promise<void>;
  /** Starts what the plan has beside QEMU; resolves when every socket is there. Throws SidecarFailed. Undo: endSidecars. */
  startSidecars(plan: LaunchPlan): Promise<void>;
  endSidecars(runDir: string): Promise<void>;
  /** Detached, in its own scope where systemd is there; resolves when QMP answers, with vCPUs stopped. Throws QemuExitedEarly with stderr. */
  spawn(plan: LaunchPlan, onFact: FactListener): Promise<RunningMachine>;
  scan(): Promise<readonly FoundMachine[]>;
  adopt(found: FoundMachine, onFact: FactListener): Promise<RunningMachine>;
  /** The directories a new run of this VMI would use. `owner` names what keeps state over runs (the VirtualMachine's uid). */
  directories(vmiUid: string, ownerUid: string): { readonly runDir: string; readonly stateDir: string };
  /** Makes the next run begin with fresh UEFI variables. Answers the paths under which the old ones are kept. */
  setNvramAside(ownerUid: string): Promise<readonly string[]>;
  /** Removes the disks that were made for one run, which is over. */
  removeRunDisks(ownerUid: string): Promise<void>;
  /** Removes what was kept over runs. */
  removeStateDir(ownerUid: string): Promise<void>;
  serialLog(ownerUid: string): Promise<Uint8Array | undefined>;
  /** The last screenshot kept when the machine stopped, PNG. */
  lastScreenshot(ownerUid: string): Promise<Uint8Array | undefined>;
  keepScreenshot(ownerUid: string, png: Uint8Array): Promise<void>;
  /** Images that are kept over runs and belong to the machine's state: the firmware's variables. */
  stateImages(ownerUid: string): Promise<readonly string[]>;
  /**
   * The kept state of the machine's TPM, as it was when a snapshot was taken: kept beside, put back, freed. A machine without one has
   * nothing to keep, and what was not kept is not put back. Nobody may be writing to it.
   */
  tpmCopy(ownerUid: string, action: 'take' | 'goBack' | 'forget', tag: string): Promise<void>;
  /** Adds what the serial console and QEMU said last. Only the newest are kept. */
  keepEvidence(ownerUid: string, report: EvidenceReport, screenshot?: Uint8Array): Promise<void>;
  /** Oldest first. */
  evidence(ownerUid: string): Promise<readonly Evidence[]>;
  /** PNG. */
  evidenceScreenshot(ownerUid: string, id: string): Promise<Uint8Array | undefined>;
}

// ---------------------------------------------------------------- disks and images

export interface Progress {
  readonly step: 'wait' | 'download' | 'verify' | 'convert' | 'copy' | 'build' | 'upload';
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  readonly percent?: number;
  readonly secondsLeft?: number;
  readonly message?: string;
}

export interface DiskTarget {
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  readonly sizeBytes: number;
}

export type DiskSource =
  | { readonly type: 'blank' }
  | { readonly type: 'http'; readonly url: string; readonly checksum?: string; readonly authorities?: string }
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'clone'; readonly path: string }
  | { readonly type: 'upload' }
  | ({ readonly type: 'registry' } & ImagePull)
  | { readonly type: 'mmdebstrap'; readonly suite?: string; readonly packages?: readonly string[] };

export interface FillOptions {
  readonly onProgress: (progress: Progress) => void;
  /** For `upload`. */
  readonly bytes?: AsyncIterable<Uint8Array>;
}

export interface DiskFill {
  readonly done: Promise<{ readonly virtualSizeBytes: number; readonly digest?: string }>;
  /** `done` then rejects with AppError Timeout; an http download keeps its partial file for a resume. */
  cancel(): void;
}

export interface DiskPort {
  /** Where a claim's file is or would be. */
  claimPath(namespace: string, name: string, format: 'qcow2' | 'raw'): string;
  /** Never throws for a missing or odd file: it says so. */
  inspectVolume(path: string, options: { readonly writable: boolean }): Promise<VolumeFact>;
  /** Fills the target from the source, or leaves nothing behind. Throws ImageRefused, ImageFetchFailed, DiskFull, ToolFailed. */
  fill(target: DiskTarget, source: DiskSource, options: FillOptions): DiskFill;
  remove(path: string): Promise<void>;
  /** A copy for a journey. Throws ToolFailed, also for a disk that somebody writes to, DiskFull, Timeout when it was given up. */
  pack(order: PackOrder): Promise<PackedDisk>;
  /** Puts what `write` makes, as raw bytes, in the place of a claim's disk; a failure leaves the disk as it was. Throws ToolFailed, DiskFull. */
  rewrite(target: DiskTarget, write: (draft: string) => Promise<void>): Promise<void>;
  /** Grows only. */
  resize(path: string, sizeBytes: number): Promise<void>;
  /** Snapshots inside a qcow2 image that nobody has open. Throws ToolFailed with qemu-img's words. */
  snapshot(path: string, action: 'take' | 'goBack' | 'forget', tag: string): Promise<void>;
  /** Names of those that an image holds. */
  snapshotsIn(path: string): Promise<readonly string[]>;
  inspectImage(path: string): Promise<ImageInspection>;
  listDirectory(path: string): Promise<DirectoryListing>;
  catalog(): Promise<readonly CatalogImage[]>;
  poolSpace(): Promise<{ readonly path: string; readonly totalBytes: number; readonly freeBytes: number }>;
}

export interface ImagePull {
  /** `quay.io/containerdisks/fedora:40`, checked. */
  readonly image: string;
  /** Of the file in the image, without a slash in front; undefined: the only one in `disk/`. */
  readonly path?: string;
  /** A disk, the default, is inspected as a stranger's; a file, such as a kernel, is taken as it is. */
  readonly as?: 'disk' | 'file';
  /** The text of an auth file. */
  readonly credentials?: string;
  /** Certificates of authorities, as PEM, that the registry's own may come from. */
  readonly authorities?: string;
  readonly insecure: boolean;
}

/** A disk, or another file, of a container image. Nobody writes to it; whoever runs it lays a file of its own on top. */
export interface PulledImage {
  readonly image: string;
  /** `sha256:…` of what the name meant when it was pulled. */
  readonly digest: string;
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  readonly virtualSizeBytes: number;
}

export interface ImagePort {
  /** What was pulled under this name, without asking the registry. */
  cached(image: string, file?: Pick<ImagePull, 'path' | 'as'>): Promise<PulledImage | undefined>;
  /** `done` throws ImageFetchFailed, ImageRefused, DiskFull, ToolFailed, or Timeout when cancelled. */
  pull(pull: ImagePull, onProgress: (progress: Progress) => void): { readonly done: Promise<PulledImage>; cancel(): void };
  /** Writes an OCI archive, as skopeo and podman read it. Throws AlreadyExists, ToolFailed, DiskFull. */
  writeContainerDisk(order: ContainerDiskOrder): Promise<{ readonly path: string; readonly digest: string }>;
  /** Removes what nobody has used for a week; `inUse` are paths of disks. */
  collect(inUse: ReadonlySet<string>): Promise<void>;
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
  connect(run: { readonly runDir: string; readonly taps: readonly TapConnection[] }): Promise<void>;
  /** Removes one of them, of a card that was plugged out. */
  release(runDir: string, tap: string): Promise<void>;
  /** Throws Forbidden when no administrator agreed, ToolFailed with the reason. */
  ask(request: PrivilegedRequest): Promise<void>;
}

// ---------------------------------------------------------------- host devices

export interface HostDevicePort {
  /** Read anew each time: drivers and groups change under us. */
  facts(): Promise<HostDeviceFacts>;
  /** What was handed to VFIO since the computer started. */
  bindings(): Promise<RuntimeBindings>;
  /** The whole IOMMU group, for this user. With `seconds`: a trial. Throws Forbidden when no administrator agreed, ToolFailed with the reason. */
  bind(binding: { readonly address: PciAddress; readonly seconds?: number }): Promise<void>;
  /** The trial of this address is over, and the group stays. Throws as bind does. */
  keep(address: PciAddress): Promise<void>;
  /** The whole IOMMU group, back to the drivers it had. Throws as bind does, and Conflict while a machine has it. */
  unbind(address: PciAddress): Promise<void>;
  /** What this user may lock in memory; undefined: any amount. */
  lockLimitBytes(): Promise<number | undefined>;
  /** Lets QEMU, which inherits it, lock so much. Throws as bind does. */
  allowLocking(bytes: number): Promise<void>;
  /** Of an SR-IOV card; no driver here seizes them. Throws as bind does. */
  setVirtualFunctions(address: PciAddress, count: number): Promise<void>;
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
