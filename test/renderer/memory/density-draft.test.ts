// Owns the proof of what the card of density writes.
// Must not draw it.
import { expect, test } from 'vitest';
import { densityDraft, densityPatch, isDensity } from '../../../renderer/features/memory/density-draft.ts';

const spec = { higherWorkloadDensity: { memoryOvercommitPercentage: 150 } };

test('what is not said is the default; only a change is written', () => {
  const draft = densityDraft(spec);
  expect(draft).toEqual({ memoryOvercommitPercentage: 150, vmiCPUAllocationRatio: 10 });
  expect(densityPatch(spec, draft)).toBeUndefined();
  expect(densityPatch(spec, { ...draft, vmiCPUAllocationRatio: 4 })).toEqual({
    spec: { higherWorkloadDensity: { memoryOvercommitPercentage: 150 }, resourceRequirements: { vmiCPUAllocationRatio: 4 } },
  });
});

test.for([
  [{ memoryOvercommitPercentage: 10, vmiCPUAllocationRatio: 1 }, true],
  [{ memoryOvercommitPercentage: 9, vmiCPUAllocationRatio: 1 }, false],
  [{ memoryOvercommitPercentage: 100, vmiCPUAllocationRatio: 0 }, false],
  [{ memoryOvercommitPercentage: undefined, vmiCPUAllocationRatio: 10 }, false],
] as const)('%j is a density: %s', ([draft, is]) => {
  expect(isDensity(draft)).toBe(is);
});
