// Owns the rules of snapshots and restores (KubeVirt v1.9.0, pkg/storage/admitters).
// Must not look at the machine: a controller does, when it is its turn.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineRestore, VirtualMachineSnapshot } from '../../api/kinds/virtual-machine-snapshot.ts';
import { sameJson } from '../status/same-json.ts';
import { type Rule, invalid, required } from './rule.ts';

type Reference = VirtualMachineSnapshot['spec']['source'];
export type SnapshotDraft = Pick<VirtualMachineSnapshot, 'spec'>;
export type RestoreDraft = Pick<VirtualMachineRestore, 'spec'>;

function referenceCauses(reference: Reference, field: string): Cause[] {
  const { apiGroup, kind, name } = reference;
  if (apiGroup === undefined || apiGroup === '') return [invalid(`${field}.apiGroup`, 'missing apigroup', 'Write kubevirt.io.')];
  return [
    ...(apiGroup === 'kubevirt.io' ? [] : [invalid(`${field}.apiGroup`, 'invalid apigroup', 'Write kubevirt.io.')]),
    ...(kind === 'VirtualMachine' ? [] : [invalid(`${field}.kind`, 'invalid kind', 'Write VirtualMachine.')]),
    ...(name === '' ? [required(`${field}.name`, 'Required value', 'Name the machine.')] : []),
  ];
}

export const snapshotRules: readonly Rule<SnapshotDraft>[] = [({ spec }, path) => referenceCauses(spec.source, `${path}.source`)];

export const restoreRules: readonly Rule<RestoreDraft>[] = [
  ({ spec }, path) => referenceCauses(spec.target, `${path}.target`),
  ({ spec }, path) =>
    spec.virtualMachineSnapshotName === ''
      ? [required(`${path}.virtualMachineSnapshotName`, 'Required value', 'Name the snapshot to go back to.')]
      : [],
];

export function frozenSpecCauses(object: { readonly spec: object }, old: { readonly spec: object }): Cause[] {
  return sameJson(object.spec, old.spec) ? [] : [invalid('spec', 'spec in immutable after creation', 'Make a new one.')];
}
