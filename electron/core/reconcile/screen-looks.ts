// Owns whose screen is looked at in passing, and how often.
// Must not look; engine/screen-looks.ts does.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../../api/lifecycle.ts';
import { hasGraphics } from '../qemu/attached.ts';
import { isTrue } from '../status/conditions.ts';

/**
 * QEMU resets or ends a machine whose watchdog bites before anybody can ask for a picture, so one is taken now and then. Kernels set
 * i6300esb to 30 s and are to feed it after half of that: a guest that hung has shown the same screen for 15 s when it bites. This is
 * less, with room for a look that came late.
 */
export const lookEveryMs = 10_000;

/** Longer, and the next machine has its turn; this one is left alone until it has answered. */
export const lookAnswerMs = 1_000;

export interface Occupation {
  /** Its end has begun: nothing may come between QEMU and what ends it. */
  readonly isStopping: boolean;
  /** Its state is on the way to the disk. */
  readonly isBeingSaved: boolean;
  /** Between the two halves of a reboot. */
  readonly isDown: boolean;
}

export function isLookedAt(vmi: VirtualMachineInstance, { isStopping, isBeingSaved, isDown }: Occupation): boolean {
  const { metadata, spec, status } = vmi;
  if (phaseOf(vmi) !== 'Running' || metadata.deletionTimestamp !== undefined) return false;
  if (isStopping || isBeingSaved || isDown) return false;
  // A paused guest shows what it showed. QEMU holds its big lock while it draws the picture: some milliseconds that a real-time guest may not miss.
  return hasGraphics(vmi) && !isTrue(status?.conditions, 'Paused') && spec.domain.cpu?.realtime === undefined;
}
