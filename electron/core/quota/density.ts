// Owns how densely machines are packed: what HyperConverged says of it, and KubeVirt's defaults.
// Must not apply it; given-amounts.ts does.
import type { HyperConvergedSpec } from '../../api/kinds/hyper-converged.ts';

export interface Density {
  /** What guests are told they have, in percent of what is set aside for it: KubeVirt's memoryOvercommit. */
  readonly memoryOvercommitPercentage: number;
  /** vCPUs for each processor that is set aside. */
  readonly cpuAllocationRatio: number;
}

export const defaultDensity: Density = { memoryOvercommitPercentage: 100, cpuAllocationRatio: 10 };

type Parts = Pick<HyperConvergedSpec, 'higherWorkloadDensity' | 'resourceRequirements'>;

export function densityOf({ higherWorkloadDensity, resourceRequirements }: Parts): Density {
  return {
    memoryOvercommitPercentage: higherWorkloadDensity?.memoryOvercommitPercentage ?? defaultDensity.memoryOvercommitPercentage,
    cpuAllocationRatio: resourceRequirements?.vmiCPUAllocationRatio ?? defaultDensity.cpuAllocationRatio,
  };
}

/** The operator's defaults, written down as it does: a patch that replaces one finds it. */
export function completeDensity(spec: Parts): Parts {
  const { memoryOvercommitPercentage, cpuAllocationRatio } = densityOf(spec);
  return {
    higherWorkloadDensity: { ...spec.higherWorkloadDensity, memoryOvercommitPercentage },
    resourceRequirements: { ...spec.resourceRequirements, vmiCPUAllocationRatio: cpuAllocationRatio },
  };
}
