// Owns how a machine is asked to end: ever harder, all within its grace period.
// Must not do it; the engine climbs, with the clock.

export type StopRung =
  /** A paused guest cannot answer: it runs again first. */
  | 'resume'
  /** ACPI: QMP system_powerdown. */
  | 'powerButton'
  /** guest-shutdown, for guests that ignore the button. */
  | 'agent'
  /** QMP quit: the guest sees a power cut, its disk images are closed in order. */
  | 'quit'
  /** SIGKILL. */
  | 'kill';

export interface StopStep {
  readonly rung: StopRung;
  /** Milliseconds after the stop was asked for. */
  readonly afterMs: number;
}

export interface StopConditions {
  readonly graceSeconds: number;
  readonly acpi: boolean;
  readonly agent: boolean;
  readonly paused: boolean;
}

// The agent is asked when the button had time to work: a guest that hears both may skip half of its shutdown.
const agentAfterMs = 10_000;
// QEMU closes images within moments, unless the disk under them hangs.
const quitLastsMs = 5_000;
// A power cut is not a kill: the images are still closed if that works at once.
const powerCutLastsMs = 2_000;

/** Ascending. Grace 0 is a power cut. */
export function stopLadder({ graceSeconds, acpi, agent, paused }: StopConditions): readonly StopStep[] {
  const graceMs = Math.max(0, graceSeconds) * 1000;
  if (graceMs === 0) {
    return [
      { rung: 'quit', afterMs: 0 },
      { rung: 'kill', afterMs: powerCutLastsMs },
    ];
  }
  const quitAt = graceMs - Math.min(quitLastsMs, graceMs / 5);
  // Without a button and without an agent there is nobody to wait for.
  const polite = acpi || agent;
  return [
    ...(paused && polite ? [{ rung: 'resume', afterMs: 0 } as const] : []),
    ...(acpi ? [{ rung: 'powerButton', afterMs: 0 } as const] : []),
    ...(agent ? [{ rung: 'agent', afterMs: acpi ? Math.min(agentAfterMs, graceMs / 3) : 0 } as const] : []),
    { rung: 'quit', afterMs: polite ? quitAt : 0 },
    { rung: 'kill', afterMs: polite ? graceMs : powerCutLastsMs },
  ];
}
