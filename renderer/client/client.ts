// Owns the API as typed calls: objects, verbs, reports.
// Must not cache and must not put errors into words; every refusal is an ApiError.
import type { ConnectionReport, ContextList } from '../../electron/api/clusters.ts';
import type { ApiAccess } from '../../electron/api/certificates.ts';
import type { ByteChannel } from '../../electron/api/channel.ts';
import type {
  Catalog,
  CatalogImage,
  ComputerReport,
  DirectoryListing,
  FirmwareReset,
  ImageInspection,
  SnapshotCheck,
  UsageHistory,
  UsageLine,
  UsageSample,
} from '../../electron/api/computer.ts';
import type { DeviceTrial, DeviceTrialList, NewDeviceTrial } from '../../electron/api/device-trials.ts';
import { type FixAction, fixRequest } from '../../electron/api/fix-actions.ts';
import type { JsonPatchOperation } from '../../electron/api/json-patch.ts';
import type { Evidence } from '../../electron/api/evidence.ts';
import type { MemoryReport } from '../../electron/api/memory.ts';
import type { HugePageChange, HugePageReport } from '../../electron/api/huge-pages.ts';
import type { HostDeviceReport, PciAddress } from '../../electron/api/host-devices.ts';
import type { TransferReview, TransferSpec } from '../../electron/api/kinds/transfer.ts';
import type { ConnectionSpec } from '../../electron/api/kinds/connection.ts';
import type { LoginStart } from '../../electron/api/login-start.ts';
import type { DraftObject, Json, JsonObject, KubeObject } from '../../electron/api/object.ts';
import type { NetworkReport, NewBridge } from '../../electron/api/networks.ts';
import type { ApplyPreparation, PreparationChanges, PreparationPlan, RecoveryCard } from '../../electron/api/preparation.ts';
import type { ProcessorReport } from '../../electron/api/processor.ts';
import type { CpuLoadLine, NodeMap } from '../../electron/api/node-map.ts';
import type { Revision, RevisionList, RevisionQuery } from '../../electron/api/revision.ts';
import type { StartCheck } from '../../electron/api/start-check.ts';
import type { ConsoleName, ConsoleViewers, MachineVerb, MachineVerbOptions } from '../../electron/api/verbs.ts';
import { apiErrorFrom } from './api-error.ts';
import { jsonLines } from './json-lines.ts';
import {
  collectionPath,
  instanceSubresourcePath,
  machineSubresourcePath,
  type MachineName,
  objectPath,
  verbPath,
  virtdeckRoot,
  withQuery,
} from './paths.ts';
import type { Key, ObjectOf, Resource } from './resource-table.ts';
import type { Transport, TransportInit } from './transport.ts';
import { type WatchEvent, watchEvents } from './watch.ts';

export type { MachineName } from './paths.ts';
export type { Key, ObjectOf, Resource } from './resource-table.ts';

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

export interface DeleteOptions extends WriteOptions {
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly signal?: AbortSignal;
}

export interface WatchOptions {
  readonly namespace?: string;
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
  /** The line is open; events may be long in coming. */
  readonly onOpen?: () => void;
}

/** meta.k8s.io's Table. */
export interface PrintedTable {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority?: number }[];
  readonly rows?: readonly {
    readonly cells: readonly unknown[];
    /** Null where a server leaves it out. */
    readonly object?: {
      readonly metadata?: { readonly name?: string; readonly annotations?: Readonly<Record<string, string>> };
    } | null;
  }[];
}

export type TakeBack = 'undo' | 'restore';

/** Every method rejects with ApiError (refused) or TransportError (nobody answers). */
export interface Client {
  get<R extends Resource>(key: Key<R>, signal?: AbortSignal): Promise<ObjectOf<R>>;
  list<R extends Resource>(
    resource: R,
    options?: ListOptions,
  ): Promise<{ readonly items: readonly ObjectOf<R>[]; readonly resourceVersion: string }>;
  watch<R extends Resource>(resource: R, options: WatchOptions): AsyncGenerator<WatchEvent<ObjectOf<R>>>;
  create<R extends Resource>(resource: R, draft: DraftObject, options?: WriteOptions): Promise<ObjectOf<R>>;
  /** Refused with Conflict when `draft.metadata.resourceVersion` is not the stored one. */
  update<R extends Resource>(key: Key<R>, draft: DraftObject, options?: WriteOptions): Promise<ObjectOf<R>>;
  /** A list is a JSON patch, an object a merge patch. */
  patch<R extends Resource>(key: Key<R>, patch: readonly JsonPatchOperation[] | JsonObject, options?: WriteOptions): Promise<ObjectOf<R>>;
  delete(key: Key, options?: DeleteOptions): Promise<void>;

