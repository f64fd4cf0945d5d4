// Owns the engine: puts its parts together and offers them to the server.
// Must not do anything itself.
import { AppError } from '../api/errors.ts';
import { kinds } from '../api/kinds/registry.ts';
import { resourceId } from '../api/kinds/kind.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { settingsSpecSchema } from '../api/kinds/settings-schema.ts';
import type { KubeObject, ObjectKey, ResourceId } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { processorReport } from '../core/cpu/processor-report.ts';
import type { HostFacts } from '../core/facts.ts';
import { adoptAll } from './adopt.ts';
import { createBalloons } from './balloons.ts';
import { makeBridge, networkReport, removeBridge } from './bridges.ts';
import { askGuestAgent, evidence, evidenceScreenshot, openConsole, screenshot, serialLog, watchViewers } from './consoles.ts';
import { createCpuLoad } from './cpu-load.ts';
import { createCertificates, hyperConvergedKey } from './certificates.ts';
import { createClusters } from './clusters/clusters.ts';
import type { Controller, EngineContext, EngineParts } from './context.ts';
import { createDataVolumeController, upload } from './controllers/data-volume.ts';
import { createTransferController } from './controllers/transfer.ts';
import { createHyperConvergedController } from './controllers/hyper-converged.ts';
import { createNamespaceController } from './controllers/namespace.ts';
import { computerKey, createNodeController } from './controllers/node.ts';
import { createClaimController } from './controllers/persistent-volume-claim.ts';
import { createPoolController, createReplicaSetController } from './controllers/replicas.ts';
import { createRestoreController, createSnapshotController } from './controllers/snapshot.ts';
import { createQuotaController } from './controllers/resource-quota.ts';
import { createVmiController } from './controllers/virtual-machine-instance.ts';
import { createVmController } from './controllers/virtual-machine.ts';
import type { Engine } from './engine-port.ts';
import { createDeviceTrials } from './device-trials.ts';
import { createEvents } from './events.ts';
import { createFills } from './fills.ts';
import { resetFirmware } from './firmware-reset.ts';
import { openGuestPort } from './guest-ports.ts';
import { changeHugePages, hugePages } from './huge-pages.ts';
import { pauseForSleep, resumeAfterSleep } from './host-sleep.ts';
import { passableDevices } from './device-facts.ts';
import { createHostDevices } from './host-devices.ts';
import { setVirtualFunctions } from './virtual-functions.ts';
import { createInterruptedGroups } from './interrupted-groups.ts';
import { createMachines } from './machines.ts';
import { createMediatedDevices } from './mediated-devices.ts';
import { forgetBrokenDumps, removeMemoryDump, requestMemoryDump } from './memory-dump.ts';
import { createMemoryWatch } from './memory.ts';
import { nodeMap } from './node-map.ts';
import { createObjects } from './objects.ts';
import { collectImages } from './image-collection.ts';
import { onDemand } from './on-demand.ts';
import { createPreparations } from './preparation-changes.ts';
import { createPulls } from './pulls.ts';
import { createPinning, isAnyBound } from './pinning.ts';
import { createProbes } from './probes.ts';
import { hearVerdict } from './probe-verdicts.ts';
import { createQueue, textOf, type Queue } from './queue.ts';
import { createScreenLooks } from './screen-looks.ts';
import { keyOf, notFound } from './removal.ts';
import { plantReadyMade, plantSeeds } from './seeds.ts';
import { startCheck } from './start-check.ts';
import { openLine } from './start-turns.ts';
import { createTransferRuns } from './transfers/runs.ts';
import { getRevision, listRevisions, takeBack, watchRevisions } from './revisions.ts';
import { snapshotCheck } from './snapshot-check.ts';
import { discardSavedState, refuseWhileSuspendedOn, suspendToDisk } from './suspend-to-disk.ts';
import { read, readAll } from './typed.ts';
import { createUsage } from './usage.ts';
import { act } from './verbs.ts';
import { changeVolumes } from './volume-requests.ts';
import { createViewers } from './viewers.ts';
import { reloadVncCertificates } from './vnc-certificates.ts';
import { wokenBy } from './wakes.ts';

