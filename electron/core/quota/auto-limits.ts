// Owns KubeVirt's limits that a project's machines get by themselves: memory by ratio, processors by the number of vCPUs.
// Must not give limits to a project that does not say so: there they are set by hand.
import { autoMemoryLimitsRatio } from '../../api/annotations.ts';
import type { ResourceQuota } from '../../api/kinds/resource-quota.ts';

export interface ProjectLimits {
  readonly labels: Readonly<Record<string, string>>;
  readonly quotas: readonly ResourceQuota[];
}

/** How much of its request a machine may use, where a quota demands that it says so. */
export function autoLimitsRatio({ labels, quotas }: ProjectLimits): number | undefined {
  const ratio = Number(labels[autoMemoryLimitsRatio] ?? Number.NaN);
  const isDemanded = quotas.some(({ spec }) => spec.hard?.['limits.memory'] !== undefined);
  return isDemanded && ratio >= 1 ? ratio : undefined;
}
