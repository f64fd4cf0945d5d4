// Owns telling how memory is shared, while somebody looks, and switching the merging of equal pages.
// Must not move balloons.
import { AppError } from '../api/errors.ts';
import type { MemoryReport } from '../api/memory.ts';
import { resources } from '../api/resources.ts';
import { marksOf } from '../core/memory/balloon-state.ts';
import { type SwapLook, swapInRate } from '../core/memory/host-memory.ts';
import { memoryOfMachines, type MeasuredMachine } from '../core/memory/memory-report.ts';
import { isTrue } from '../core/status/conditions.ts';
import type { Balloons } from './balloons.ts';
import type { EngineContext } from './context.ts';
import { read } from './typed.ts';
import { type Watched, whileWatched } from './while-watched.ts';

const everyMs = 2_000;

export interface MemoryWatch extends Watched<MemoryReport> {
  report(): Promise<MemoryReport>;
  /** Throws ServiceUnavailable where the kernel cannot, Forbidden (no password was given) or ToolFailed. */
  merge(enabled: boolean): Promise<MemoryReport>;
}

export function createMemoryWatch(context: EngineContext, balloons: Balloons): MemoryWatch {
  const { host, clock } = context;
  let swapLook: SwapLook | undefined;
  const report = async (): Promise<MemoryReport> => {
    const [facts, { privilege }, measured] = await Promise.all([host.memory.facts(), host.network.facts(), measure(context, balloons)]);
    const { pressure, swappedInMiB, ...computer } = facts;
    const look: SwapLook = { swappedInMiB, at: clock.now() };
    const rate = swapInRate(swapLook, look);
    swapLook = look;
    return {
      computer: {
        ...computer,
        ...marksOf(facts.totalMiB),
        ...(pressure === undefined ? {} : { pressurePercent: pressure.somePercent }),
        ...(rate === undefined ? {} : { swapInMiBPerSecond: Math.round(rate * 10) / 10 }),
        state: balloons.state(),
        privilege: privilege === 'root' ? 'root' : privilege === 'pkexec' ? 'password' : 'none',
      },
      machines: memoryOfMachines(measured),
    };
  };
  return {
    ...whileWatched(context, { everyMs, look: report, failed: 'Memory could not be looked at' }),
    report,
    async merge(enabled) {
      const { merging } = await host.memory.facts();
      if (merging.state === 'missing') throw new AppError('ServiceUnavailable', 'The kernel of this computer does not merge pages.');
      if ((merging.state === 'on') !== enabled) await host.network.ask({ verb: 'ksm-set', count: enabled ? 1 : 0 });
      return report();
    },
  };
}

async function measure({ machines, store, host }: EngineContext, balloons: Balloons): Promise<readonly MeasuredMachine[]> {
  const rows = await Promise.all(
    machines.all().map(async ({ machine, key }): Promise<readonly MeasuredMachine[]> => {
      const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
      const process = await host.memory.process(machine.pid);
      if (vmi === undefined || process === undefined) return [];
      const targetMiB = balloons.targetMiB(machine.vmi.uid);
      const isStruggling = balloons.isStruggling(machine.vmi.uid);
      const accelerator = isTrue(vmi.status?.conditions, 'SoftwareEmulation') ? 'tcg' : 'kvm';
      return [
        {
          vmi,
          process,
          accelerator,
          ...(targetMiB === undefined ? {} : { targetMiB }),
          ...(isStruggling === undefined ? {} : { isStruggling }),
        },
      ];
    }),
  );
  return rows.flat();
}
