// Owns asking a guest what it has, what it could spare, and whether it struggles: its balloon, and its agent where there is one.
// Must not remember what was decided.
import { pressureIn } from '../api/memory-pressure.ts';
import { actualMiBIn, balloonStatsIn, fileTextIn } from '../core/memory/balloon-answers.ts';
import type { Ballooned } from '../core/memory/balloon-state.ts';
import { balloonId } from '../core/qemu/devices/paravirtual.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';

const path = `/machine/peripheral/${balloonId}`;
const property = 'guest-stats-polling-interval';
/** While balloons move; at other times the guest's driver sleeps. */
const statsSeconds = 2;
/** Asking wakes a process in the guest. */
const pressureEveryMs = 10_000;
const agentMs = 2_000;
/** Waits for memory, or reads back so much from its swap between two looks. */
const strugglingPercent = 10;
const strugglingSwapMiB = 1;

interface Seen {
  swappedInMiB?: number;
  pressurePercent?: number;
  pressureAt: number;
}

export interface BalloonEyes {
  /** Undefined when the machine does not answer: it may have just ended. */
  look(guest: Guest, size: { readonly id: string; readonly guestMiB: number; readonly floorMiB: number }): Promise<Ballooned | undefined>;
  /** Nothing is asked for a while. */
  rest(): void;
}

export function createBalloonEyes({ clock, log, machines }: Pick<EngineContext, 'clock' | 'log' | 'machines'>): BalloonEyes {
  const seen = new Map<string, Seen>();
  const pressureOf = async (guest: Guest, before: Seen): Promise<number | undefined> => {
    if (!guest.agentConnected) return undefined;
    if (clock.now() - before.pressureAt < pressureEveryMs) return before.pressurePercent;
    before.pressureAt = clock.now();
    return guestPressure(guest);
  };
  return {
    async look(guest, { id, guestMiB, floorMiB }) {
      const before = seen.get(id) ?? { pressureAt: 0 };
      seen.set(id, before);
      try {
        // Whoever looks at usage lets the driver rest when he goes.
        await guest.machine.qmp('qom-set', { path, property, value: statsSeconds });
        const [balloon, answer, pressurePercent] = await Promise.all([
          guest.machine.qmp('query-balloon'),
          guest.machine.qmp('qom-get', { path, property: 'guest-stats' }),
          pressureOf(guest, before),
        ]);
        const actualMiB = actualMiBIn(balloon);
        if (actualMiB === undefined) return undefined;
        const { availableMiB, swappedInMiB } = balloonStatsIn(answer);
        const swaps =
          swappedInMiB !== undefined && before.swappedInMiB !== undefined && swappedInMiB - before.swappedInMiB > strugglingSwapMiB;
        Object.assign(before, { ...(swappedInMiB === undefined ? {} : { swappedInMiB }), pressurePercent });
        return {
          id,
          guestMiB,
          floorMiB,
          actualMiB,
          ...(availableMiB === undefined ? {} : { spareMiB: availableMiB }),
          isStruggling: swaps || (pressurePercent ?? 0) >= strugglingPercent,
        };
      } catch (error) {
        log.info('A balloon did not answer: its machine may have just ended', { machine: guest.machine.vmi.name, error: textOf(error) });
        return undefined;
      }
    },
    rest() {
      for (const id of seen.keys())
        machines
          .get(id)
          ?.machine.qmp('qom-set', { path, property, value: 0 })
          .catch(() => undefined);
      seen.clear();
    },
  };
}

/** The agent of some systems may not read files, and not every kernel has the figure: then the balloon's own must do. */
async function guestPressure({ machine }: Guest): Promise<number | undefined> {
  try {
    const handle = await machine.agent('guest-file-open', { path: '/proc/pressure/memory', mode: 'r' }, agentMs);
    try {
      const answer = await machine.agent('guest-file-read', { handle, count: 4096 }, agentMs);
      const text = fileTextIn(answer);
      return text === undefined ? undefined : pressureIn(text)?.somePercent;
    } finally {
      await machine.agent('guest-file-close', { handle }, agentMs);
    }
  } catch {
    return undefined;
  }
}
