// Owns who is looked at again when something changed: the wiring between objects, as a table.
// Must not look at anything itself.
import { annotations, resourceAnnotation } from '../api/annotations.ts';
import type { DataVolume } from '../api/kinds/data-volume.ts';
import type { Node } from '../api/kinds/node.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { type Kind, resourceId } from '../api/kinds/kind.ts';
import { poolKind, replicaSetKind } from '../api/kinds/replicas.ts';
import { isFinal, phaseOf } from '../api/lifecycle.ts';
import type { KubeObject, ObjectKey, ResourceId } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { heldBy } from '../core/devices/assignment.ts';
import { networkKey } from '../core/network/network-key.ts';
import { sourceOf } from '../core/reconcile/disk-of-data-volume.ts';
import { hotplugWork } from '../core/reconcile/hotplug-work.ts';
import { waitsToGrow } from '../core/status/growth-status.ts';
import { waitsForDevices } from '../core/status/host-device-status.ts';
import { isRestoreOver } from '../core/snapshots/snapshot-status.ts';
import { hyperConvergedKey } from './certificates.ts';
import { computerKey } from './controllers/node.ts';
import { attachmentNames, claimNames, configMapNames, secretNames } from './launch-facts.ts';
import { namedKinds, namesObject } from './instancetypes.ts';
import type { Change, StoreReader } from './ports.ts';
import { isPlaced } from './placed-machines.ts';
import { keyOf } from './removal.ts';
import { readAll } from './typed.ts';

type Wake = (reader: StoreReader, change: Change) => readonly ObjectKey[];

/** Beside the changed object itself. */
const rows: Readonly<Record<ResourceId, Wake>> = {
  [resources.virtualMachineInstances]: (reader, change) => [
    // By name and not by owner: a machine also waits for the end of a run that is not its own.
    ofName(resources.virtualMachines, change.object),
    ...snapshotsThatWait(reader, change.object),
    ...ownersOf(change, resources.replicaSets, replicaSetKind.kind),
    // A mediated device that is wanted no more may have waited for it.
    ...((wasLetGo(change) && heldBy(change.object).length > 0) || gaveDeviceBack(change) ? [hyperConvergedKey] : []),
    ...(wasLetGo(change)
      ? [...waitingRuns(reader, () => true), ...claimsOf(change.object as VirtualMachineInstance), ...copies(reader)]
      : []),
    ...(tookPlace(change) ? waitingRuns(reader, wantsCompany) : []),
    ...(wasLetGo(change) || gaveDeviceBack(change) ? runsThatWaitForDevices(reader) : []),
  ],
  [resources.virtualMachines]: (reader, change) => [
    ...ownersOf(change, resources.pools, poolKind.kind),
    ...snapshotsThatWait(reader, change.object),
  ],
  [resources.snapshots]: (reader, { object }) => snapshotsThatWait(reader, object),
  [resources.dataVolumes]: (reader, { object }) => [...usersOf(reader, object.metadata), ...originsOf(reader, object as DataVolume)],
  [resources.persistentVolumeClaims]: (reader, change) => [
    ofName(resources.dataVolumes, change.object),
    ...usersOf(reader, change.object.metadata),
    ...copies(reader),
    ...(change.type === 'DELETED' ? disksOverQuota(reader, change) : []),
  ],
  [resources.networkAttachmentDefinitions]: (reader, change) =>
    isOfOtherResource(change)
      ? [
          ...waitingRuns(reader, () => true),
          ...runsThatWaitForDevices(reader),
          ...readAll(reader, resources.resourceQuotas).map((quota) => keyOf(resources.resourceQuotas, quota)),
        ]
      : waitingRuns(reader, (vmi) =>
          attachmentNames(vmi).includes(networkKey(change.object.metadata.name, change.object.metadata.namespace)),
        ),
  [resources.secrets]: (reader, { object: { metadata } }) => [
    ...waitingRuns(reader, (vmi) => vmi.metadata.namespace === metadata.namespace && secretNames(vmi).includes(metadata.name)),
    ...pulledWith(reader, 'secretRef', metadata),
  ],
  [resources.configMaps]: (reader, { object: { metadata } }) => [
    ...waitingRuns(reader, (vmi) => vmi.metadata.namespace === metadata.namespace && configMapNames(vmi).includes(metadata.name)),
    ...pulledWith(reader, 'certConfigMap', metadata),
  ],
  ...Object.fromEntries(namedKinds.map((kind) => [resourceId(kind), machinesNaming(kind)])),
  // A label, a taint or room that is there now may be what a machine waits for.
  [resources.nodes]: (reader, change) => [...waitingRuns(reader, () => true), ...(isTaintedAnew(change) ? runsOn(reader, change) : [])],
  [resources.resourceQuotas]: (reader, change) =>
    isRedefined(change) ? [...waitingIn(reader, change), ...disksOverQuota(reader, change), ...runsThatWaitForDevices(reader)] : [],
  [resources.limitRanges]: (reader, change) => [...waitingIn(reader, change), ...disksOverQuota(reader, change)],
  // One may override a file of another.
  [resources.machineConfigs]: (reader, change) =>
    isRedefined(change) ? readAll(reader, resources.machineConfigs).map((config) => keyOf(resources.machineConfigs, config)) : [],
  [resources.hyperConvergeds]: (reader, change) =>
    isRedefined(change) ? [computerKey, ...waitingRuns(reader, () => true), ...runsThatWaitForDevices(reader)] : [],
  [resources.settings]: (reader) => [computerKey, ...waitingRuns(reader, () => true)],
};

