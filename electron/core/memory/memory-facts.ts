// Owns what the computer says of its memory as a whole, as plain data.
// Must not gather it; host does.

import type { MemoryPressure } from '../../api/memory-pressure.ts';

export interface MergingFact {
  readonly state: 'on' | 'off' | 'missing';
  /** What is kept once for many. */
  readonly sharedMiB: number;
  /** What it would take beside that without merging. */
  readonly savedMiB: number;
}

export interface MemoryFacts {
  readonly totalMiB: number;
  readonly availableMiB: number;
  readonly swapTotalMiB: number;
  readonly swapFreeMiB: number;
  /** Read back from swap since the computer started. */
  readonly swappedInMiB: number;
  /** Absent where the kernel does not measure it (psi=0). */
  readonly pressure?: MemoryPressure;
  readonly merging: MergingFact;
}

/** A pool that is reserved at each start of the computer. */
export interface KeptPages {
  /** Absent: of all memory nodes. */
  readonly numaNode?: number;
  readonly sizeKiB: number;
  readonly count: number;
}

/** Of one process. */
export interface ProcessMemory {
  readonly residentMiB: number;
  readonly swappedMiB: number;
  /** The kernel's own sum of what it uses and its adjustment: the highest is ended first. */
  readonly oomScore: number;
  readonly oomScoreAdj: number;
}
