// Owns the proof of what the card of density writes.
// Must not draw it.
import { expect, test } from 'vitest';
import { densityDraft, densityPatch, isDensity } from '../../../renderer/features/memory/density-draft.ts';

const spec = { higherWorkloadDensity: { memoryOvercommitPercentage: 150 } };

test('what is not said is the default; only a change is written', () => {
  const draft = densityDraft(spec);
  expect(draft).toEqual({ memoryOvercommitPercentage: 150, cpuAllocationRatio: 10 });
  expect(densityPatch(spec, draft)).toBeUndefined();
  expect(densityPatch(spec, { ...draft, cpuAllocationRatio: 4 })).toEqual({
    spec: { resourceRequirements: { vmiCPUAllocationRatio: 4 } },
  });
  expect(densityPatch(spec, { memoryOvercommitPercentage: 200, cpuAllocationRatio: 4 })).toEqual({
    spec: { higherWorkloadDensity: { memoryOvercommitPercentage: 200 }, resourceRequirements: { vmiCPUAllocationRatio: 4 } },
  });
  expect(densityPatch(spec, { ...draft, memoryOvercommitPercentage: undefined })).toBeUndefined();
});

test.for([
  [{ memoryOvercommitPercentage: 10, cpuAllocationRatio: 1 }, true],
  [{ memoryOvercommitPercentage: 9, cpuAllocationRatio: 1 }, false],
  [{ memoryOvercommitPercentage: 100, cpuAllocationRatio: 0 }, false],
  [{ memoryOvercommitPercentage: undefined, cpuAllocationRatio: 10 }, false],
] as const)('%j is a density: %s', ([draft, is]) => {
  expect(isDensity(draft)).toBe(is);
});
