// Owns where there is most room, and where processor and memory stay in proportion.
// Must not count what processes really use.
import type { Candidate, PlacementNode, SummedWorld, Score } from '../world.ts';

const weighed = ['cpu', 'memory'] as const;

/** Shares of processor and memory that would be promised, each 0 to 1. */
function sharesWith({ requests }: Candidate, { promised }: SummedWorld): (node: PlacementNode) => readonly number[] {
  return ({ name, allocatable }) =>
    weighed.map((resource) => {
      const has = allocatable[resource] ?? 0;
      return has === 0 ? 1 : Math.min(1, ((promised.get(name)?.[resource] ?? 0) + (requests[resource] ?? 0)) / has);
    });
}

export const leastAllocated: Score = {
  name: 'NodeResourcesFit',
  weight: 1,
  scale: 'share',
  prepare(candidate, world) {
    const shares = sharesWith(candidate, world);
    return (node) => mean(shares(node).map((share) => (1 - share) * 100));
  },
};

export const balancedAllocation: Score = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  scale: 'share',
  prepare(candidate, world) {
    const shares = sharesWith(candidate, world);
    return (node) => {
      const all = shares(node);
      const average = mean(all);
      return (1 - Math.sqrt(mean(all.map((share) => (share - average) ** 2)))) * 100;
    };
  },
};

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