  act(verb: MachineVerb, machine: MachineName, options?: MachineVerbOptions): Promise<void>;
  /** `objects` count as stored: the machine itself when it is not, and what comes with it. Refused with causes when they could not be stored. */
  startCheck(
    machine: MachineName,
    options?: { readonly objects?: readonly DraftObject[]; readonly signal?: AbortSignal },
  ): Promise<StartCheck>;
  /** Plugs a disk in for good, at once when the machine runs; takes one out that can go while it runs. */
  plug(machine: MachineName, disk: PluggedDisk): Promise<void>;
  unplug(machine: MachineName, volume: string, options?: { readonly runOnly?: boolean }): Promise<void>;
  /** What a snapshot would keep and take now. */
  snapshotCheck(machine: MachineName, signal?: AbortSignal): Promise<SnapshotCheck>;
  /** Resolves when its memory is on disk. */
  suspend(machine: MachineName): Promise<void>;
  discardSavedState(machine: MachineName): Promise<void>;
  /** Sets the UEFI settings of a stopped machine back. */
  resetFirmware(machine: MachineName): Promise<FirmwareReset>;
  /** A PNG. */
  screenshot(machine: MachineName, signal?: AbortSignal): Promise<Blob>;
  openConsole(name: ConsoleName, machine: MachineName): ByteChannel;
  /** How many are connected, this window included: now, and whenever it changes. */
  viewers(machine: MachineName, signal: AbortSignal): AsyncGenerator<ConsoleViewers>;
  /** Everything the guest printed on its serial port since power-on, also after it stopped. */
  serialLog(machine: MachineName, signal?: AbortSignal): Promise<Blob>;
  /** What was kept when the machine hung, panicked or crashed, oldest first. */
  evidence(machine: MachineName, signal?: AbortSignal): Promise<readonly Evidence[]>;
  /** A PNG. */
  evidenceScreenshot(machine: MachineName, id: string, signal?: AbortSignal): Promise<Blob>;
  guestAgent(subresource: 'guestosinfo' | 'userlist' | 'filesystemlist', machine: MachineName, signal?: AbortSignal): Promise<Json>;
  usage(signal: AbortSignal): AsyncGenerator<UsageLine>;
  usageHistory(machine: MachineName, signal?: AbortSignal): Promise<readonly UsageSample[]>;

  /** Newest first, without the definitions. */
  revisions(query: RevisionQuery, signal?: AbortSignal): Promise<readonly Revision[]>;
  /** With the definitions before and after. */
  revision(name: string, signal?: AbortSignal): Promise<Revision>;
  watchRevisions(signal: AbortSignal): AsyncGenerator<Revision>;
  takeBack(how: TakeBack, revision: string): Promise<Revision>;

