// Owns reading how long each processor has worked, from /proc/stat.
// Must not compute a load; that takes two looks.
import type { ProcessorTimes } from '../engine/ports.ts';
import { readIfThere } from './proc.ts';

export async function processorTimes(): Promise<ReadonlyMap<number, ProcessorTimes>> {
  return timesOf((await readIfThere('/proc/stat')) ?? '');
}

/** `cpu3 user nice system idle iowait irq softirq steal guest guest_nice`; the time of guests is in user already. */
export function timesOf(stat: string): ReadonlyMap<number, ProcessorTimes> {
  return new Map(
    [...stat.matchAll(/^cpu(\d+) (.+)$/gm)].map(([, id, text = '']) => {
      const fields = text.trim().split(/\s+/).slice(0, 8).map(Number);
      const totalTicks = fields.reduce((sum, ticks) => sum + ticks, 0);
      const idleTicks = (fields[3] ?? 0) + (fields[4] ?? 0);
      return [Number(id), { busyTicks: totalTicks - idleTicks, totalTicks }];
    }),
  );
}
