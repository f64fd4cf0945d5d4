// Owns what a stored object gets that its author left out, kind by kind.
// Must not refuse anything: core/validate does, after this.
import { resources } from '../../api/resources.ts';
import type { DraftObject, ResourceId } from '../../api/object.ts';
import type { DefaultRule, DefaultingFacts } from './defaulting-facts.ts';
import {
  defaultedClaim,
  defaultedDataVolume,
  defaultedInstancetype,
  defaultedNamespace,
  defaultedPreference,
  defaultedSecret,
  defaultedSettings,
  defaultedTransfer,
} from './other-kinds.ts';
import { defaultedHyperConverged } from './hyper-converged.ts';
import { defaultedLimitRange, defaultedQuota } from './quotas.ts';
import { defaultedMachine } from './virtual-machine.ts';
import { defaultedInstance } from './virtual-machine-instance.ts';

/** Drafts have passed the decoder, which checked them against the schema of their kind: that is what the assertion stands on. */
function of<Shape extends object>(rule: DefaultRule<Shape>): (draft: object, facts: DefaultingFacts) => object {
  return (draft, facts) => rule(draft as Shape, facts);
}

/** Kubernetes' schemas let some kinds come without a spec: validation names it. */
function ofSpec<Shape extends { readonly spec: object }>(rule: DefaultRule<Shape>): (draft: object, facts: DefaultingFacts) => object {
  return (draft, facts) => ('spec' in draft && draft.spec !== undefined ? of(rule)(draft, facts) : draft);
}

const rules: Readonly<Record<ResourceId, (draft: object, facts: DefaultingFacts) => object>> = {
  [resources.virtualMachines]: ofSpec(defaultedMachine),
  [resources.virtualMachineInstances]: ofSpec(defaultedInstance),
  [resources.dataVolumes]: ofSpec(defaultedDataVolume),
  [resources.persistentVolumeClaims]: ofSpec(defaultedClaim),
  [resources.secrets]: of(defaultedSecret),
  [resources.namespaces]: of(defaultedNamespace),
  [resources.settings]: of(defaultedSettings),
  [resources.transfers]: ofSpec(defaultedTransfer),
  [resources.instancetypes]: ofSpec(defaultedInstancetype),
  [resources.clusterInstancetypes]: ofSpec(defaultedInstancetype),
  [resources.preferences]: ofSpec(defaultedPreference),
  [resources.clusterPreferences]: ofSpec(defaultedPreference),
  [resources.resourceQuotas]: ofSpec(defaultedQuota),
  [resources.limitRanges]: ofSpec(defaultedLimitRange),
  [resources.hyperConvergeds]: of(defaultedHyperConverged),
};

/**
 * The draft with its defaults. Defaulting twice changes nothing: `defaulted(defaulted(x)) = defaulted(x)`.
 * Drafts must have passed the decoder.
 */
export function defaulted<Draft extends DraftObject>(resource: ResourceId, draft: Draft, facts: DefaultingFacts): Draft {
  const rule = rules[resource];
  return rule === undefined ? draft : (rule(draft, facts) as Draft);
}