export function wokenBy(reader: StoreReader, change: Change): readonly ObjectKey[] {
  return [
    keyOf(change.resource, change.object),
    ...(rows[change.resource]?.(reader, change) ?? []),
    ...counting(reader, change),
    ...terminating(reader, change),
  ];
}

/** The set that made it counts again. */
function ownersOf({ object: { metadata } }: Change, resource: ResourceId, kind: string): readonly ObjectKey[] {
  return (metadata.ownerReferences ?? [])
    .filter((owner) => owner.controller === true && owner.kind === kind)
    .map(({ name }) => ({ resource, namespace: metadata.namespace ?? 'default', name }));
}

/** A machine may wait for what it names. */
function machinesNaming(kind: Kind): Wake {
  return (reader, { object }) =>
    readAll(reader, resources.virtualMachines)
      .filter((vm) => namesObject(vm, kind, object.metadata))
      .map((vm) => keyOf(resources.virtualMachines, vm));
}

/** Snapshots and restores that are not done, and snapshots that are being freed: they wait until a machine holds still. */
function snapshotsThatWait(reader: StoreReader, { metadata: { namespace } }: KubeObject): readonly ObjectKey[] {
  const snapshots = readAll(reader, resources.snapshots, namespace).filter(
    ({ metadata, status }) => metadata.deletionTimestamp !== undefined || (status?.phase !== 'Succeeded' && status?.phase !== 'Failed'),
  );
  const restores = readAll(reader, resources.restores, namespace).filter(({ status }) => !isRestoreOver(status));
  return [
    ...snapshots.map((snapshot) => keyOf(resources.snapshots, snapshot)),
    ...restores.map((restore) => keyOf(resources.restores, restore)),
  ];
}

function ofName(resource: ResourceId, { metadata: { namespace = 'default', name } }: KubeObject): ObjectKey {
  return { resource, namespace, name };
}

/** Ended or gone: memory, ports and disks are free. */
function wasLetGo({ type, object, previous }: Change): boolean {
  const [now, before] = [object as VirtualMachineInstance, previous as VirtualMachineInstance | undefined];
  return type === 'DELETED' || (isFinal(phaseOf(now)) && before !== undefined && !isFinal(phaseOf(before)));
}

