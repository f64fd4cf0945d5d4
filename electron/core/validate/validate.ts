// Owns which rules hold for which kind.
// Must not stop at the first cause.
import type { Cause } from '../../api/errors.ts';
import type { DraftObject, ResourceId } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { instancetypeRules } from './instancetype/instancetype.ts';
import { preferenceRules } from './instancetype/preference.ts';
import { poolRules, presetRules, replicaSetRules } from './machine/replicas.ts';
import { hyperConvergedRules } from './hyper-converged.ts';
import { machineConfigRules } from './machine-config.ts';
import { machineRules } from './machine/virtual-machine.ts';
import { instanceRules, instanceUpdateCauses } from './machine/virtual-machine-instance.ts';
import { metadataCauses } from './metadata.ts';
import { attachmentRules } from './network/attachments.ts';
import {
  configMapRules,
  configMapUpdateCauses,
  revisionRules,
  revisionUpdateCauses,
  secretRules,
  secretUpdateCauses,
  settingsRules,
} from './other-kinds.ts';
import { connectionRules } from './connections.ts';
import { exportRules, exportUpdateCauses } from './exports.ts';
import { transferRules, transferUpdateCauses } from './transfers.ts';
import { frozenSpecCauses, restoreRules, snapshotRules } from './snapshots.ts';
import { limitRangeRules, quotaRules } from './quotas.ts';
import { type Rule, causesOf, required } from './rule.ts';
import { claimRules, claimUpdateCauses } from './storage/claim.ts';
import { type DataVolumeDraft, checksumAnnotation, dataVolumeSpecCauses, dataVolumeUpdateCauses } from './storage/data-volume.ts';

interface KindRules {
  readonly causes: (object: object) => readonly Cause[];
  readonly updateCauses: (object: object, old: object) => readonly Cause[];
  /** Names of projects are labels; everything else is named like a host. */
  readonly nameIs?: 'label';
}

/** Objects have passed the decoder, which checked them against the schema of their kind: that is what the assertions stand on. */
function of<Shape extends object>(
  rules: readonly Rule<Shape>[],
  updateCauses: (object: Shape, old: Shape) => readonly Cause[] = () => [],
): KindRules {
  return {
    causes: (object) => causesOf(rules, object as Shape, 'spec'),
    updateCauses: (object, old) => updateCauses(object as Shape, old as Shape),
  };
}

/** Kubernetes' schemas let some kinds come without a spec. */
function ofSpec<Shape extends { readonly spec: object }>(...given: Parameters<typeof of<Shape>>): KindRules {
  const { causes, updateCauses } = of(...given);
  return {
    causes: (object) => (hasSpec(object) ? causes(object) : [required('spec', 'Required value', 'Add a spec.')]),
    updateCauses: (object, old) => (hasSpec(object) && hasSpec(old) ? updateCauses(object, old) : []),
  };
}

function hasSpec(object: object): boolean {
  return 'spec' in object && object.spec !== undefined;
}

const kindRules: Readonly<Record<ResourceId, KindRules>> = {
  [resources.virtualMachines]: ofSpec(machineRules),
  [resources.virtualMachineInstances]: ofSpec(instanceRules, instanceUpdateCauses),
  [resources.dataVolumes]: ofSpec<DataVolumeDraft>(
    [({ spec }, path) => dataVolumeSpecCauses(spec, path), checksumAnnotation],
    (object, old) => dataVolumeUpdateCauses(object.spec, old.spec),
  ),
  [resources.persistentVolumeClaims]: ofSpec(claimRules, claimUpdateCauses),
  [resources.networkAttachmentDefinitions]: of(attachmentRules),
  [resources.secrets]: of(secretRules, secretUpdateCauses),
  [resources.configMaps]: of(configMapRules, configMapUpdateCauses),
  [resources.settings]: of(settingsRules),
  [resources.connections]: of(connectionRules),
  [resources.transfers]: of(transferRules, transferUpdateCauses),
  [resources.exports]: ofSpec(exportRules, exportUpdateCauses),
  [resources.hyperConvergeds]: ofSpec(hyperConvergedRules),
  [resources.machineConfigs]: ofSpec(machineConfigRules),
  [resources.namespaces]: { ...of([]), nameIs: 'label' },
  [resources.instancetypes]: ofSpec(instancetypeRules),
  [resources.clusterInstancetypes]: ofSpec(instancetypeRules),
  [resources.preferences]: ofSpec(preferenceRules),
  [resources.clusterPreferences]: ofSpec(preferenceRules),
  [resources.presets]: ofSpec(presetRules),
  [resources.replicaSets]: ofSpec(replicaSetRules),
  [resources.pools]: ofSpec(poolRules),
  [resources.snapshots]: ofSpec(snapshotRules, frozenSpecCauses),
  [resources.snapshotContents]: ofSpec([], frozenSpecCauses),
  [resources.restores]: ofSpec(restoreRules, frozenSpecCauses),
  [resources.resourceQuotas]: ofSpec(quotaRules),
  [resources.limitRanges]: ofSpec(limitRangeRules),
  [resources.controllerRevisions]: of(revisionRules, revisionUpdateCauses),
};

/**
 * Every reason why the object may not be stored; empty when it may.
 * Objects must have passed the decoder and carry their defaults; `old` is the stored object of an update.
 */
export function validate(resource: ResourceId, object: DraftObject, old?: DraftObject): Cause[] {
  const rules = kindRules[resource];
  return [
    ...metadataCauses(object.metadata, rules?.nameIs ?? 'subdomain'),
    ...(rules?.causes(object) ?? []),
    ...(old === undefined ? [] : (rules?.updateCauses(object, old) ?? [])),
  ];
}
