// Owns taking turns: of several pieces of work on one thing, one runs at a time, in the order in which they came.
// Must not know what the work is.

export interface Turns {
  /** Runs `work` when all who came before are done. Waiting ends at once with the signal's reason when it is aborted. */
  readonly take: <T>(key: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;
  /** Whether somebody works on it or waits for it. */
  readonly isTaken: (key: string) => boolean;
}

export function createTurns(): Turns {
  const ends = new Map<string, Promise<unknown>>();
  return {
    isTaken: (key) => ends.has(key),
    async take(key, signal, work) {
      const before = ends.get(key);
      const mine = (async () => {
        if (before !== undefined) await unlessAborted(before, signal);
        signal.throwIfAborted();
        return await work();
      })();
      // Who gives up waiting does not end the turn of the one before.
      const end = Promise.allSettled([before, mine]);
      ends.set(key, end);
      try {
        return await mine;
      } finally {
        void end.then(() => {
          if (ends.get(key) === end) ends.delete(key);
        });
      }
    },
  };
}

async function unlessAborted(turn: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([turn, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
