// Owns what is known of the computer's memory and of each balloon, between two looks.
// Must not decide what is taken or given.

export interface HostMemory {
  readonly totalMiB: number;
  readonly availableMiB: number;
  /** What can still be put away there; 0 without swap. */
  readonly swapFreeMiB: number;
  /** What lies there, and may be wanted back. */
  readonly swapUsedMiB: number;
  /** What was read back since the look before: somebody waited for it. Absent at the first look. */
  readonly swapInMiBPerSecond?: number;
  /** Percent of the last ten seconds in which somebody waited for memory; absent where the kernel does not say. */
  readonly pressurePercent?: number;
}

export interface Ballooned {
  readonly id: string;
  /** What the guest was told it has. */
  readonly guestMiB: number;
  /** What it was promised. */
  readonly floorMiB: number;
  /** What it has now. */
  readonly actualMiB: number;
  /** What of that it could do without, by its own account; absent: it does not say. */
  readonly spareMiB?: number;
  /** It waits for memory, or reads back what it had swapped out. */
  readonly isStruggling: boolean;
}

/** What is remembered of a machine between two looks. */
export interface BalloonMemory {
  readonly targetMiB: number;
  readonly moved: 'never' | 'taken' | 'given';
  readonly movedAt: number;
  /** Nothing is taken before. */
  readonly restsUntil: number;
  /** So long after taking nothing is given: doubled each time it was given and had to be taken again. */
  readonly giveHoldMs: number;
}

export interface BalloonMove {
  readonly id: string;
  readonly targetMiB: number;
}

/** Below `lowMiB` available the computer is short; above `highMiB` it is not any more. In between it stays what it was. */
export interface Marks {
  readonly lowMiB: number;
  readonly highMiB: number;
}

/** So much read back from swap is more than somebody who comes back after a rest: it is read over and over. */
export const thrashingMiBPerSecond = 4;

export function marksOf(totalMiB: number): Marks {
  return { lowMiB: Math.floor(totalMiB * 0.06), highMiB: Math.floor(totalMiB * 0.12) };
}

/** A guest lets go of memory within seconds; until then it is not judged by what it was asked for. */
export const settleMs = 20_000;
