// Owns which rules hold for which kind.
// Must not stop at the first cause.
import type { Cause } from '../../api/errors.ts';
import type { DraftObject, ResourceId } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { machineRules } from './machine/virtual-machine.ts';
import { instanceRules, instanceUpdateCauses } from './machine/virtual-machine-instance.ts';
import { metadataCauses } from './metadata.ts';
import { secretRules, secretUpdateCauses, settingsRules } from './other-kinds.ts';
import { type Rule, causesOf } from './rule.ts';
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

const kindRules: Readonly<Record<ResourceId, KindRules>> = {
  [resources.virtualMachines]: of(machineRules),
  [resources.virtualMachineInstances]: of(instanceRules, instanceUpdateCauses),
  [resources.dataVolumes]: of<DataVolumeDraft>([({ spec }, path) => dataVolumeSpecCauses(spec, path), checksumAnnotation], (object, old) =>
    dataVolumeUpdateCauses(object.spec, old.spec),
  ),
  [resources.persistentVolumeClaims]: of(claimRules, claimUpdateCauses),
  [resources.secrets]: of(secretRules, secretUpdateCauses),
  [resources.settings]: of(settingsRules),
  [resources.namespaces]: { ...of([]), nameIs: 'label' },
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
