// Owns the rules that hold for a run alone: it must know its memory, and nobody changes it.
// Must not repeat the rules of the spec.
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { DraftObject } from '../../../api/object.ts';
import { sameJson } from '../../status/same-json.ts';
import { nanoOf } from '../amounts.ts';
import { portForwardCauses } from '../network/ports.ts';
import { type Rule, invalid, notSupported, required } from '../rule.ts';
import { ownAnnotationCauses } from './own-annotations.ts';
import { specCauses } from './spec-rules.ts';

export type InstanceDraft = Pick<VirtualMachineInstance, 'spec'> & Pick<DraftObject, 'metadata'>;

const memory: Rule<InstanceDraft> = ({ spec }, path) => {
  const { memory: given, resources } = spec.domain;
  if (nanoOf(resources?.requests?.['memory']) !== 0n || given?.guest !== undefined || given?.hugepages !== undefined) return [];
  const domain = `${path}.domain`;
  const message = `no memory requested, at least one of '${domain}.memory.guest', '${domain}.memory.hugepages.pageSize' or '${domain}.resources.requests.memory' must be set`;
  return [required(`${domain}.memory.guest`, message, 'Set domain.memory.guest, such as 2Gi.')];
};

const noUtilityVolumes: Rule<InstanceDraft> = ({ spec }, path) =>
  spec.utilityVolumes === undefined
    ? []
    : [
        invalid(
          `${path}.utilityVolumes`,
          'cannot create VMI with utility volumes in spec, utility volumes can only be added via hotplug',
          'Remove them.',
        ),
      ];

export const instanceRules: readonly Rule<InstanceDraft>[] = [
  memory,
  noUtilityVolumes,
  ({ metadata }) => portForwardCauses(metadata.annotations ?? {}, 'metadata'),
  ({ metadata }) => ownAnnotationCauses(metadata.annotations ?? {}, 'metadata'),
  ({ spec }, path) => specCauses(spec, path),
];

/** A run is what it was started as; its definition may change. */
export function instanceUpdateCauses(instance: InstanceDraft, old: InstanceDraft): ReturnType<Rule<InstanceDraft>> {
  if (sameJson(instance.spec, old.spec)) return [];
  return [notSupported('spec', 'update of VMI object is restricted', 'Change the VirtualMachine and restart it.')];
}
