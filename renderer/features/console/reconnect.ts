// Owns how a console that lost its line comes back: the states people see and the waits between attempts.
// Must not open anything itself.

export type ConsoleState =
  | { readonly type: 'connecting' }
  | { readonly type: 'connected' }
  /** Tries again by itself; `reason` is the core's sentence, empty when there was none. */
  | { readonly type: 'waiting'; readonly reason: string; readonly waitMs: number };

/** Runs `work` once after `ms`; the answer cancels. */
export type Schedule = (work: () => void, ms: number) => () => void;

const waitsMs = [250, 500, 1000, 2000, 5000] as const;

/** `failures` counts attempts in a row that never came to stand, from 0. */
export function retryWaitMs(failures: number): number {
  return waitsMs[Math.min(failures, waitsMs.length - 1)]!;
}

export interface Attempt {
  /** The line stands: the next loss starts with the shortest wait again. */
  stands(): void;
  lost(reason: string): void;
}

export interface Reconnecting {
  /** Does not wait any longer. No effect while connecting or connected. */
  now(): void;
  dispose(): void;
}

export interface ReconnectOptions {
  /** Opens one line and answers how to close it. Late calls of an attempt that was closed are ignored. */
  readonly open: (attempt: Attempt) => () => void;
  readonly onState: (state: ConsoleState) => void;
  readonly schedule: Schedule;
}

export function keepConnected({ open, onState, schedule }: ReconnectOptions): Reconnecting {
  let failures = 0;
  let close: () => void = () => undefined;
  let cancelWait: (() => void) | undefined;
  let current: Attempt | undefined;

  function connect(): void {
    cancelWait = undefined;
    onState({ type: 'connecting' });
    const attempt: Attempt = {
      stands() {
        if (current !== attempt) return;
        failures = 0;
        onState({ type: 'connected' });
      },
      lost(reason) {
        if (current !== attempt) return;
        current = undefined;
        close();
        const waitMs = retryWaitMs(failures);
        failures += 1;
        onState({ type: 'waiting', reason, waitMs });
        cancelWait = schedule(connect, waitMs);
      },
    };
    current = attempt;
    close = () => undefined;
    const closeThis = open(attempt);
    // A line may be lost before `open` has answered.
    if (current === attempt) close = closeThis;
    else closeThis();
  }

  connect();
  return {
    now() {
      if (cancelWait === undefined) return;
      cancelWait();
      connect();
    },
    dispose() {
      current = undefined;
      cancelWait?.();
      cancelWait = undefined;
      close();
      close = () => undefined;
    },
  };
}
