// Owns looking again and again while somebody listens: one look at a time, and none for nobody.
// Must not know what is looked at.
import type { EngineContext } from './context.ts';
import { textOf } from './queue.ts';

export interface Watched<Line> {
  watch(listener: (line: Line) => void): () => void;
  close(): void;
}

export interface Looking<Line> {
  readonly everyMs: number;
  /** Undefined: there is nothing to tell this time. A failure is logged as `failed`, and the next look comes as any other. */
  readonly look: () => Promise<Line | undefined>;
  readonly failed: string;
  /** Nobody listens any more. */
  readonly rest?: () => void;
  /** Who comes new is told at once, and not with the next look. */
  readonly tellsAtOnce?: boolean;
}

export function whileWatched<Line>({ clock, log }: Pick<EngineContext, 'clock' | 'log'>, looking: Looking<Line>): Watched<Line> {
  const { everyMs, look, failed, rest, tellsAtOnce = false } = looking;
  const listeners = new Set<(line: Line) => void>();
  let cancel: (() => void) | undefined;
  // A look that is under way goes on by itself: another one beside it would look twice as often for ever.
  let isLooking = false;

  const again = (afterMs: number): void => {
    cancel?.();
    cancel = clock.after(afterMs, () => void round());
  };
  const round = async (): Promise<void> => {
    const startedAt = clock.now();
    isLooking = true;
    try {
      const line = await look();
      if (line !== undefined) for (const listener of listeners) listener(line);
    } catch (error) {
      log.warn(failed, { error: textOf(error) });
    }
    isLooking = false;
    // From the start of this one: a slow look must not make the seconds longer.
    if (listeners.size > 0) again(Math.max(0, startedAt + everyMs - clock.now()));
    else rest?.();
  };
  const stop = (): void => {
    cancel?.();
    if (!isLooking) rest?.();
  };

  return {
    watch(listener) {
      listeners.add(listener);
      if (!isLooking && (listeners.size === 1 || tellsAtOnce)) again(0);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    close() {
      listeners.clear();
      stop();
    },
  };
}

/** Each listener is told what it has not been told yet: looks that saw the same `text` are passed over. */
export function newsOf<Now>(looks: Watched<{ readonly now: Now; readonly text: string }>): Watched<Now> {
  return {
    watch(listener) {
      let told = '';
      return looks.watch(({ now, text }) => {
        if (told === text) return;
        told = text;
        listener(now);
      });
    },
    close: () => looks.close(),
  };
}
