// Owns the rules of an instance type (KubeVirt v1.9.0, pkg/instancetype/webhooks/admitter.go).
// Must not compare it with any machine.
import type { InstancetypeSpec } from '../../../api/kinds/instancetype.ts';
import { nanoOf, shown } from '../amounts.ts';
import { type Rule, invalid } from '../rule.ts';

export interface InstancetypeDraft {
  readonly spec: InstancetypeSpec;
}

const overcommitPercent: Rule<InstancetypeDraft> = ({ spec: { memory } }, path) => {
  const field = `${path}.memory.overcommitPercent`;
  const { overcommitPercent: percent = 0, hugepages } = memory;
  return [
    ...(percent < 0 || percent > 100
      ? [invalid(field, `${field} '${percent}': must be in range between 0 and 100.`, 'Use 0 to 100.')]
      : []),
    ...(percent !== 0 && hugepages !== undefined
      ? [invalid(field, `${field} and ${path}.memory.hugepages should not be requested together.`, 'Huge pages cannot be overcommitted.')]
      : []),
  ];
};

/** Upstream takes them, and every machine of the type then fails. */
const amounts: Rule<InstancetypeDraft> = ({ spec: { cpu, memory } }, path) => [
  ...(cpu.guest > 0
    ? []
    : [invalid(`${path}.cpu.guest`, `${path}.cpu.guest '${cpu.guest}': must be greater than 0.`, 'Give it a processor.')]),
  ...(nanoOf(memory.guest) > 0n
    ? []
    : [invalid(`${path}.memory.guest`, `${path}.memory.guest '${shown(memory.guest)}': must be greater than 0.`, 'Such as 2Gi.')]),
];

export const instancetypeRules: readonly Rule<InstancetypeDraft>[] = [overcommitPercent, amounts];
