// Owns the grammar of node affinity, pod affinity and pod anti-affinity.
// Must not choose a node; placement does.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../../api/kinds/virtual-machine-instance.ts';
import type { SpecRule } from '../machine/spec-rule.ts';
import { fieldError, labelKeyCauses, labelSelectorCauses, nodeFieldCauses, nodeRequirementCauses } from './label-selector.ts';

type Affinity = NonNullable<VirtualMachineInstanceSpec['affinity']>;
type NodeAffinity = NonNullable<Affinity['nodeAffinity']>;
type PodAffinity = NonNullable<Affinity['podAffinity']>;
type NodeTerm = NonNullable<NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']>['nodeSelectorTerms'][number];
type PodTerm = NonNullable<PodAffinity['requiredDuringSchedulingIgnoredDuringExecution']>[number];

export const affinity: SpecRule = ({ affinity: asked }, path) => {
  const field = `${path}.affinity`;
  return [
    ...(asked?.nodeAffinity === undefined ? [] : nodeAffinityCauses(asked.nodeAffinity, `${field}.nodeAffinity`)),
    ...(asked?.podAffinity === undefined ? [] : podAffinityCauses(asked.podAffinity, `${field}.podAffinity`)),
    ...(asked?.podAntiAffinity === undefined ? [] : podAffinityCauses(asked.podAntiAffinity, `${field}.podAntiAffinity`)),
  ];
};

function nodeAffinityCauses(asked: NodeAffinity, path: string): Cause[] {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } =
    asked;
  const termsField = `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
  return [
    ...(required?.nodeSelectorTerms.length === 0
      ? [fieldError(termsField, 'Required value: must have at least one node selector term')]
      : []),
    ...(required?.nodeSelectorTerms ?? []).flatMap((term, index) => nodeTermCauses(term, `${termsField}[${index}]`)),
    ...preferred.flatMap(({ weight, preference }, index) => {
      const field = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      return [...weightCauses(weight, field), ...nodeTermCauses(preference, `${field}.preference`)];
    }),
  ];
}

function nodeTermCauses({ matchExpressions = [], matchFields = [] }: NodeTerm, path: string): Cause[] {
  return [
    ...matchExpressions.flatMap((requirement, index) => nodeRequirementCauses(requirement, `${path}.matchExpressions[${index}]`)),
    ...matchFields.flatMap((requirement, index) => nodeFieldCauses(requirement, `${path}.matchFields[${index}]`)),
  ];
}

function podAffinityCauses(asked: PodAffinity, path: string): Cause[] {
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [], preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } =
    asked;
  return [
    ...required.flatMap((term, index) => podTermCauses(term, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`)),
    ...preferred.flatMap(({ weight, podAffinityTerm }, index) => {
      const field = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      return [...weightCauses(weight, field), ...podTermCauses(podAffinityTerm, `${field}.podAffinityTerm`)];
    }),
  ];
}

function podTermCauses({ labelSelector, topologyKey }: PodTerm, path: string): Cause[] {
  return [
    ...(topologyKey === '' ? [fieldError(`${path}.topologyKey`, 'Required value: can not be empty')] : []),
    ...labelKeyCauses(topologyKey, `${path}.topologyKey`),
    ...(labelSelector === undefined ? [] : labelSelectorCauses(labelSelector, `${path}.labelSelector`)),
  ];
}

function weightCauses(weight: number, path: string): Cause[] {
  return weight >= 1 && weight <= 100 ? [] : [fieldError(`${path}.weight`, `Invalid value: ${weight}: must be in the range 1-100`)];
}
