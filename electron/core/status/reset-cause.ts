// Owns telling one reset from the next: QEMU reports a single one up to five times, and never says whether the watchdog did it.
// Must not know the time; events carry theirs.

export interface ResetHistory {
  /** When the last RESET came, milliseconds since 1970. */
  readonly resetAt?: number;
  /** When the watchdog last bit with `reset`. */
  readonly bittenAt?: number;
}

// The firmware resets itself a few times within its first second; on a busy emulated machine within seconds.
const sameResetMs = 5_000;
const biteLastsMs = 5_000;

export type ResetCause = 'watchdog' | 'guest';

/** What a RESET that the guest's side did is told as; undefined when it belongs to one that was told. */
export function resetCause({ resetAt, bittenAt }: ResetHistory, at: number): ResetCause | undefined {
  if (resetAt !== undefined && at - resetAt < sameResetMs) return undefined;
  return bittenAt !== undefined && at - bittenAt < biteLastsMs ? 'watchdog' : 'guest';
}
