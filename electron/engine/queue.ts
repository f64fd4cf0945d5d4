// Owns when a key is looked at: one at a time per key, many asks for one look, later and later after failures.
// Must not know what a key stands for.
import type { Clock, Log } from './ports.ts';

export interface Queue {
  /** Look at it soon; asks while it waits or runs become one more look. */
  add(key: string): void;
  /** Look at it no later than then: milliseconds since 1970. An earlier look makes the appointment void, unless it is made again. */
  addAt(key: string, at: number): void;
  /** Resolves when nothing is to be done now; appointments do not count. */
  idle(): Promise<void>;
  /** Nothing new begins; resolves when what runs has ended. */
  close(): Promise<void>;
}

export interface QueueParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly look: (key: string) => Promise<void>;
}

// A failure here is one of ours or of the machine's tools: worth a second try at once, not a storm of tries.
const firstDelayMs = 500;
const maxDelayMs = 60_000;
const patientFailures = 3;
// A thousand machines at start must not keep requests waiting: after so many looks the event loop has a turn.
const looksPerTurn = 20;

interface Entry {
  state: 'resting' | 'waiting' | 'running' | 'runningAndAskedAgain';
  failures: number;
  appointment: { readonly at: number; readonly cancel: () => void } | undefined;
}

export function createQueue({ clock, log, look }: QueueParts): Queue {
  const entries = new Map<string, Entry>();
  let busy = 0;
  let closed = false;
  let idleWaiters: (() => void)[] = [];
  const line: { readonly key: string; readonly entry: Entry }[] = [];
  let pumpIsDue = false;

  const entryOf = (key: string): Entry => {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const made: Entry = { state: 'resting', failures: 0, appointment: undefined };
    entries.set(key, made);
    return made;
  };
  const rest = (key: string, entry: Entry): void => {
    entry.state = 'resting';
    if (entry.appointment === undefined && entry.failures === 0) entries.delete(key);
    busy -= 1;
    if (busy > 0) return;
    const waiters = idleWaiters;
    idleWaiters = [];
    for (const resolve of waiters) resolve();
  };
  const pump = (): void => {
    pumpIsDue = false;
    for (const { key, entry } of line.splice(0, looksPerTurn)) void run(key, entry);
    if (line.length === 0 || pumpIsDue) return;
    pumpIsDue = true;
    clock.after(0, pump);
  };
  const lineUp = (key: string, entry: Entry): void => {
    entry.state = 'waiting';
    line.push({ key, entry });
    if (pumpIsDue) return;
    pumpIsDue = true;
    // Not at once: whoever asks is in the middle of something.
    void Promise.resolve().then(pump);
  };
  const run = async (key: string, entry: Entry): Promise<void> => {
    if (closed) return rest(key, entry);
    entry.state = 'running';
    entry.appointment?.cancel();
    entry.appointment = undefined;
    const failuresBefore = entry.failures;
    try {
      await look(key);
      entry.failures = 0;
    } catch (error) {
      entry.failures += 1;
      const delay = Math.min(firstDelayMs * 2 ** (entry.failures - 1), maxDelayMs);
      log.error(`${key} could not be brought to its wanted state; trying again in ${delay} ms`, {
        error: textOf(error),
        failures: entry.failures,
      });
      addAt(key, clock.now() + delay);
    }
    // After a failure the appointment is the next look: what asked meanwhile may well be the failing look's own doing.
    const failed = entry.failures > failuresBefore;
    // The type checker does not see that add() may have run in between.
    if (!failed && (entry.state as Entry['state']) === 'runningAndAskedAgain' && !closed) lineUp(key, entry);
    else rest(key, entry);
  };
  const add = (key: string): void => {
    if (closed) return;
    const entry = entryOf(key);
    switch (entry.state) {
      case 'resting':
        // A change may be the cure, so the first failures do not keep it waiting; after that it would only turn in circles.
        if (entry.failures > patientFailures && entry.appointment !== undefined) break;
        busy += 1;
        lineUp(key, entry);
        break;
      case 'running':
        entry.state = 'runningAndAskedAgain';
        break;
      case 'waiting':
      case 'runningAndAskedAgain':
        break;
    }
  };
  const addAt = (key: string, at: number): void => {
    if (closed) return;
    const entry = entryOf(key);
    if (entry.appointment !== undefined && entry.appointment.at <= at) return;
    entry.appointment?.cancel();
    const cancel = clock.after(at - clock.now(), () => {
      entry.appointment = undefined;
      add(key);
    });
    entry.appointment = { at, cancel };
  };

  return {
    add,
    addAt,
    idle: () => (busy === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
    close() {
      closed = true;
      for (const entry of entries.values()) {
        entry.appointment?.cancel();
        entry.appointment = undefined;
      }
      return busy === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve));
    },
  };
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
