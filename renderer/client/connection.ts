// Owns whether the core answers, put together from every line that is open.
// Must not open a line itself.
import { ApiError } from './api-error.ts';

export type Connection =
  | { readonly state: 'connected' }
  /** Nobody answers; every line is trying again. */
  | { readonly state: 'lost'; readonly message: string }
  /** The core answers, but does not know this page any more: it was started anew. */
  | { readonly state: 'signedOut' };

export interface ConnectionStore {
  /** `line` names who speaks; undefined means that this line is good. */
  report(line: string, error: Error | undefined): void;
  readonly subscribe: (listener: () => void) => () => void;
  readonly snapshot: () => Connection;
}

const connected: Connection = { state: 'connected' };

export function createConnectionStore(): ConnectionStore {
  const broken = new Map<string, Error>();
  const listeners = new Set<() => void>();
  let current: Connection = connected;

  return {
    report(line, error) {
      if (error === undefined) broken.delete(line);
      else broken.set(line, error);
      const next = connectionOf([...broken.values()]);
      if (JSON.stringify(next) === JSON.stringify(current)) return;
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

function connectionOf(errors: readonly Error[]): Connection {
  const [first] = errors;
  if (first === undefined) return connected;
  const isSignedOut = errors.some((error) => error instanceof ApiError && error.status === 401);
  return isSignedOut ? { state: 'signedOut' } : { state: 'lost', message: first.message };
}
