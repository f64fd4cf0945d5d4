// Owns sending many key presses at the pace a guest can take.
// Must not know what they spell.
import type { Schedule } from './reconnect.ts';
import type { KeyEvent } from './typing.ts';

/** QEMU's keyboards queue 16 events; a stroke has up to eight. Slower than a guest polls, faster than anybody types. */
export const strokeMs = 20;

export interface StrokesOptions {
  readonly strokes: readonly (readonly KeyEvent[])[];
  /** False when the line is lost: typing ends there. */
  readonly send: (events: readonly KeyEvent[]) => boolean;
  readonly schedule: Schedule;
  /** After every stroke; `lost` when it could not be sent. */
  readonly onProgress: (progress: { readonly sent: number; readonly lost: boolean }) => void;
}

/** The answer stops typing between two strokes: no key stays down. */
export function typeStrokes({ strokes, send, schedule, onProgress }: StrokesOptions): () => void {
  let cancel: () => void = () => undefined;
  function type(index: number): void {
    const stroke = strokes[index];
    if (stroke === undefined) return;
    const sent = send(stroke);
    onProgress({ sent: sent ? index + 1 : index, lost: !sent });
    if (sent) cancel = schedule(() => type(index + 1), strokeMs);
  }
  type(0);
  return () => cancel();
}