  /** Whether the core starts with the user's session. */
  loginStart(signal?: AbortSignal): Promise<LoginStart>;
  setLoginStart(enabled: boolean): Promise<LoginStart>;
  /** Who has which memory: every two seconds, until the signal. */
  watchMemory(signal: AbortSignal): AsyncGenerator<MemoryReport>;
  mergePages(enabled: boolean): Promise<MemoryReport>;
  hugePages(signal?: AbortSignal): Promise<HugePageReport>;
  /** Refused with every cause why not. */
  changeHugePages(change: HugePageChange): Promise<HugePageReport>;
  /** With `placement`: how this computer would be parted with these settings. Refused with causes when they are none. */
  nodeMap(options?: { readonly placement?: JsonObject; readonly signal?: AbortSignal }): Promise<NodeMap>;
  /** Each second, until the signal. */
  cpuLoad(signal: AbortSignal): AsyncGenerator<CpuLoadLine>;
  /** PCI and USB devices with verdicts: now, and whenever something of them changed. */
  watchHostDevices(signal: AbortSignal): AsyncGenerator<HostDeviceReport>;
  hostDevices(signal?: AbortSignal): Promise<HostDeviceReport>;
  /** Now, each second while something is tried, and when a trial begins or ends. */
  watchDeviceTrials(signal: AbortSignal): AsyncGenerator<DeviceTrialList>;
  /** Refused with every cause why not. */
  /** Of an SR-IOV card; those that there are go first. */
  setVirtualFunctions(address: PciAddress, count: number): Promise<void>;
  /** What was refused when mediated devices were to be made or removed is asked for again. */
  retryMediatedDevices(): Promise<void>;
  tryDevice(trial: NewDeviceTrial): Promise<DeviceTrial>;
  keepDevice(address: PciAddress): Promise<DeviceTrial>;
  revertDevice(address: PciAddress): Promise<void>;
  /** What is to be changed so that these devices are for machines. */
  preparation(devices: readonly PciAddress[], signal?: AbortSignal): Promise<PreparationPlan>;
  /** Resolves when every step is done. */
  applyPreparation(order: ApplyPreparation): Promise<PreparationChanges>;
  watchPreparationChanges(signal: AbortSignal): AsyncGenerator<PreparationChanges>;
  /** One change, or all of them. */
  undoPreparation(id?: string): Promise<PreparationChanges>;
  recoveryCard(signal?: AbortSignal): Promise<RecoveryCard>;
  networks(signal?: AbortSignal): Promise<NetworkReport>;
  makeBridge(bridge: NewBridge): Promise<void>;
  removeBridge(name: string): Promise<void>;
  /** Where programs are let in over HTTPS, if they are. */
  apiAccess(signal?: AbortSignal): Promise<ApiAccess>;
  rotateCertificates(scope: 'authority' | 'servers'): Promise<void>;

  /** Any collection as its server prints it for kubectl. */
  table(path: string, signal?: AbortSignal): Promise<PrintedTable>;
  /** Of the user's own kubeconfig, or of the file named. */
  contexts(kubeconfig?: string, signal?: AbortSignal): Promise<ContextList>;
  /** Whether a connection can be used, and what for. */
  connectionReport(connection: string, signal?: AbortSignal): Promise<ConnectionReport>;
  /** The same of one that is not stored. */
  reviewConnection(spec: ConnectionSpec, signal?: AbortSignal): Promise<ConnectionReport>;
  /** What would become of a machine on its way, and why it could not go. */
  reviewTransfer(namespace: string, spec: TransferSpec, signal?: AbortSignal): Promise<TransferReview>;

  computer(signal?: AbortSignal): Promise<ComputerReport>;
  processor(signal?: AbortSignal): Promise<ProcessorReport>;
  catalog(signal?: AbortSignal): Promise<readonly CatalogImage[]>;
  /** OpenAPI v3 definitions of every kind, by name. Half a megabyte: ask once. */
  definitions(signal?: AbortSignal): Promise<Readonly<Record<string, object>>>;
  inspectImage(path: string, signal?: AbortSignal): Promise<ImageInspection>;
  listDirectory(path: string, signal?: AbortSignal): Promise<DirectoryListing>;
  /** Sends the bytes of a DataVolume whose source is `upload`. */
  upload(dataVolume: { readonly namespace: string; readonly name: string }, file: Blob, signal?: AbortSignal): Promise<void>;

  /** Presses the button of a cause. `target` is the machine that was checked. */
  applyFix(action: FixAction, target: MachineName): Promise<void>;
}

export interface PluggedDisk {
  /** Of the volume and its device. */
  readonly name: string;
  readonly bus: string;
  readonly source: JsonObject;
}

const json = 'application/json';