export function createEngine(parts: EngineParts): Engine {
  const { store, host } = parts;
  const { context, queue } = wire(parts);
  const { objects } = context;
  const usage = createUsage(context);
  const hostDevices = createHostDevices(context);
  const deviceTrials = createDeviceTrials(context);
  const preparations = createPreparations(context);
  const cpuLoad = createCpuLoad(context);
  const balloons = createBalloons(context);
  const screenLooks = createScreenLooks(context);
  const memory = createMemoryWatch(context, balloons);
  const followRun = (vmi: VirtualMachineInstance): void => {
    balloons.follow(vmi);
    screenLooks.follow(vmi);
  };
  const stopWatchingSleep = host.session.watchSleep({
    onSleep: async () => {
      if (settingsOf(context).hostSleep === 'pause') await pauseForSleep(context);
    },
    onWake: () => resumeAfterSleep(context),
  });
  context.certificates.onChange(() => reloadVncCertificates(context));
  const unsubscribe = store.subscribe((changes) => {
    for (const change of changes) {
      for (const key of wokenBy(store, change)) context.wake(key);
      if (change.resource === resources.virtualMachineInstances) followRun(change.object as VirtualMachineInstance);
    }
  });

  return {
    get(key) {
      const object = store.get(key);
      if (object === undefined) throw notFound(key);
      return object;
    },
    list: (resource, namespace) => ({ items: store.list(resource, namespace), resourceVersion: store.resourceVersion() }),
    async create(...[resource, namespace, draft, options]) {
      await context.knowComputer();
      return objects.create({ resource, ...(namespace === undefined ? {} : { namespace }) }, draft, options);
    },
    async update(key, draft, options) {
      await context.knowComputer();
      return objects.update(key, draft, options);
    },
    async apply(key, config, options) {
      await context.knowComputer();
      return objects.apply(key, config, options);
    },
    async delete(key, options) {
      refuseWhileSuspendedOn(context, key);
      return objects.delete(key, options);
    },
    revisions: (query) => listRevisions(store, query),
    revision: (name) => getRevision(store, name),
    watchRevisions: (listener) => watchRevisions(store, listener),
    async takeBack(how, name, options) {
      await context.knowComputer();
      return takeBack(context, { how, name, options });
    },
    managedFields: (key) => store.managedFields(key),
    changesSince: (resourceVersion, resource) => store.changesSince(resourceVersion, resource),
    subscribe: (listener) => store.subscribe(listener),

    act: (verb, key, options = {}) => act(context, verb, { key, options }),
    changeVolumes: async (key, request, options = {}) => changeVolumes(context, key, { request, options }),
    requestMemoryDump: async (key, claimName) => requestMemoryDump(context, key, claimName),
    removeMemoryDump: async (key) => removeMemoryDump(context, key),
    startCheck: (key, expected) => startCheck(context, key, expected),
    resetFirmware: (key, options) => resetFirmware(context, key, options),
    snapshotCheck: (key) => snapshotCheck(context, key),
    suspendToDisk: (key, options) => suspendToDisk(context, key, options),
    discardSavedState: (key, options) => discardSavedState(context, key, options),
    openConsole: (name, key) => openConsole(context, name, key),
    openGuestPort: (key, to) => openGuestPort(context, key, to),
    watchViewers: (key, listener) => watchViewers(context, key, listener),
    screenshot: (key) => screenshot(context, key),
    serialLog: (key) => serialLog(context, key),
    evidence: (key) => evidence(context, key),
    evidenceScreenshot: (key, id) => evidenceScreenshot(context, key, id),
    guestAgent: (subresource, key) => askGuestAgent(context, subresource, key),
    upload: (key, bytes, totalBytes) => upload(context, key, { bytes, ...(totalBytes === undefined ? {} : { totalBytes }) }),

    watchUsage: (listener) => usage.watch(listener),
    usageHistory: (key) => usage.history(store.get({ ...key, resource: resources.virtualMachineInstances })?.metadata.uid ?? ''),

    demandTls: (name, hosts) => context.certificates.demand(name, hosts),
    onTlsChange: (listener) => context.certificates.onChange(listener),
    tlsMaterial: (name) => context.certificates.material(name),
    issueClientCertificate: (order) => context.certificates.issueClient(order),
    async rotateCertificates(scope) {
      await context.certificates.bringInOrder(scope);
      context.wake(hyperConvergedKey);
    },
    certificateBundlePath: host.certificates.bundlePath,
    loginStart: () => host.session.loginStart(),
    setLoginStart: (enabled) => host.session.setLoginStart(enabled),

    hostDevices: () => hostDevices.report(),
    watchHostDevices: (listener) => hostDevices.watch(listener),
    setVirtualFunctions: (wish) => setVirtualFunctions(context, wish),
    retryMediatedDevices: () => context.mediated.retry(),
    deviceTrials: () => deviceTrials.list(),
    watchDeviceTrials: (listener) => deviceTrials.watch(listener),
    tryDevice: (trial) => deviceTrials.begin(trial),
    keepDevice: (address) => deviceTrials.keep(address),
    revertDevice: (address) => deviceTrials.revert(address),
    preparation: async (devices) => (await import('./preparation.ts')).planPreparation(context, devices),
    applyPreparation: (order) => preparations.apply(order),
    preparationChanges: () => preparations.changes(),
    watchPreparationChanges: (listener) => preparations.watch(listener),
    undoPreparation: (id) => preparations.undo(id),
    recoveryCard: () => preparations.card(),
    memory: () => memory.report(),
    watchMemory: (listener) => memory.watch(listener),
    mergePages: (enabled) => memory.merge(enabled),
    hugePages: () => hugePages(context),
    changeHugePages: (change) => changeHugePages(context, change),
    nodeMap: (placement) => nodeMap(context, placement),
    watchCpuLoad: (listener) => cpuLoad.watch(listener),
    clusters: context.clusters,
    async reviewTransfer(namespace, spec) {
      const { planTransfer } = await import('./transfers/plan.ts');
      return (await planTransfer(context, { namespace, spec, uid: '' })).review;
    },
    listensAt(origin) {
      context.door.origin = origin;
      for (const made of store.list(resources.exports)) context.wake(keyOf(resources.exports, made));
    },
    exportToken: async (key) => (await import('./exports.ts')).exportToken(context, key),
    openExport: async (key, claim) => (await import('./exports.ts')).openExport(context, key, claim),
    networks: () => networkReport(context),
    makeBridge: (bridge) => makeBridge(context, bridge),
    removeBridge: (name) => removeBridge(context, name),
    computer: () => host.computer.report(settingsOf(context)),
    processor: async () => processorReport(await context.hostFacts()),
    catalog: () => host.disks.catalog(),
    inspectImage: (path) => host.disks.inspectImage(path),
    listDirectory: (path) => host.disks.listDirectory(path),

    async start() {
      plantSeeds(store, objects);
      plantReadyMade(store, objects, parts.readyMade?.() ?? []);
      await adoptAll(context);
      for (const vmi of readAll(store, resources.virtualMachineInstances)) followRun(vmi);
      collectImages(context);
      if (isAnyBound(context, await context.hostFacts())) await context.pinning.changed();
      forgetBrokenDumps(context);
      // Last: what the core itself still has to look at is none of the time that a machine waits for another.
      openLine(context);
      for (const key of everything(context)) context.wake(key);
      context.wake(computerKey);
      await resumeAfterSleep(context);
    },
    async close() {
      unsubscribe();
      stopWatchingSleep();
      usage.close();
      hostDevices.close();
      deviceTrials.close();
      preparations.close();
      cpuLoad.close();
      balloons.close();
      screenLooks.close();
      memory.close();
      context.probes.close();
      context.pinning.close();
      await Promise.all([queue.close(), context.transfers.close(), context.fills.close(), context.pulls.close()]);
      await Promise.all(context.machines.all().map(({ machine }) => machine.detach()));
    },
  };
}

