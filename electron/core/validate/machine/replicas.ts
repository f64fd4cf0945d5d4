// Owns the rules of sets of runs, pools of machines and presets (KubeVirt v1.9.0, vmirs-admitter.go, vmpools-admitter.go, vmipreset-admitter.go).
// Must not repeat the rules of what they make.
import type { VirtualMachineInstanceReplicaSet, VirtualMachinePool } from '../../../api/kinds/replicas.ts';
import type { VirtualMachineInstancePreset } from '../../../api/kinds/virtual-machine-instance-preset.ts';
import { templateAsRun } from '../../defaults/virtual-machine-instance.ts';
import { type LabelSelector, selects } from '../../../api/label-match.ts';
import { type Rule, invalid, required } from '../rule.ts';
import { labelSelectorCauses } from '../scheduling/label-selector.ts';
import { specCauses } from './spec-rules.ts';
import { machineRules } from './virtual-machine.ts';

export type ReplicaSetDraft = Pick<VirtualMachineInstanceReplicaSet, 'spec'>;
export type PoolDraft = Pick<VirtualMachinePool, 'spec'>;
export type PresetDraft = Pick<VirtualMachineInstancePreset, 'spec'>;

interface Selected {
  readonly selector: LabelSelector;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly replicas: number | undefined;
}

/** A set that does not find what it makes would make more without end. */
function selectionCauses({ selector, labels = {}, replicas = 1 }: Selected, path: string): ReturnType<Rule<unknown>> {
  return [
    ...labelSelectorCauses(selector, `${path}.selector`),
    ...(selects(selector, labels)
      ? []
      : [invalid(`${path}.selector`, 'selector does not match labels.', 'Put the labels that it selects into the template.')]),
    ...(replicas >= 0
      ? []
      : [invalid(`${path}.replicas`, `${path}.replicas '${replicas}': must be greater than or equal to 0.`, 'Use 0 or more.')]),
  ];
}

const replicaSet: Rule<ReplicaSetDraft> = ({ spec: { selector, template, replicas } }, path) => {
  if (template.spec === undefined) return [required(`${path}.template.spec`, `${path}.template.spec is required`, 'Describe the machine.')];
  return [
    ...selectionCauses({ selector, labels: template.metadata?.labels, replicas }, path),
    ...specCauses(templateAsRun(template.spec), `${path}.template.spec`),
  ];
};

const pool: Rule<PoolDraft> = ({ spec: { selector, virtualMachineTemplate: template, replicas } }, path) => {
  const field = `${path}.virtualMachineTemplate`;
  if (template.spec === undefined) return [required(`${field}.spec`, `${field}.spec is required`, 'Describe the machine.')];
  const machine = { metadata: {}, spec: template.spec };
  return [
    ...selectionCauses({ selector, labels: template.metadata?.labels, replicas }, path),
    ...machineRules.flatMap((rule) => rule(machine, `${field}.spec`)),
  ];
};

const preset: Rule<PresetDraft> = ({ spec }, path) => labelSelectorCauses(spec.selector, `${path}.selector`);

export const replicaSetRules: readonly Rule<ReplicaSetDraft>[] = [replicaSet];
export const poolRules: readonly Rule<PoolDraft>[] = [pool];
export const presetRules: readonly Rule<PresetDraft>[] = [preset];
