// Owns HyperConverged's density as it is typed in, and back.
// Must not save.
import type { HyperConvergedSpec } from '../../../electron/api/kinds/hyper-converged.ts';
import type { JsonObject } from '../../../electron/api/object.ts';

export type DensityField = 'memoryOvercommitPercentage' | 'vmiCPUAllocationRatio';

/** Absent: the field was emptied. */
export type DensityDraft = Readonly<Record<DensityField, number | undefined>>;

/** The least is the operator's; the most is far beyond what anybody should want. */
export const densityBounds = {
  memoryOvercommitPercentage: { min: 10, max: 1000, step: 10 },
  vmiCPUAllocationRatio: { min: 1, max: 100, step: 1 },
} as const;

export function densityDraft({ higherWorkloadDensity, resourceRequirements }: HyperConvergedSpec): DensityDraft {
  return {
    memoryOvercommitPercentage: higherWorkloadDensity?.memoryOvercommitPercentage ?? 100,
    vmiCPUAllocationRatio: resourceRequirements?.vmiCPUAllocationRatio ?? 10,
  };
}

export function isDensity(draft: DensityDraft, ...fields: readonly DensityField[]): boolean {
  const all = fields.length === 0 ? (Object.keys(densityBounds) as DensityField[]) : fields;
  return all.every((field) => {
    const value = draft[field];
    return value !== undefined && value >= densityBounds[field].min && value <= densityBounds[field].max;
  });
}

/** Undefined: nothing is changed. */
export function densityPatch(spec: HyperConvergedSpec, draft: DensityDraft): JsonObject | undefined {
  const { memoryOvercommitPercentage, vmiCPUAllocationRatio } = draft;
  if (JSON.stringify(draft) === JSON.stringify(densityDraft(spec))) return undefined;
  return {
    spec: {
      higherWorkloadDensity: { memoryOvercommitPercentage: memoryOvercommitPercentage ?? null },
      resourceRequirements: { vmiCPUAllocationRatio: vmiCPUAllocationRatio ?? null },
    },
  };
}
