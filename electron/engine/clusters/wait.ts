// Owns waiting for something that only the other side can bring about, and giving up when nobody wants it any more.
// Must not know what is waited for.
import { AppError } from '../../api/errors.ts';
import type { Clock } from '../ports.ts';

/** Ends what is under way when somebody takes it back. */
export interface Leave {
  readonly isCalled: boolean;
  /** At once when it has been called. What it returns takes the listener back. */
  onCall(listener: () => void): () => void;
}

export function createLeave(): Leave & { call(): void } {
  const listeners = new Set<() => void>();
  let called = false;
  return {
    get isCalled() {
      return called;
    },
    onCall(listener) {
      if (called) listener();
      else listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    call() {
      called = true;
      for (const listener of listeners) listener();
      listeners.clear();
    },
  };
}

export function checkWanted(leave: Leave): void {
  if (leave.isCalled) throw new AppError('Timeout', 'It was stopped.');
}

/** Where nobody tells of changes: what virtctl and kubectl wait between two looks is a second, too. */
const everyMs = 1_000;
/** A bell may be cut off without a word. */
const quietMs = 30_000;

/** Rings whenever it may be another by now, until what it answers is called; says when it rings no more. */
export type Bell = (ring: () => void, silent: () => void) => () => void;

export interface Waiting<Value> {
  readonly clock: Clock;
  readonly leave: Leave;
  readonly look: () => Promise<Value | undefined>;
  readonly bell: Bell;
  /** After this it is said what was waited for in vain. */
  readonly atMostMs: number;
  readonly late: string;
}

/** Looks until there is a value. Throws Timeout. */
export async function waitFor<Value>({ clock, leave, look, bell, atMostMs, late }: Waiting<Value>): Promise<Value> {
  const end = clock.now() + atMostMs;
  const state = { hasRung: false, isSilent: false, wake: (): void => undefined };
  const stop = bell(
    () => {
      state.hasRung = true;
      state.wake();
    },
    () => {
      state.isSilent = true;
      state.wake();
    },
  );
  try {
    for (;;) {
      checkWanted(leave);
      state.hasRung = false;
      const value = await look();
      if (value !== undefined) return value;
      if (clock.now() >= end) throw new AppError('Timeout', late);
      if (state.hasRung) continue;
      await new Promise<void>((resolve) => {
        const go = (): void => {
          cancel();
          forget();
          resolve();
        };
        const cancel = clock.after(Math.min(state.isSilent ? everyMs : quietMs, end - clock.now()), go);
        const forget = leave.onCall(() => {
          cancel();
          resolve();
        });
        state.wake = go;
      });
    }
  } finally {
    stop();
  }
}
