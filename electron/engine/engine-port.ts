// Owns what the engine offers to the server: the calls of the router.
// Must not know HTTP.
import type { Clusters } from './clusters/clusters.ts';
import type { Role, ServerName } from '../api/certificates.ts';
import type { ByteChannel } from '../api/channel.ts';
import type {
  CatalogImage,
  ComputerReport,
  DirectoryListing,
  FirmwareReset,
  ImageInspection,
  SnapshotCheck,
  UsageLine,
  UsageSample,
} from '../api/computer.ts';
import type { DraftObject, Json, KubeObject, ManagedFieldsEntry, ObjectKey, ResourceId } from '../api/object.ts';
import type { Evidence } from '../api/evidence.ts';
import type { MemoryReport } from '../api/memory.ts';
import type { HugePageChange, HugePageReport } from '../api/huge-pages.ts';
import type { DeviceTrial, DeviceTrialList, NewDeviceTrial } from '../api/device-trials.ts';
import type { HostDeviceReport, PciAddress } from '../api/host-devices.ts';
import type { LoginStart } from '../api/login-start.ts';
import type { CpuLoadLine, NodeMap } from '../api/node-map.ts';
import type { NetworkReport, NewBridge } from '../api/networks.ts';
import type { ApplyPreparation, PreparationChanges, PreparationPlan, RecoveryCard } from '../api/preparation.ts';
import type { ProcessorReport } from '../api/processor.ts';
import type { Revision, RevisionQuery } from '../api/revision.ts';
import type { StartCheck } from '../api/start-check.ts';
import type { VolumeRequest } from '../core/reconcile/volume-request.ts';
import type { ConsoleName, ConsoleViewers, MachineVerb, MachineVerbOptions } from '../api/verbs.ts';
import type { TakeBack } from './revisions.ts';
import type { ClientCertificate, RotationScope } from './certificates.ts';
import type { TransferReview, TransferSpec } from '../api/kinds/transfer.ts';
import type { Change, PackedDisk, TlsMaterial } from './ports.ts';

export interface WriteOptions {
  readonly dryRun?: boolean;
  /** Who: `kubectl`, `virtdeck`, `window`. A change by somebody is kept in the journal, and with the fields that it writes. */
  readonly manager?: string;
  /** The revision that this takes back. */
  readonly undoes?: number;
}

export interface DeleteOptions extends WriteOptions {
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface ApplyOptions extends WriteOptions {
  readonly manager: string;
  /** Takes fields from other managers instead of conflicting with them. */
  readonly force: boolean;
  readonly subresource?: 'status';
  /** Looks at the whole that comes of it, before it is admitted; throws to refuse. What is applied is a part. */
  readonly check: (whole: DraftObject) => void;
}

/** Every method throws AppError for an expected refusal. Objects given are already strictly decoded. */
export interface Engine {
  get(key: ObjectKey): KubeObject;
  list(resource: ResourceId, namespace?: string): { readonly items: readonly KubeObject[]; readonly resourceVersion: number };
  /** Defaults and validates. */
  create(resource: ResourceId, namespace: string | undefined, draft: DraftObject, options?: WriteOptions): Promise<KubeObject>;
  /** `draft.metadata.resourceVersion`, when given, must be the stored one. `subresource: 'status'` changes status alone. */
  update(key: ObjectKey, draft: DraftObject, options?: WriteOptions & { readonly subresource?: 'status' }): Promise<KubeObject>;
  /** Server-side apply: creates the object, or changes what `config` names and what its manager named before. Throws Conflict. */
  apply(key: ObjectKey, config: DraftObject, options: ApplyOptions): Promise<{ readonly object: KubeObject; readonly created: boolean }>;
  delete(key: ObjectKey, options?: DeleteOptions): Promise<KubeObject>;
  /** Newest first. */
  revisions(query: RevisionQuery): readonly Revision[];
  /** With the definitions before and after. */
  revision(name: string): Revision;
  watchRevisions(listener: (revision: Revision) => void): () => void;
  /** Answers the revision that this made. Throws Conflict with the reason when later changes, or what is there now, stand against it. */
  takeBack(how: TakeBack, name: string, options: WriteOptions): Promise<Revision>;
  managedFields(key: ObjectKey): readonly ManagedFieldsEntry[];
  /** Of one resource when it is named: the others are then not read from disk. */
  changesSince(resourceVersion: number, resource?: ResourceId): readonly Change[] | 'expired';
  subscribe(listener: (changes: readonly Change[]) => void): () => void;