function gaveDeviceBack({ object, previous }: Change): boolean {
  const textOf = (vmi: KubeObject): string | undefined => vmi.metadata.annotations?.[annotations.hostDevices];
  // Of most changes; the text is parsed for the others alone.
  if (previous === undefined || textOf(previous) === textOf(object)) return false;
  return heldBy(previous).length > heldBy(object).length;
}

function runsThatWaitForDevices(reader: StoreReader): readonly ObjectKey[] {
  return readAll(reader, resources.virtualMachineInstances)
    .filter((vmi) => waitsForDevices(vmi))
    .map((vmi) => keyOf(resources.virtualMachineInstances, vmi));
}

/** What its virtual functions count as is another from now on, to machines of any project. */
function isOfOtherResource({ type, object, previous }: Change): boolean {
  const resourceOf = (network: KubeObject | undefined): string | undefined => network?.metadata.annotations?.[resourceAnnotation];
  return resourceOf(object) !== (type === 'DELETED' ? undefined : resourceOf(previous));
}

/** It runs somewhere from now on: who must be with it, or be spread among others, may have a place now. */
function tookPlace({ object, previous }: Change): boolean {
  return isPlaced(object as VirtualMachineInstance) && (previous === undefined || !isPlaced(previous as VirtualMachineInstance));
}

function wantsCompany({ spec }: VirtualMachineInstance): boolean {
  return (
    spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined || spec.topologySpreadConstraints !== undefined
  );
}

function waitingRuns(reader: StoreReader, isMeant: (vmi: VirtualMachineInstance) => boolean): readonly ObjectKey[] {
  return readAll(reader, resources.virtualMachineInstances)
    .filter((vmi) => isMeant(vmi))
    .flatMap((vmi) => {
      if (['Pending', 'Scheduling'].includes(phaseOf(vmi))) return [keyOf(resources.virtualMachineInstances, vmi)];
      // Running, and waiting for room to grow: its machine asks again.
      return waitsToGrow(vmi.status) ? [ofName(resources.virtualMachines, vmi)] : [];
    });
}

function isTaintedAnew({ object, previous }: Change): boolean {
  const taints = (node: KubeObject | undefined): string => JSON.stringify((node as Node | undefined)?.spec.taints ?? []);
  return taints(object) !== taints(previous);
}

function runsOn(reader: StoreReader, { object }: Change): readonly ObjectKey[] {
  return readAll(reader, resources.virtualMachineInstances)
    .filter((vmi) => phaseOf(vmi) === 'Running' && vmi.status?.nodeName === object.metadata.name)
    .map((vmi) => keyOf(resources.virtualMachineInstances, vmi));
}

function claimsOf(vmi: VirtualMachineInstance): readonly ObjectKey[] {
  return claimNames(vmi).map((name) => ({
    resource: resources.persistentVolumeClaims,
    namespace: vmi.metadata.namespace ?? 'default',
    name,
  }));
}

/** The machines whose disk it is, and their runs that wait for it. */
function usersOf(reader: StoreReader, { namespace, name }: { readonly namespace?: string; readonly name: string }): readonly ObjectKey[] {
  const machines = readAll(reader, resources.virtualMachines, namespace).filter((vm) => namesOfDisks(vm).includes(name));
  return [
    ...machines.map((vm) => keyOf(resources.virtualMachines, vm)),
    ...waitingRuns(reader, (vmi) => vmi.metadata.namespace === namespace && claimNames(vmi).includes(name)),
    ...pluggingRuns(reader, { namespace, name }),
  ];
}

/** Running machines into which the disk is to be plugged. */
function pluggingRuns(
  reader: StoreReader,
  { namespace, name }: { readonly namespace: string | undefined; readonly name: string },
): readonly ObjectKey[] {
  return readAll(reader, resources.virtualMachineInstances, namespace)
    .filter((vmi) => phaseOf(vmi) === 'Running' && claimNames(vmi).includes(name) && hotplugWork(vmi).plug.length > 0)
    .map((vmi) => keyOf(resources.virtualMachineInstances, vmi));
}

