// Owns whether the core answers, put together from every line that is open.
// Must not open a line itself.

export type Connection = { readonly state: 'connected' } | { readonly state: 'lost'; readonly since: number; readonly message: string };

export interface ConnectionStore {
  /** `line` names who speaks; undefined means that this line is good. */
  report(line: string, error: Error | undefined): void;
  readonly subscribe: (listener: () => void) => () => void;
  readonly snapshot: () => Connection;
}

const connected: Connection = { state: 'connected' };

/** `now` in milliseconds since 1970. */
export function createConnectionStore(now: () => number): ConnectionStore {
  const broken = new Map<string, Error>();
  const listeners = new Set<() => void>();
  let current: Connection = connected;

  return {
    report(line, error) {
      if (error === undefined) broken.delete(line);
      else broken.set(line, error);
      const [first] = broken.values();
      const next: Connection =
        first === undefined
          ? connected
          : { state: 'lost', since: current.state === 'lost' ? current.since : now(), message: first.message };
      if (next.state === current.state) return;
      current = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => current,
  };
}