  /** start, stop, restart act on the VirtualMachine; pause, unpause, softreboot, reset on the VirtualMachineInstance. Throws Conflict by the lifecycle table. */
  act(verb: MachineVerb, key: ObjectKey, options?: MachineVerbOptions & Pick<WriteOptions, 'manager'>): Promise<void>;
  /** Plugs a disk in, or out: of a VirtualMachine for good, of an instance until its end. Throws NotFound, Conflict or Invalid. */
  changeVolumes(key: ObjectKey, request: VolumeRequest, options?: Pick<WriteOptions, 'dryRun' | 'manager'>): Promise<void>;
  /** Begins writing a running machine's memory into a claim; its status tells of the end. Throws NotFound, BadRequest or Conflict. */
  requestMemoryDump(key: ObjectKey, claimName: string): Promise<void>;
  removeMemoryDump(key: ObjectKey): Promise<void>;
  /** Everything that start would check, and the plan. Changes nothing. `objects`: what is not stored and counts as if it were. */
  startCheck(key: ObjectKey, objects?: readonly DraftObject[]): Promise<StartCheck>;
  /** What a snapshot would keep and take now. Throws NotFound. */
  snapshotCheck(key: ObjectKey): Promise<SnapshotCheck>;
  /** Resolves when it is saved and about to end. Throws NotFound, Conflict, and Invalid with every cause why it cannot be. */
  suspendToDisk(key: ObjectKey, options?: Pick<WriteOptions, 'dryRun' | 'manager'>): Promise<void>;
  /** Throws NotFound and Conflict. */
  discardSavedState(key: ObjectKey, options?: { readonly dryRun?: boolean }): Promise<void>;
  /** Sets the UEFI variables of a stopped machine back, and keeps the old ones. Throws Conflict while it runs. */
  resetFirmware(key: ObjectKey, options?: { readonly dryRun?: boolean }): Promise<FirmwareReset>;
  openConsole(name: ConsoleName, key: ObjectKey): Promise<ByteChannel>;
  /** A connection to a port of the guest, for `virtctl port-forward` and `ssh`. */
  openGuestPort(key: ObjectKey, to: { readonly protocol: 'tcp' | 'udp'; readonly port: number }): Promise<ByteChannel>;
  /** Told at once, and whenever somebody comes or goes. Throws NotFound. */
  watchViewers(key: ObjectKey, listener: (viewers: ConsoleViewers) => void): () => void;
  screenshot(key: ObjectKey): Promise<Uint8Array>;
  serialLog(key: ObjectKey): Promise<Uint8Array>;
  /** What was kept when the machine hung, panicked or crashed, oldest first. */
  evidence(key: ObjectKey): Promise<readonly Evidence[]>;
  /** PNG. Throws NotFound. */
  evidenceScreenshot(key: ObjectKey, id: string): Promise<Uint8Array>;
  /** KubeVirt's guestosinfo, userlist and filesystemlist. */
  guestAgent(subresource: 'guestosinfo' | 'userlist' | 'filesystemlist', key: ObjectKey): Promise<Json>;
  /** Bytes of a DataVolume with source `upload`. */
  upload(key: ObjectKey, bytes: AsyncIterable<Uint8Array>, totalBytes?: number): Promise<void>;

  /** Samples once a second while at least one listener is there. */
  watchUsage(listener: (line: UsageLine) => void): () => void;
  /** Up to an hour, oldest first. Only what was sampled while somebody looked. */
  usageHistory(key: ObjectKey): readonly UsageSample[];

  /** From now on this server has a certificate for these names and addresses. Throws ServiceUnavailable when it cannot be issued. */
  demandTls(name: ServerName, hosts: readonly string[]): Promise<TlsMaterial>;
  /** After each renewal; ask for the material then. */
  onTlsChange(listener: () => Promise<void> | void): () => void;
  tlsMaterial(name: ServerName): Promise<TlsMaterial | undefined>;
  /** Good for an hour. Throws BadRequest for a key that is none. */
  issueClientCertificate(order: { readonly publicKey: string; readonly user: string; readonly role: Role }): Promise<ClientCertificate>;
  /** Renews before it is due. */
  rotateCertificates(scope: RotationScope): Promise<void>;
  /** The file with every authority that is trusted. */
  readonly certificateBundlePath: string;
  /** Whether the core starts with the user's session. */
  loginStart(): Promise<LoginStart>;
  /** Throws ServiceUnavailable without systemd, ToolFailed. */
  setLoginStart(enabled: boolean): Promise<LoginStart>;

