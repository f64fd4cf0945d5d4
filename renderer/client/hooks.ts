// Owns how components read the API: live lists, live objects, live figures.
// Must not write.
import { useCallback, useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from 'react';
import type { UsageSample } from '../../electron/api/computer.ts';
import type { Key, ObjectOf, Resource } from './client.ts';
import type { Snapshot } from './collection.ts';
import type { Connection } from './connection.ts';
import { type Services, useHome, useServices } from './context.tsx';

/** All objects of a resource, live. Draws again at most once per frame, and only when one of them changed. */
export function useList<R extends Resource>(resource: R): Snapshot<ObjectOf<R>> {
  return useListIn(useServices(), resource);
}

/** The same of this computer, wherever the window works. */
export function useHomeList<R extends Resource>(resource: R): Snapshot<ObjectOf<R>> {
  return useListIn(useHome(), resource);
}

function useListIn<R extends Resource>({ cache }: Services, resource: R): Snapshot<ObjectOf<R>> {
  const collection = cache.collection(resource);
  useEffect(() => cache.use(resource), [cache, resource]);
  const subscribe = useCallback((listener: () => void) => collection.subscribe(listener), [collection]);
  return useSyncExternalStore(subscribe, () => collection.snapshot());
}

export interface LiveObject<T> {
  /** `missing` only after the list has arrived without it. */
  readonly phase: 'loading' | 'ready' | 'missing' | 'failed';
  readonly object?: T;
  readonly error?: Error;
}

/** One object, live. Draws again only when this object changed. */
export function useObject<R extends Resource>(key: Key<R>): LiveObject<ObjectOf<R>> {
  return useObjectIn(useServices(), key);
}

/** The same of this computer, wherever the window works. */
export function useHomeObject<R extends Resource>(key: Key<R>): LiveObject<ObjectOf<R>> {
  return useObjectIn(useHome(), key);
}

function useObjectIn<R extends Resource>({ cache }: Services, key: Key<R>): LiveObject<ObjectOf<R>> {
  const { resource, namespace, name } = key;
  const id = namespace === undefined ? name : `${namespace}/${name}`;
  const collection = cache.collection(resource);
  useEffect(() => cache.use(resource), [cache, resource]);
  const subscribe = useCallback((listener: () => void) => collection.subscribeOne(id, listener), [collection, id]);
  const object = useSyncExternalStore(subscribe, () => collection.one(id));
  const phase = useSyncExternalStore(subscribe, () => collection.snapshot().phase);
  if (object !== undefined) return { phase: 'ready', object };
  return phase === 'ready' ? { phase: 'missing' } : { phase, error: collection.snapshot().error };
}

/** The last two minutes of a running machine, oldest first. Sampling stops when the window is hidden. */
export function useUsage(namespace: string, name: string): readonly UsageSample[] {
  const { usage } = useServices();
  const id = `${namespace}/${name}`;
  const subscribe = useCallback((listener: () => void) => usage.subscribe(id, listener), [usage, id]);
  return useSyncExternalStore(subscribe, () => usage.recent(id));
}

/** Of the lines to where the window works. */
export function useConnection(): Connection {
  const { connection } = useServices();
  return useSyncExternalStore(connection.subscribe, connection.snapshot);
}

export function useHomeConnection(): Connection {
  const { connection } = useHome();
  return useSyncExternalStore(connection.subscribe, connection.snapshot);
}

export type Loaded<T> =
  | { readonly phase: 'loading'; readonly value?: T }
  | { readonly phase: 'ready'; readonly value: T }
  | { readonly phase: 'failed'; readonly value?: T; readonly error: Error };

/**
 * Asks once, and again when `load` or `version` changes or `again` is called; the last answer stays until the next
 * arrives. `load` must be stable (useCallback).
 */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  version?: string | number,
): Loaded<T> & { readonly again: () => void } {
  const [state, setState] = useState<Loaded<T>>({ phase: 'loading' });
  const running = useRef<AbortController>(undefined);
  const again = useCallback(() => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    load(stop.signal).then(
      (value) => !stop.signal.aborted && setState({ phase: 'ready', value }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const problem = error instanceof Error ? error : new Error(String(error));
        setState((last) => ({ phase: 'failed', value: last.value, error: problem }));
      },
    );
  }, [load]);
  const ask = useEffectEvent(again);
  useEffect(() => {
    ask();
    return () => running.current?.abort();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react-hooks/exhaustive-deps -- another version is another question
  }, [load, version]);
  return { ...state, again };
}
