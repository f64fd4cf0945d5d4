// Owns HyperConverged's density as it is typed in, and back.
// Must not save.
import type { HyperConvergedSpec } from '../../../electron/api/kinds/hyper-converged.ts';
import type { JsonObject } from '../../../electron/api/object.ts';

export type DensityField = 'memoryOvercommitPercentage' | 'cpuAllocationRatio';

/** Absent: the field was emptied. */
export type DensityDraft = Readonly<Record<DensityField, number | undefined>>;

/** The least is the operator's; the most is far beyond what anybody should want. */
export const densityBounds = {
  memoryOvercommitPercentage: { min: 10, max: 1000, step: 10 },
  cpuAllocationRatio: { min: 1, max: 100, step: 1 },
} as const;

export function densityDraft({ higherWorkloadDensity, resourceRequirements }: HyperConvergedSpec): DensityDraft {
  return {
    memoryOvercommitPercentage: higherWorkloadDensity?.memoryOvercommitPercentage ?? 100,
    cpuAllocationRatio: resourceRequirements?.vmiCPUAllocationRatio ?? 10,
  };
}

export function isDensity(draft: DensityDraft, ...fields: readonly DensityField[]): boolean {
  const all = fields.length === 0 ? (Object.keys(densityBounds) as DensityField[]) : fields;
  return all.every((field) => {
    const value = draft[field];
    return value !== undefined && value >= densityBounds[field].min && value <= densityBounds[field].max;
  });
}

/** Of the fields that are changed; one that was emptied is not written. Undefined: there is nothing to write. */
export function densityPatch(spec: HyperConvergedSpec, draft: DensityDraft): JsonObject | undefined {
  const old = densityDraft(spec);
  const isChanged = (field: DensityField): boolean => draft[field] !== undefined && draft[field] !== old[field];
  const { memoryOvercommitPercentage, cpuAllocationRatio: vmiCPUAllocationRatio } = draft;
  const changed = {
    ...(isChanged('memoryOvercommitPercentage') ? { higherWorkloadDensity: { memoryOvercommitPercentage } } : {}),
    ...(isChanged('cpuAllocationRatio') ? { resourceRequirements: { vmiCPUAllocationRatio } } : {}),
  };
  return Object.keys(changed).length === 0 ? undefined : { spec: changed };
}