/** The parts know each other through the context; it is complete before anything runs. */
function wire(parts: EngineParts): { readonly context: EngineContext; readonly queue: Queue } {
  const { host, clock, log } = parts;
  let known: HostFacts | undefined;
  const controllers = new Map<ResourceId, Controller>();
  const queue = createQueue({
    clock,
    log,
    look: async (text) => {
      const key = keyOfText(text);
      await controllers.get(key.resource)?.reconcile(key);
    },
  });
  const wake = (key: ObjectKey): void => {
    if (controllers.has(key.resource)) queue.add(textOfKey(key));
  };
  const hostFacts = async (): Promise<HostFacts> => {
    const before = known;
    known = { ...(await host.computer.facts(settingsOf(context))), ...(await passableDevices(context)) };
    // QEMU was upgraded, KVM or a device has come or gone: what its Nodes say they can run is no longer true.
    if (before !== undefined && isOther(before, known)) wake(computerKey);
    return known;
  };
  const events = createEvents({ ...parts, hostname: () => known?.hostname ?? '' });
  const hostname = async (): Promise<string> => (known ?? (await hostFacts())).hostname;
  const first: Omit<EngineContext, 'pulls' | 'pinning'> = {
    ...parts,
    objects: createObjects({ ...parts, architecture: () => known?.arch ?? 'amd64' }),
    events,
    certificates: createCertificates({ ...parts, events, hostname, wake }),
    door: { origin: undefined },
    transfers: createTransferRuns(),
    clusters: createClusters({ store: parts.store, port: host.clusters }),
    machines: createMachines(wake),
    fills: createFills(host.disks),
    viewers: createViewers(),
    probes: createProbes({
      ...parts,
      onVerdict: (verdict) => hearVerdict(context, verdict),
      onFailure: ({ machine }, error) => log.error('A guest could not be asked', { machine: machine.vmi.name, error: textOf(error) }),
    }),
    starts: { line: undefined },
    mediated: createMediatedDevices({ ...parts, hostFacts, wake }),
    interrupted: createInterruptedGroups(parts),
    hostFacts,
    wake,
    wakeAt: (key, at) => queue.addAt(textOfKey(key), at),
    knowComputer: async () => {
      if (known === undefined) await hostFacts();
    },
  };
  const second = { ...first, pinning: createPinning(first) };
  const context: EngineContext = { ...second, pulls: createPulls(second) };
  const rows: readonly (readonly [ResourceId, (context: EngineContext) => Controller])[] = [
    [resources.virtualMachines, createVmController],
    [resources.virtualMachineInstances, createVmiController],
    [resources.dataVolumes, createDataVolumeController],
    [resources.snapshots, createSnapshotController],
    [resources.restores, createRestoreController],
    [resources.persistentVolumeClaims, createClaimController],
    [resources.namespaces, createNamespaceController],
    [resources.nodes, createNodeController],
    [resources.replicaSets, createReplicaSetController],
    [resources.pools, createPoolController],
    [resources.resourceQuotas, createQuotaController],
    [resources.hyperConvergeds, createHyperConvergedController],
    [
      resources.machineConfigs,
      () => onDemand(async () => (await import('./controllers/machine-config.ts')).createMachineConfigController(context)),
    ],
    [
      resources.exports,
      () => onDemand(async () => (await import('./controllers/virtual-machine-export.ts')).createExportController(context)),
    ],
    [resources.transfers, createTransferController],
  ];
  for (const [resource, create] of rows) controllers.set(resource, create(context));
  return { context, queue };
}

function isOther(before: HostFacts, now: HostFacts): boolean {
  return (
    before.qemu !== now.qemu ||
    before.accelerator.inUse !== now.accelerator.inUse ||
    JSON.stringify(before.hostDevices) !== JSON.stringify(now.hostDevices)
  );
}

function settingsOf({ store }: Pick<EngineContext, 'store'>): Parameters<EngineContext['host']['computer']['facts']>[0] {
  return read(store, { resource: resources.settings, name: 'default' })?.spec ?? settingsSpecSchema.parse({});
}

function everything({ store }: EngineContext): readonly ObjectKey[] {
  return kinds.map(resourceId).flatMap((resource) => store.list(resource).map((object: KubeObject) => keyOf(resource, object)));
}

// No name of Kubernetes holds a space.
function textOfKey({ resource, namespace, name }: ObjectKey): string {
  return namespace === undefined ? `${resource} ${name}` : `${resource} ${namespace} ${name}`;
}

function keyOfText(text: string): ObjectKey {
  const [resource, first, second] = text.split(' ');
  if (resource === undefined || first === undefined) throw new AppError('Internal', `"${text}" names no object.`);
  return second === undefined ? { resource, name: first } : { resource, namespace: first, name: second };
}