function namesOfDisks({ spec }: VirtualMachine): readonly string[] {
  const brought = (spec.dataVolumeTemplates ?? []).flatMap(({ metadata }) => metadata?.name ?? []);
  return spec.template.spec === undefined ? brought : [...brought, ...claimNames({ spec: spec.template.spec })];
}

/** Copies wait for their source to be there and to be let go of. */
function copies(reader: StoreReader): readonly ObjectKey[] {
  return readAll(reader, resources.dataVolumes)
    .filter((volume) => volume.status?.phase !== 'Succeeded' && sourceOf(volume).type === 'clone')
    .map((volume) => keyOf(resources.dataVolumes, volume));
}

/** Disks that wait until their project may have more. */
function disksOverQuota(reader: StoreReader, { object: { metadata } }: Change): readonly ObjectKey[] {
  return readAll(reader, resources.dataVolumes, metadata.namespace)
    .filter(({ status }) => status?.conditions?.some(({ reason }) => reason === 'ErrExceededQuota') === true)
    .map((volume) => keyOf(resources.dataVolumes, volume));
}

/** Disks that wait for what opens their registry, or vouches for it. */
function pulledWith(
  reader: StoreReader,
  field: 'secretRef' | 'certConfigMap',
  { namespace, name }: KubeObject['metadata'],
): readonly ObjectKey[] {
  return readAll(reader, resources.dataVolumes, namespace)
    .filter(
      ({ status, spec }) =>
        status?.phase !== 'Succeeded' && [spec.source?.registry, spec.source?.http].some((source) => source?.[field] === name),
    )
    .map((volume) => keyOf(resources.dataVolumes, volume));
}

/** A disk that is copied is kept from its machines, and from being deleted, until the copy is done. */
function originsOf(reader: StoreReader, volume: DataVolume): readonly ObjectKey[] {
  const source = sourceOf(volume);
  if (source.type !== 'clone') return [];
  const { namespace, name } = source;
  return [{ resource: resources.persistentVolumeClaims, namespace, name }, ...usersOf(reader, { namespace, name })];
}

/** Its status is its controller's: what is used changes when something ends, and that tells by itself. */
function isRedefined({ object, previous }: Change): boolean {
  return object.metadata.generation !== previous?.metadata.generation;
}

function waitingIn(reader: StoreReader, { object: { metadata } }: Change): readonly ObjectKey[] {
  return waitingRuns(reader, (vmi) => vmi.metadata.namespace === metadata.namespace);
}

/** The project's quotas count again: an object more or less, a machine that took or left its place, a claim that grew. */
function counting(reader: StoreReader, { type, resource, object, previous }: Change): readonly ObjectKey[] {
  const { namespace } = object.metadata;
  if (namespace === undefined || resource === resources.resourceQuotas) return [];
  const changes =
    type !== 'MODIFIED' || resource === resources.persistentVolumeClaims || (isRun(resource) && !isAsBefore(object, previous));
  return changes ? readAll(reader, resources.resourceQuotas, namespace).map((quota) => keyOf(resources.resourceQuotas, quota)) : [];
}

function isRun(resource: ResourceId): boolean {
  return resource === resources.virtualMachineInstances;
}

function isAsBefore(object: KubeObject, previous: KubeObject | undefined): boolean {
  const [now, before] = [object as VirtualMachineInstance, previous as VirtualMachineInstance | undefined];
  return before !== undefined && phaseOf(now) === phaseOf(before) && now.metadata.generation === before.metadata.generation;
}

/** A project that is going away waits for its last object. */
function terminating(reader: StoreReader, { type, object }: Change): readonly ObjectKey[] {
  const { namespace } = object.metadata;
  if (type !== 'DELETED' || namespace === undefined) return [];
  const key: ObjectKey = { resource: resources.namespaces, name: namespace };
  return reader.get(key)?.metadata.deletionTimestamp === undefined ? [] : [key];
}
