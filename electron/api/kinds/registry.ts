// Owns the list of kinds. Adding one is a new file and a line here.
// Must not hold anything of a single kind.
import { connectionKind } from './connection.ts';
import { configMapKind } from './config-map.ts';
import { controllerRevisionKind } from './controller-revision.ts';
import { dataVolumeKind } from './data-volume.ts';
import { eventKind } from './event.ts';
import { clusterInstancetypeKind, instancetypeKind } from './instancetype.ts';
import { hyperConvergedKind } from './hyper-converged.ts';
import { apiVersionOf, type Kind, resourceId } from './kind.ts';
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
 * The first release of KubeVirt's API, whose fields are those of v1 and which clusters serve as well, and two slips that are in print: one of
 * it, and one of HyperConverged's version.
 */
const alsoServed = [
  { group: 'kubevirt.io', version: 'v1alpha3', storedIn: 'kubevirt.io/v1' },
  { group: 'kubevirt', version: 'v1alpha3', storedIn: 'kubevirt.io/v1' },
  { group: 'hco.kubevirt.io', version: 'v1', storedIn: 'hco.kubevirt.io/v1beta1' },
] as const;

/** What is read as what. */
export const olderVersions: ReadonlyMap<string, string> = new Map(
  alsoServed.map(({ group, version, storedIn }) => [`${group}/${version}`, storedIn]),
);

/** Every kind under every version that it is asked for in; the stored one comes first. */
export const servedKinds: readonly Kind[] = [
  ...kinds,
  ...alsoServed.flatMap(({ group, version, storedIn }) =>
    kinds
      .filter((kind) => apiVersionOf(kind) === storedIn)
      .map((stored): Kind => {
        // Under a second group a short name would name two resources, and a category would hold each object twice.
        const shortNames = group === stored.group ? stored.shortNames : [];
        return { ...stored, group, version, shortNames, categories: [], stored };
      }),
  ),
];

/** Finds a kind as a manifest names it. */
export function kindNamed(apiVersion: string, kind: string): Kind | undefined {
  const version = olderVersions.get(apiVersion) ?? apiVersion;
  return kinds.find((row) => row.kind === kind && apiVersionOf(row) === version);
}