export function createClient(transport: Transport): Client {
  async function call(path: string, init: TransportInit = {}): Promise<Response> {
    const response = await transport.fetch(path, { ...init, headers: { accept: json, ...init.headers } });
    if (!response.ok) throw await apiErrorFrom(response);
    return response;
  }
  async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
    const response = await call(path, { signal });
    return (await response.json()) as T;
  }
  async function send<T>(method: string, path: string, more: Sending): Promise<T> {
    const { body, type = json, dryRun, signal } = more;
    const response = await call(withQuery(path, dryRun === true ? { dryRun: 'All' } : {}), {
      method,
      headers: body === undefined ? {} : { 'content-type': type },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  return {
    get: (key, signal) => read(objectPath(key), signal),
    async list<R extends Resource>(resource: R, options: ListOptions = {}) {
      const { namespace, labelSelector, fieldSelector, signal } = options;
      const path = withQuery(collectionPath(resource, namespace), { labelSelector, fieldSelector });
      const list = await read<ListAnswer<ObjectOf<R>>>(path, signal);
      return { items: list.items, resourceVersion: list.metadata.resourceVersion };
    },
    watch: (resource, options) => watchEvents(call, collectionPath(resource, options.namespace), options),
    create: (resource, draft, options = {}) =>
      send('POST', collectionPath(resource, draft.metadata.namespace), { body: draft, ...options }),
    update: (key, draft, options = {}) => send('PUT', objectPath(key), { body: draft, ...options }),
    patch: (key, patch, options = {}) =>
      send('PATCH', objectPath(key), {
        body: patch,
        type: Array.isArray(patch) ? 'application/json-patch+json' : 'application/merge-patch+json',
        ...options,
      }),
    async delete(key, options = {}) {
      const { propagation, gracePeriodSeconds, ...rest } = options;
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: propagation, gracePeriodSeconds };
      await send('DELETE', objectPath(key), { body, ...rest });
    },

    async act(verb, machine, options = {}) {
      await send('PUT', verbPath(verb, machine), { body: verbBody(verb, options), dryRun: options.dryRun });
    },
    startCheck: (machine, { objects, signal } = {}) => send('PUT', verbPath('start', machine), { body: { objects }, dryRun: true, signal }),
    async plug(machine, { name, bus, source }) {
      const body = { name, disk: { name, disk: { bus } }, volumeSource: source };
      await send('PUT', machineSubresourcePath(machine, 'addvolume'), { body });
    },
    async unplug(machine, volume, { runOnly = false } = {}) {
      const path = (runOnly ? instanceSubresourcePath : machineSubresourcePath)(machine, 'removevolume');
      await send('PUT', path, { body: { name: volume } });
    },
    snapshotCheck: (machine, signal) => read(ownMachinePath(machine, 'snapshotcheck'), signal),
    suspend: async (machine) => void (await send('PUT', ownMachinePath(machine, 'suspend'), {})),
    discardSavedState: async (machine) => void (await send('PUT', ownMachinePath(machine, 'discardsavedstate'), {})),
    resetFirmware: (machine) => send('PUT', ownMachinePath(machine, 'resetfirmware'), {}),
    async screenshot(machine, signal) {
      const response = await call(instanceSubresourcePath(machine, 'vnc/screenshot'), { headers: { accept: 'image/png' }, signal });
      return response.blob();
    },
    openConsole: (name, machine) => transport.open(instanceSubresourcePath(machine, name)),
    async *viewers({ namespace, name }, signal) {
      const path = `${virtdeckRoot}/namespaces/${encodeURIComponent(namespace)}/virtualmachineinstances/${encodeURIComponent(name)}/viewers`;
      yield* jsonLines<ConsoleViewers>(await call(`${path}?watch=true`, { signal, endless: true }));
    },
    async serialLog({ namespace, name }, signal) {
      const path = `${virtdeckRoot}/namespaces/${encodeURIComponent(namespace)}/virtualmachineinstances/${encodeURIComponent(name)}/serial-log`;
      return (await call(path, { headers: { accept: 'application/octet-stream' }, signal })).blob();
    },
    async evidence(machine, signal) {
      return (await read<{ readonly items: readonly Evidence[] }>(evidencePath(machine), signal)).items;
    },
    async evidenceScreenshot(machine, id, signal) {
      const path = `${evidencePath(machine)}/${encodeURIComponent(id)}/screenshot`;
      return (await call(path, { headers: { accept: 'image/png' }, signal })).blob();
    },
    guestAgent: (subresource, machine, signal) => read(instanceSubresourcePath(machine, subresource), signal),
    async *usage(signal) {
      yield* jsonLines<UsageLine>(await call(`${virtdeckRoot}/usage?watch=true`, { signal, endless: true }));
    },
    async usageHistory({ namespace, name }, signal) {
      const path = `${virtdeckRoot}/namespaces/${encodeURIComponent(namespace)}/virtualmachineinstances/${encodeURIComponent(name)}/usage`;
      return (await read<UsageHistory>(path, signal)).samples;
    },

    async revisions({ resource, namespace, name, before, limit }, signal) {
      const query = { resource, namespace, name, before: before?.toString(), limit: limit?.toString() };
      return (await read<RevisionList>(withQuery(`${virtdeckRoot}/revisions`, query), signal)).items;
    },
    revision: (name, signal) => read(`${virtdeckRoot}/revisions/${encodeURIComponent(name)}`, signal),
    async *watchRevisions(signal) {
      yield* jsonLines<Revision>(await call(`${virtdeckRoot}/revisions?watch=true`, { signal, endless: true }));
    },
    takeBack: (how, revision) => send('POST', `${virtdeckRoot}/revisions/${encodeURIComponent(revision)}/${how}`, {}),

    loginStart: (signal) => read(`${virtdeckRoot}/login-start`, signal),
    setLoginStart: (enabled) => send('PUT', `${virtdeckRoot}/login-start`, { body: { enabled } }),
    async *watchMemory(signal) {
      yield* jsonLines<MemoryReport>(await call(`${virtdeckRoot}/memory?watch=true`, { signal, endless: true }));
    },
    mergePages: (enabled) => send('PUT', `${virtdeckRoot}/memory/merging`, { body: { enabled } }),
    hugePages: (signal) => read(`${virtdeckRoot}/hugepages`, signal),
    changeHugePages: (change) => send('POST', `${virtdeckRoot}/hugepages`, { body: change }),
    nodeMap: ({ placement, signal } = {}) =>
      placement === undefined
        ? read(`${virtdeckRoot}/nodemap`, signal)
        : send('POST', `${virtdeckRoot}/nodemap`, { body: { placement }, signal }),
    async *cpuLoad(signal) {
      yield* jsonLines<CpuLoadLine>(await call(`${virtdeckRoot}/cpuload?watch=true`, { signal, endless: true }));
    },
    async *watchHostDevices(signal) {
      yield* jsonLines<HostDeviceReport>(await call(`${virtdeckRoot}/host-devices?watch=true`, { signal, endless: true }));
    },
    hostDevices: (signal) => read(`${virtdeckRoot}/host-devices`, signal),
    async *watchDeviceTrials(signal) {
      yield* jsonLines<DeviceTrialList>(await call(`${virtdeckRoot}/device-trials?watch=true`, { signal, endless: true }));
    },
    setVirtualFunctions: async (address, count) =>
      void (await send('PUT', `${virtdeckRoot}/host-devices/${encodeURIComponent(address)}/virtual-functions`, { body: { count } })),
    retryMediatedDevices: async () => void (await send('POST', `${virtdeckRoot}/host-devices/mediated-devices`, { body: {} })),
    tryDevice: (trial) => send('POST', `${virtdeckRoot}/device-trials`, { body: trial }),
    keepDevice: (address) => send('POST', `${virtdeckRoot}/device-trials/${encodeURIComponent(address)}/keep`, { body: {} }),
    revertDevice: async (address) =>
      void (await send('POST', `${virtdeckRoot}/device-trials/${encodeURIComponent(address)}/revert`, { body: {} })),
    preparation: (devices, signal) => read(withQuery(`${virtdeckRoot}/preparation`, { devices: devices.join(',') }), signal),
    applyPreparation: (order) => send('POST', `${virtdeckRoot}/preparation`, { body: order }),
    async *watchPreparationChanges(signal) {
      yield* jsonLines<PreparationChanges>(await call(`${virtdeckRoot}/preparation/changes?watch=true`, { signal, endless: true }));
    },
    undoPreparation: (id) =>
      send('DELETE', `${virtdeckRoot}/preparation/changes${id === undefined ? '' : `/${encodeURIComponent(id)}`}`, {}),
    recoveryCard: (signal) => read(`${virtdeckRoot}/preparation/card`, signal),
    networks: (signal) => read(`${virtdeckRoot}/networks`, signal),
    makeBridge: async (bridge) => void (await send('POST', `${virtdeckRoot}/networks/bridges`, { body: bridge })),
    removeBridge: async (name) => void (await send('DELETE', `${virtdeckRoot}/networks/bridges/${encodeURIComponent(name)}`, {})),
    apiAccess: (signal) => read(`${virtdeckRoot}/apiaccess`, signal),
    async rotateCertificates(scope) {
      await send('POST', `${virtdeckRoot}/certificates/rotate`, { body: { scope } });
    },

    async table(path, signal) {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
      return (await (await call(path, { headers: { accept }, signal })).json()) as PrintedTable;
    },
    contexts: (kubeconfig, signal) => read(withQuery(`${virtdeckRoot}/kubeconfig`, { path: kubeconfig }), signal),
    connectionReport: (connection, signal) => read(`${virtdeckRoot}/connections/${encodeURIComponent(connection)}/report`, signal),
    reviewTransfer: (namespace, spec, signal) =>
      send('POST', `${virtdeckRoot}/namespaces/${encodeURIComponent(namespace)}/transferreviews`, { body: { spec }, signal }),
    reviewConnection: (spec, signal) => send('POST', `${virtdeckRoot}/connectionreviews`, { body: { spec }, signal }),

    computer: (signal) => read(`${virtdeckRoot}/computer`, signal),
    processor: (signal) => read(`${virtdeckRoot}/processor`, signal),
    async catalog(signal) {
      return (await read<Catalog>(`${virtdeckRoot}/catalog`, signal)).items;
    },
    async definitions(signal) {
      const { paths } = await read<{ readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>> }>(
        '/openapi/v3',
        signal,
      );
      const documents = await Promise.all(
        Object.values(paths).map(({ serverRelativeURL }) =>
          read<{ readonly components?: { readonly schemas?: Readonly<Record<string, object>> } }>(serverRelativeURL, signal),
        ),
      );
      return Object.assign({}, ...documents.map(({ components }) => components?.schemas)) as Readonly<Record<string, object>>;
    },
    inspectImage: (path, signal) => send('POST', `${virtdeckRoot}/inspections`, { body: { path }, signal }),
    listDirectory: (path, signal) => read(withQuery(`${virtdeckRoot}/directories`, { path }), signal),
    async upload(dataVolume, file, signal) {
      const { namespace, name } = dataVolume;
      const path = `${virtdeckRoot}/namespaces/${encodeURIComponent(namespace)}/datavolumes/${encodeURIComponent(name)}/upload`;
      await call(path, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: file, signal });
    },

    async applyFix(action, target) {
      const { method, path, body, contentType } = fixRequest(action, target);
      await send(method, path, { body, type: contentType });
    },
  };
}

function ownMachinePath({ namespace, name }: MachineName, part: string): string {
  return `${virtdeckRoot}/namespaces/${encodeURIComponent(namespace)}/virtualmachines/${encodeURIComponent(name)}/${part}`;
}

function evidencePath({ namespace, name }: MachineName): string {
  return `${virtdeckRoot}/namespaces/${encodeURIComponent(namespace)}/virtualmachineinstances/${encodeURIComponent(name)}/evidence`;
}

/** KubeVirt names the same thing differently for stop and restart, and refuses what a verb does not know. */
function verbBody(verb: MachineVerb, { paused, discardChanges, gracePeriodSeconds }: MachineVerbOptions): object {
  if (verb === 'start') return { paused, discardChanges };
  if (verb === 'stop') return { gracePeriod: gracePeriodSeconds };
  return verb === 'restart' ? { gracePeriodSeconds } : {};
}

interface Sending extends WriteOptions {
  readonly body?: unknown;
  readonly type?: string;
}

interface ListAnswer<T extends KubeObject> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}
