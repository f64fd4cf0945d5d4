// Owns KubeVirt's limits by ratio: a project that says so spares its machines the limit that its quota demands.
// Must not give limits to a project that does not say so: there they are set by hand.
import type { ResourceQuota } from '../../api/kinds/resource-quota.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { bytesOf, formatBytes } from '../../api/quantity.ts';

/** On the Namespace. */
export const autoMemoryLimitsRatio = 'alpha.kubevirt.io/auto-memory-limits-ratio';

export interface ProjectLimits {
  readonly labels: Readonly<Record<string, string>>;
  readonly quotas: readonly ResourceQuota[];
}

export function withAutoLimits<Run extends { readonly spec: VirtualMachineInstance['spec'] }>(run: Run, project: ProjectLimits): Run {
  const ratio = Number(project.labels[autoMemoryLimitsRatio] ?? Number.NaN);
  const { domain } = run.spec;
  const { resources } = domain;
  const request = bytesOf(resources?.requests?.['memory'] ?? domain.memory?.guest);
  const isDemanded = project.quotas.some(({ spec }) => spec.hard?.['limits.memory'] !== undefined);
  if (!isDemanded || !(ratio >= 1) || request === undefined || resources?.limits?.['memory'] !== undefined) return run;
  const limits = { ...resources?.limits, memory: formatBytes(request * ratio) };
  return { ...run, spec: { ...run.spec, domain: { ...domain, resources: { ...resources, limits } } } };
}
