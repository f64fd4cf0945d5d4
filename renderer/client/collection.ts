// Owns one resource as the window knows it: listed once, then kept true by its watch.
// Must not know which resource it is, nor React.
import type { KubeObject } from '../../electron/api/object.ts';
import { ApiError } from './api-error.ts';
import { objectId } from './resource-table.ts';
import type { WatchEvent } from './watch.ts';

export interface Snapshot<T> {
  /** `failed` until the first list arrives; after that the last known items stay and the phase is `ready`. */
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly items: readonly T[];
  readonly error?: Error;
}

export interface CollectionSource<T> {
  list(signal: AbortSignal): Promise<{ readonly items: readonly T[]; readonly resourceVersion: string }>;
  watch(resourceVersion: string, signal: AbortSignal, onOpen: () => void): AsyncIterable<WatchEvent<T>>;
  /** Resolves after the time, or at once when there is reason to hope (back online). */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Runs `flush` once, at the next frame. */
  schedule(flush: () => void): void;
  /** Called with undefined when the line is good. */
  onLine(error: Error | undefined): void;
}

const firstRetryMs = 250;
const lastRetryMs = 5000;
/** What a cluster does not have or does not show comes neither often nor soon. */
const refusedRetryMs = 60_000;

const notServed = 404;
/** Forbidden, and no such kind here. */
const refusals: ReadonlySet<number> = new Set([403, notServed]);

export class Collection<T extends KubeObject> {
  readonly #source: CollectionSource<T>;
  readonly #objects = new Map<string, T>();
  readonly #listeners = new Set<() => void>();
  readonly #objectListeners = new Map<string, Set<() => void>>();
  #changed = new Set<string>();
  #scheduled = false;
  #snapshot: Snapshot<T> = { phase: 'loading', items: [] };
  #phase: Snapshot<T>['phase'] = 'loading';
  #error: Error | undefined;

  constructor(source: CollectionSource<T>) {
    this.#source = source;
  }

  snapshot(): Snapshot<T> {
    return this.#snapshot;
  }

  one(id: string): T | undefined {
    return this.#objects.get(id);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears of one object alone (and of a change of phase): the others may change as they like. */
  subscribeOne(id: string, listener: () => void): () => void {
    const listeners = this.#objectListeners.get(id) ?? new Set();
    this.#objectListeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#objectListeners.delete(id);
    };
  }

  /** Lists and watches until aborted, through every failure. */
  async run(signal: AbortSignal): Promise<void> {
    let version: string | undefined;
    let failures = 0;
    while (!signal.aborted) {
      try {
        if (version === undefined) {
          const list = await this.#source.list(signal);
          version = list.resourceVersion;
          this.#replace(list.items);
        }
        const opened = (): void => this.#source.onLine(undefined);
        for await (const event of this.#source.watch(version, signal, opened)) {
          const next = event.object.metadata.resourceVersion;
          // A version that goes back means another database: what we hold is worth nothing.
          if (Number(next) < Number(version)) {
            version = undefined;
            break;
          }
          version = next;
          failures = 0;
          this.#apply(event);
        }
        // The server may end a watch at its leisure, but not in a circle without a pause.
        if (!signal.aborted) await this.#source.wait(backOff(failures++), signal);
      } catch (error) {
        if (signal.aborted) return;
        const problem = error instanceof Error ? error : new Error(String(error));
        if (problem instanceof ApiError && refusals.has(problem.status)) {
          version = undefined;
          this.#refuse(problem);
          await this.#source.wait(refusedRetryMs, signal);
          continue;
        }
        if (problem instanceof ApiError && problem.status === 410) version = undefined;
        else this.#fail(problem);
        await this.#source.wait(backOff(failures++), signal);
      }
    }
  }

  #replace(items: readonly T[]): void {
    const before = new Map(this.#objects);
    this.#objects.clear();
    for (const item of items) {
      const id = objectId(item);
      const known = before.get(id);
      before.delete(id);
      // The same version is the same object: whoever holds it need not draw again.
      const same = known?.metadata.uid === item.metadata.uid && known.metadata.resourceVersion === item.metadata.resourceVersion;
      this.#objects.set(id, same ? known : item);
      if (!same) this.#changed.add(id);
    }
    for (const id of before.keys()) this.#changed.add(id);
    this.#setPhase('ready', undefined);
    this.#schedule();
  }

  #apply({ type, object }: WatchEvent<T>): void {
    if (type === 'BOOKMARK') return;
    const id = objectId(object);
    if (type === 'DELETED') this.#objects.delete(id);
    else this.#objects.set(id, object);
    this.#changed.add(id);
    this.#schedule();
  }

  /** An answer, whatever it says: the line is good. A kind that is not served has no objects. */
  #refuse(error: ApiError): void {
    this.#source.onLine(undefined);
    if (error.status === notServed) return this.#replace([]);
    this.#objects.clear();
    this.#setPhase('failed', error);
    this.#schedule();
  }

  #fail(error: Error): void {
    this.#source.onLine(error);
    this.#setPhase(this.#phase === 'ready' ? 'ready' : 'failed', error);
    this.#schedule();
  }

  #setPhase(phase: Snapshot<T>['phase'], error: Error | undefined): void {
    if (phase !== this.#phase) for (const id of this.#objectListeners.keys()) this.#changed.add(id);
    this.#phase = phase;
    this.#error = error;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#source.schedule(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    this.#snapshot = { phase: this.#phase, items: [...this.#objects.values()], error: this.#error };
    const changed = this.#changed;
    this.#changed = new Set();
    for (const listener of this.#listeners) listener();
    for (const id of changed) for (const listener of this.#objectListeners.get(id) ?? []) listener();
  }
}

/** 250 ms, 500 ms … 5 s: quick after a restart of the core, quiet when it stays away. */
function backOff(failures: number): number {
  return Math.min(lastRetryMs, firstRetryMs * 2 ** failures);
}
