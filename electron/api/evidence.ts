// Owns the shape of what is kept when a machine hangs, panics or ends unasked.
// Must not say where it is kept.

export interface Evidence {
  /** Names it below its machine; the newest sorts last. */
  readonly id: string;
  /** RFC 3339. */
  readonly time: string;
  /** `Watchdog`, `GuestPanicked`, `LivenessProbeFailed`, or the reason that the run failed with, such as `Crashed`. */
  readonly reason: string;
  /** One sentence. */
  readonly message: string;
  /** What was done about it, in QEMU's words: `poweroff`, `reset`, …; absent when the machine just ended. */
  readonly action?: string;
  /** Uid of the run. */
  readonly runUid: string;
  /** The last 200 lines of the serial console. */
  readonly serialTail: string;
  /** The end of QEMU's standard error. */
  readonly stderr: string;
  readonly hasScreenshot: boolean;
  /** When the picture was taken, RFC 3339: before `time` where the screen was gone by then. */
  readonly screenshotTime?: string;
}

/** How long before the failure its picture was taken, ms; 0: of the moment itself. */
export function screenshotLeadMs({ time, screenshotTime = time }: Pick<Evidence, 'time' | 'screenshotTime'>): number {
  return Math.max(0, Date.parse(time) - Date.parse(screenshotTime));
}

/** What is known at the moment itself; the rest is gathered from the machine. */
export type EvidenceReport = Omit<Evidence, 'serialTail' | 'stderr' | 'hasScreenshot' | 'screenshotTime'>;
