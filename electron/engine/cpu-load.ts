// Owns how busy each processor of this computer is: looked at once a second while somebody asks.
// Must not look for nobody.
import type { CpuLoadLine } from '../api/node-map.ts';
import type { EngineContext } from './context.ts';
import type { ProcessorTimes } from './ports.ts';
import { type Watched, whileWatched } from './while-watched.ts';

const everyMs = 1_000;

export function createCpuLoad(context: Pick<EngineContext, 'clock' | 'host' | 'log'>): Watched<CpuLoadLine> {
  const { clock, host } = context;
  let before: ReadonlyMap<number, ProcessorTimes> = new Map();

  return whileWatched(context, {
    everyMs,
    failed: 'The load of the processors cannot be read',
    look: async () => {
      const now = await host.computer.processorTimes();
      const busy = busyBetween(before, now);
      const isFirst = before.size === 0;
      before = now;
      return isFirst ? undefined : { at: clock.now(), busy };
    },
    // What was an hour ago is no beginning for the next look.
    rest: () => {
      before = new Map();
    },
  });
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
