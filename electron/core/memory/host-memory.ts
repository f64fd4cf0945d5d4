// Owns what two looks at the computer's memory say together: how much there is, how much swaps, who waits.
// Must not decide what follows.
import type { HostMemory } from './balloon-state.ts';
import type { MemoryFacts } from './memory-facts.ts';

export interface SwapLook {
  readonly swappedInMiB: number;
  /** Milliseconds. */
  readonly at: number;
}

/** Undefined at the first look, and after looks of one moment. */
export function swapInRate(before: SwapLook | undefined, { swappedInMiB, at }: SwapLook): number | undefined {
  if (before === undefined || at <= before.at) return undefined;
  return (Math.max(0, swappedInMiB - before.swappedInMiB) * 1000) / (at - before.at);
}

export function hostMemoryOf(facts: MemoryFacts, swapInMiBPerSecond: number | undefined): HostMemory {
  const { totalMiB, availableMiB, swapTotalMiB, swapFreeMiB, pressure } = facts;
  return {
    totalMiB,
    availableMiB,
    swapFreeMiB,
    swapUsedMiB: swapTotalMiB - swapFreeMiB,
    ...(swapInMiBPerSecond === undefined ? {} : { swapInMiBPerSecond }),
    ...(pressure === undefined ? {} : { pressurePercent: pressure.somePercent }),
  };
}