  hostDevices(): Promise<HostDeviceReport>;
  /** Told at once, and whenever something of it changed, for as long as somebody looks. */
  watchHostDevices(listener: (report: HostDeviceReport) => void): () => void;
  /** Of an SR-IOV card. Throws Invalid with every cause. */
  setVirtualFunctions(wish: { readonly address: PciAddress; readonly count: number }): Promise<void>;
  /** What was refused when mediated devices were to be made or removed is asked for again. */
  retryMediatedDevices(): void;
  deviceTrials(): Promise<DeviceTrialList>;
  /** Told at once, with each second of a trial, and whenever one begins or ends. */
  watchDeviceTrials(listener: (list: DeviceTrialList) => void): () => void;
  /** Throws Invalid with every cause, Forbidden (no password was given) or ToolFailed. */
  tryDevice(trial: NewDeviceTrial): Promise<DeviceTrial>;
  /** Throws NotFound. */
  keepDevice(address: PciAddress): Promise<DeviceTrial>;
  /** Throws NotFound, and Conflict while a machine has it. */
  revertDevice(address: PciAddress): Promise<void>;
  /** What is to be done so that these devices, and what MachineConfigs say, are for machines. Changes nothing. */
  preparation(devices: readonly PciAddress[]): Promise<PreparationPlan>;
  /** Resolves when every step is done. Throws Conflict when the plan is another by now, Invalid with every cause, Forbidden, ToolFailed. */
  applyPreparation(order: ApplyPreparation): Promise<PreparationChanges>;
  preparationChanges(): Promise<PreparationChanges>;
  /** Told at once, and whenever something of it changed. */
  watchPreparationChanges(listener: (changes: PreparationChanges) => void): () => void;
  /** One of them, or all. Throws NotFound, Conflict, Forbidden, ToolFailed. */
  undoPreparation(id?: string): Promise<PreparationChanges>;
  recoveryCard(): Promise<RecoveryCard>;
  memory(): Promise<MemoryReport>;
  /** Every two seconds while at least one listener is there. */
  watchMemory(listener: (report: MemoryReport) => void): () => void;
  /** Merging of equal pages (KSM). Throws ServiceUnavailable where the kernel cannot, Forbidden (no password was given) or ToolFailed. */
  mergePages(enabled: boolean): Promise<MemoryReport>;
  hugePages(): Promise<HugePageReport>;
  /** Throws Invalid with every cause, Forbidden (no password was given) or ToolFailed. */
  changeHugePages(change: HugePageChange): Promise<HugePageReport>;
  /** How this computer is parted, and who has what. With `placement`: how it would be. Throws Invalid. */
  nodeMap(placement?: Json): Promise<NodeMap>;
  /** Once a second while at least one listener is there. */
  watchCpuLoad(listener: (line: CpuLoadLine) => void): () => void;
  /** Other places where machines are. */
  readonly clusters: Clusters;
  /** What would become of the machine on its way, and why it could not go. Throws NotFound. */
  reviewTransfer(namespace: string, spec: TransferSpec): Promise<TransferReview>;
  /** Where others reach this computer from now on; undefined: nowhere. */
  listensAt(origin: string | undefined): void;
  /** What opens a VirtualMachineExport; undefined when there is none, or it gives nothing now. */
  exportToken(key: ObjectKey): Promise<string | undefined>;
  /** A disk of it, to be closed by who opened it. Throws NotFound, ToolFailed. */
  openExport(key: ObjectKey, claim: string): Promise<PackedDisk>;
  networks(): Promise<NetworkReport>;
  /** Throws Invalid, AlreadyExists, Forbidden (no password was given) or ToolFailed. */
  makeBridge(bridge: NewBridge): Promise<void>;
  removeBridge(name: string): Promise<void>;
  computer(): Promise<ComputerReport>;
  /** Which processors guests can have here, under the accelerator in use. */
  processor(): Promise<ProcessorReport>;
  catalog(): Promise<readonly CatalogImage[]>;
  inspectImage(path: string): Promise<ImageInspection>;
  listDirectory(path: string): Promise<DirectoryListing>;

  /** Adopts what runs, then reconciles everything once. */
  start(): Promise<void>;
  /** Lets go; guests run on. */
  close(): Promise<void>;
}
