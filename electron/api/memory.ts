// Owns how memory is shared among machines, as it is asked for and shown: GET /apis/virtdeck.io/v1alpha1/memory.
// Must not decide anything; core/memory and core/limits do.

/** With `?watch=true` a line every two seconds while somebody reads. */
export interface MemoryReport {
  readonly computer: MemoryOfComputer;
  /** In the order in which the kernel would end them: the first one first. */
  readonly machines: readonly MemoryOfMachine[];
}

export interface MemoryOfComputer {
  readonly totalMiB: number;
  readonly availableMiB: number;
  /** Below `low` available the computer is short; above `high` it is not any more. */
  readonly lowMiB: number;
  readonly highMiB: number;
  readonly swapTotalMiB: number;
  readonly swapFreeMiB: number;
  /** Percent of the last ten seconds in which somebody waited for memory; absent where the kernel does not measure it. */
  readonly pressurePercent?: number;
  /** Read back from swap since the look before; absent at the first one. */
  readonly swapInMiBPerSecond?: number;
  /** `tight`: memory is taken back from guests. `exhausted`: nothing is left to be taken. */
  readonly state: 'calm' | 'tight' | 'exhausted';
  /** Equal pages are kept once (KSM). */
  readonly merging: { readonly state: 'on' | 'off' | 'missing'; readonly sharedMiB: number; readonly savedMiB: number };
  readonly privilege: 'root' | 'password' | 'none';
}

/** Why a balloon stays empty. The window has a sentence for each. */
export type NoBalloon = 'NoDevice' | 'HugePages' | 'Passthrough' | 'OwnCpus' | 'Growing' | 'NotOvercommitted';

/** Why a machine has its place in the order. */
export type KillReason = 'Overcommitted' | 'OverheadLeftOut' | 'Promised' | 'Guaranteed';

export interface MemoryOfMachine {
  readonly namespace: string;
  readonly name: string;
  /** What the guest is told it has. */
  readonly guestMiB: number;
  /** What was set aside for it, and is always left to it. */
  readonly requestMiB: number;
  /** What the balloon leaves to it now. */
  readonly currentMiB: number;
  /** What QEMU needs beside the guest. */
  readonly overheadMiB: number;
  readonly residentMiB: number;
  readonly swappedMiB: number;
  /** Absent: memory may be taken back down to the request. */
  readonly noBalloon?: NoBalloon;
  /** Its guest waits for memory or swaps by itself; absent while nobody asks it, as nothing is to be taken or given. */
  readonly isStruggling?: boolean;
  /** The kernel's own sum: the highest is ended first. */
  readonly oomScore: number;
  readonly oomScoreAdj: number;
  readonly reason: KillReason;
}
