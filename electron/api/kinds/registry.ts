// Owns the list of kinds. Adding one is a new file and a line here.
// Must not hold anything of a single kind.
import { connectionKind } from './connection.ts';
import { configMapKind } from './config-map.ts';
import { controllerRevisionKind } from './controller-revision.ts';
import { dataVolumeKind } from './data-volume.ts';
import { eventKind } from './event.ts';
import { clusterInstancetypeKind, instancetypeKind } from './instancetype.ts';
import { hyperConvergedKind } from './hyper-converged.ts';
import { type Kind, resourceId } from './kind.ts';
import { limitRangeKind } from './limit-range.ts';
import { machineConfigKind } from './machine-config.ts';
import { namespaceKind } from './namespace.ts';
import { networkAttachmentDefinitionKind } from './network-attachment-definition.ts';
import { nodeKind } from './node.ts';
import { persistentVolumeClaimKind } from './persistent-volume-claim.ts';
import { clusterPreferenceKind, preferenceKind } from './preference.ts';
import { priorityClassKind } from './priority-class.ts';
import { poolKind, replicaSetKind } from './replicas.ts';
import { resourceQuotaKind } from './resource-quota.ts';
import { secretKind } from './secret.ts';
import { settingsKind } from './settings.ts';
import { transferKind } from './transfer.ts';
import { virtualMachineExportKind } from './virtual-machine-export.ts';
import { virtualMachineInstancePresetKind } from './virtual-machine-instance-preset.ts';
import { virtualMachineInstanceKind } from './virtual-machine-instance.ts';
import { virtualMachineRestoreKind, virtualMachineSnapshotContentKind, virtualMachineSnapshotKind } from './virtual-machine-snapshot.ts';
import { virtualMachineKind } from './virtual-machine.ts';
import type { ResourceId } from '../object.ts';

export const kinds: readonly Kind[] = [
  virtualMachineKind,
  virtualMachineInstanceKind,
  dataVolumeKind,
  persistentVolumeClaimKind,
  networkAttachmentDefinitionKind,
  namespaceKind,
  nodeKind,
  secretKind,
  configMapKind,
  eventKind,
  settingsKind,
  connectionKind,
  instancetypeKind,
  clusterInstancetypeKind,
  preferenceKind,
  clusterPreferenceKind,
  controllerRevisionKind,
  virtualMachineInstancePresetKind,
  replicaSetKind,
  poolKind,
  priorityClassKind,
  resourceQuotaKind,
  limitRangeKind,
  hyperConvergedKind,
  machineConfigKind,
  virtualMachineSnapshotKind,
  virtualMachineSnapshotContentKind,
  virtualMachineRestoreKind,
  virtualMachineExportKind,
  transferKind,
];

const byResource: ReadonlyMap<ResourceId, Kind> = new Map(kinds.map((kind) => [resourceId(kind), kind]));

export function kindOf(resource: ResourceId): Kind | undefined {
  return byResource.get(resource);
}

/**
 * The first release of KubeVirt's API, whose fields are those of v1, and two slips that are in print: one of it, and one of HyperConverged's
 * version, which `oc edit` never sees because it brings the object itself.
 */
export const olderVersions: ReadonlyMap<string, string> = new Map([
  ['kubevirt.io/v1alpha3', 'kubevirt.io/v1'],
  ['kubevirt/v1alpha3', 'kubevirt.io/v1'],
  ['hco.kubevirt.io/v1', 'hco.kubevirt.io/v1beta1'],
]);

/** Finds a kind as a manifest names it. */
export function kindNamed(apiVersion: string, kind: string): Kind | undefined {
  const version = olderVersions.get(apiVersion) ?? apiVersion;
  return kinds.find((row) => row.kind === kind && (row.group === '' ? row.version : `${row.group}/${row.version}`) === version);
}
