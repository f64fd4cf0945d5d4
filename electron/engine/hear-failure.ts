// Owns noting on a guest what an event means for it: it panicked, its watchdog bit, it came back.
// Must not act; failures.ts does, when the controller comes to it.
import { annotations } from '../api/annotations.ts';
import type { MachineFact } from '../core/facts.ts';
import { timestamp } from '../core/status/conditions.ts';
import { type ResetCause, resetCause } from '../core/status/reset-cause.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';

/** Notes what an event means for this guest; the cause of a reset when it is one that was not told yet. */
export function hearFailure(
  context: EngineContext,
  guest: Guest,
  { event, data, at }: Extract<MachineFact, { type: 'QmpEvent' }>,
): ResetCause | undefined {
  switch (event) {
    case 'WATCHDOG':
      if (data['action'] === 'reset') guest.resets = { ...guest.resets, bittenAt: at };
      // QEMU only presses the button. Written down: a core that is killed now leaves a guest that has its grace period.
      if (data['action'] === 'shutdown') setShutdownSince(context, guest, timestamp(at));
      return undefined;
    case 'GUEST_PANICKED':
      guest.hasPanicked = data['action'] === 'pause';
      return undefined;
    case 'RESET': {
      if (data['guest'] !== true) return undefined;
      const cause = resetCause(guest.resets, at);
      guest.resets = { ...guest.resets, resetAt: at };
      // It came back by itself: nobody waits for its end any more.
      setShutdownSince(context, guest, undefined);
      return cause;
    }
    default:
      return undefined;
  }
}

function setShutdownSince({ objects }: EngineContext, guest: Guest, since: string | undefined): void {
  objects.change(guest.key, (object) => {
    const { [annotations.shutdownSince]: before, ...kept } = object.metadata.annotations ?? {};
    if (before !== undefined && since !== undefined) return object;
    if (before === since) return object;
    if (since === undefined && object.metadata.deletionTimestamp === undefined) guest.stop = undefined;
    return {
      ...object,
      metadata: { ...object.metadata, annotations: since === undefined ? kept : { ...kept, [annotations.shutdownSince]: since } },
    };
  });
}
