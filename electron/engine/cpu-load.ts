// Owns how busy each processor of this computer is: looked at once a second while somebody asks.
// Must not look for nobody.
import type { CpuLoadLine } from '../api/node-map.ts';
import type { EngineContext } from './context.ts';
import type { ProcessorTimes } from './ports.ts';
import { textOf } from './queue.ts';

export interface CpuLoad {
  watch(listener: (line: CpuLoadLine) => void): () => void;
  close(): void;
}

const everyMs = 1_000;

export function createCpuLoad({ clock, host, log }: Pick<EngineContext, 'clock' | 'host' | 'log'>): CpuLoad {
  const listeners = new Set<(line: CpuLoadLine) => void>();
  let cancel = (): void => undefined;
  let before: ReadonlyMap<number, ProcessorTimes> = new Map();

  const tick = async (): Promise<void> => {
    const startedAt = clock.now();
    try {
      const now = await host.computer.processorTimes();
      if (listeners.size === 0) return;
      if (before.size > 0) for (const listener of listeners) listener({ at: clock.now(), busy: busyBetween(before, now) });
      before = now;
    } catch (error) {
      log.warn('The load of the processors cannot be read', { error: textOf(error) });
    }
    cancel = clock.after(Math.max(0, startedAt + everyMs - clock.now()), () => void tick());
  };

  const stop = (): void => {
    cancel();
    // What was an hour ago is no beginning for the next look.
    before = new Map();
  };

  return {
    watch(listener) {
      listeners.add(listener);
      if (listeners.size === 1) cancel = clock.after(0, () => void tick());
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

function busyBetween(before: ReadonlyMap<number, ProcessorTimes>, now: ReadonlyMap<number, ProcessorTimes>): CpuLoadLine['busy'] {
  return Object.fromEntries(
    [...now].flatMap(([id, { busyTicks, totalTicks }]) => {
      const old = before.get(id);
      const passed = old === undefined ? 0 : totalTicks - old.totalTicks;
      return old === undefined || passed <= 0 ? [] : [[String(id), Math.round(((busyTicks - old.busyTicks) / passed) * 100)]];
    }),
  );
}
