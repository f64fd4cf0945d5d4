// Owns the live figures of all running machines: one stream for everybody who looks, none when nobody does.
// Must not keep more than a sparkline needs.
import type { UsageLine, UsageSample } from '../../electron/api/computer.ts';

/** Two minutes at one sample a second. */
export const usageWindow = 120;

export interface UsageSource {
  open(signal: AbortSignal): AsyncIterable<UsageLine>;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  hidden(): boolean;
  onVisibility(listener: () => void): void;
}

export interface UsageStore {
  /** `id` is `namespace/name`. The stream runs while there is a subscriber and the window is seen. */
  subscribe(id: string, listener: () => void): () => void;
  /** Oldest first; the same array until the next sample. Empty when the machine does not run. */
  recent(id: string): readonly UsageSample[];
}

const none: readonly UsageSample[] = [];
const retryMs = 2000;
/** A search that leaves no running machine for a moment must not end the stream. */
const lingerMs = 5000;

export function createUsageStore(source: UsageSource): UsageStore {
  const samples = new Map<string, readonly UsageSample[]>();
  const listeners = new Map<string, Set<() => void>>();
  let stop: AbortController | undefined;
  let linger: ReturnType<typeof setTimeout> | undefined;

  function take(line: UsageLine): void {
    const stopped = new Set(samples.keys());
    for (const { namespace, name, sample } of line.machines) {
      const id = `${namespace}/${name}`;
      stopped.delete(id);
      samples.set(id, [...(samples.get(id) ?? none).slice(1 - usageWindow), sample]);
      for (const listener of listeners.get(id) ?? []) listener();
    }
    for (const id of stopped) {
      samples.delete(id);
      for (const listener of listeners.get(id) ?? []) listener();
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const line of source.open(signal)) take(line);
      } catch {
        // The watches report a lost line; figures that stand still need no message of their own.
      }
      if (!signal.aborted) await source.wait(retryMs, signal);
    }
  }

  function update(): void {
    const wanted = listeners.size > 0 && !source.hidden();
    if (wanted && stop === undefined) {
      stop = new AbortController();
      void run(stop.signal);
    } else if (!wanted && stop !== undefined && linger === undefined) {
      linger = setTimeout(end, source.hidden() ? 0 : lingerMs);
    }
    if (!wanted) return;
    clearTimeout(linger);
    linger = undefined;
  }
  function end(): void {
    linger = undefined;
    stop?.abort();
    stop = undefined;
  }
  source.onVisibility(update);

  return {
    subscribe(id, listener) {
      const group = listeners.get(id) ?? new Set();
      listeners.set(id, group.add(listener));
      update();
      return () => {
        group.delete(listener);
        if (group.size === 0 && listeners.get(id) === group) listeners.delete(id);
        update();
      };
    },
    recent: (id) => samples.get(id) ?? none,
  };
}
