// Owns looking after balloons: how short this computer is, what guests could spare, and telling them what is left to them.
// Must not decide how much; core/memory does. Must not look while no machine is overcommitted.
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import {
  control,
  type ControlDecision,
  type ControlState,
  initialControl,
  needsGuests,
  nextLookMs,
} from '../core/memory/balloon-control.ts';
import { type Ballooned, type BalloonMove, type HostMemory, marksOf } from '../core/memory/balloon-state.ts';
import { hostMemoryOf, type SwapLook, swapInRate } from '../core/memory/host-memory.ts';
import { memoryPromise } from '../core/memory/memory-promise.ts';
import { createBalloonEyes } from './balloon-eyes.ts';
import type { EngineContext } from './context.ts';
import type { Guest } from './machines.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

export interface Balloons {
  /** A run changed: it may be the first one that is overcommitted. */
  follow(vmi: VirtualMachineInstance): void;
  /** What the machine was left with; undefined: all. */
  targetMiB(uid: string): number | undefined;
  /** Its guest waits for memory, or swaps by itself, as it was seen last; undefined: nobody asks it now. */
  isStruggling(uid: string): boolean | undefined;
  state(): 'calm' | 'tight' | 'exhausted';
  close(): void;
}

interface Overcommitted {
  readonly vmi: VirtualMachineInstance;
  readonly guest: Guest;
  readonly id: string;
  readonly guestMiB: number;
  readonly floorMiB: number;
}

export function createBalloons(context: EngineContext): Balloons {
  const { clock, host, log } = context;
  const eyes = createBalloonEyes(context);
  let state: ControlState = initialControl;
  let isExhausted = false;
  let swapLook: SwapLook | undefined;
  let struggling: ReadonlyMap<string, boolean> = new Map();
  let cancel: (() => void) | undefined;
  let isClosed = false;

  const lookIn = (afterMs: number): void => {
    cancel?.();
    cancel = isClosed ? undefined : clock.after(afterMs, () => void look());
  };

  const look = async (): Promise<void> => {
    const machines = overcommitted(context);
    if (machines.length === 0) {
      // Nobody's memory can be taken: nobody is looked at until the next one comes.
      state = initialControl;
      isExhausted = false;
      swapLook = undefined;
      struggling = new Map();
      cancel = undefined;
      return;
    }
    try {
      const hostMemory = await lookAtHost();
      if (needsGuests(state, hostMemory, machines)) await act(machines, hostMemory);
      else {
        eyes.rest();
        struggling = new Map();
      }
    } catch (error) {
      log.warn('Balloons could not be looked after', { error: textOf(error) });
    }
    lookIn(nextLookMs(state, machines));
  };

  const lookAtHost = async (): Promise<HostMemory> => {
    const facts = await host.memory.facts();
    const now: SwapLook = { swappedInMiB: facts.swappedInMiB, at: clock.now() };
    const rate = swapInRate(swapLook, now);
    swapLook = now;
    return hostMemoryOf(facts, rate);
  };

  const act = async (machines: readonly Overcommitted[], hostMemory: HostMemory): Promise<void> => {
    const seen = await Promise.all(machines.map((one) => eyes.look(one.guest, one)));
    const guests = seen.filter((one): one is Ballooned => one !== undefined);
    struggling = new Map(guests.map(({ id, isStruggling }) => [id, isStruggling]));
    const decision = control(state, { host: hostMemory, guests, now: clock.now() });
    const done = await Promise.all(decision.moves.map((move) => inflate(machines, move)));
    const failed = new Set(decision.moves.flatMap(({ id }, index) => (done[index] === true ? [] : [id])));
    tell(machines, decision, hostMemory);
    // What the guest did not hear of stays as it was.
    const balloons = new Map([...decision.state.balloons].filter(([id]) => !failed.has(id)));
    state = { ...decision.state, balloons };
  };

  const inflate = async (machines: readonly Overcommitted[], { id, targetMiB }: BalloonMove): Promise<boolean> => {
    try {
      await machines.find((one) => one.id === id)?.guest.machine.qmp('balloon', { value: targetMiB * 1024 ** 2 });
      return true;
    } catch (error) {
      log.info('A machine did not take its balloon: it may have just ended', { id, error: textOf(error) });
      return false;
    }
  };

  /** Once when it begins, once when it is over: how much in between is on the page of memory. */
  const tell = (machines: readonly Overcommitted[], { state: after, exhausted }: ControlDecision, hostMemory: HostMemory): void => {
    for (const { vmi, id, guestMiB, floorMiB } of machines) {
      const had = state.balloons.get(id)?.targetMiB ?? guestMiB;
      const has = after.balloons.get(id)?.targetMiB ?? guestMiB;
      if (had === guestMiB && has < guestMiB) {
        const message = `This computer is short of memory: the guest gives back some of its ${guestMiB} MiB, and keeps at least ${floorMiB} MiB.`;
        context.events.record(vmi, { type: 'Normal', reason: 'MemoryTakenBack', message });
      }
      if (had < guestMiB && has === guestMiB) {
        context.events.record(vmi, {
          type: 'Normal',
          reason: 'MemoryGivenBack',
          message: `The guest may use all of its ${guestMiB} MiB again.`,
        });
      }
      if (exhausted && !isExhausted) {
        const message = exhaustedText(floorMiB, hostMemory);
        context.events.record(vmi, { type: 'Warning', reason: 'MemoryExhausted', message });
      }
    }
    isExhausted = exhausted;
  };

  return {
    follow(vmi) {
      if (cancel === undefined && !isClosed && phaseOf(vmi) === 'Running' && memoryPromise(vmi).noBalloon === undefined) lookIn(0);
    },
    targetMiB: (uid) => state.balloons.get(uid)?.targetMiB,
    isStruggling: (uid) => struggling.get(uid),
    state: () => (isExhausted ? 'exhausted' : state.mode),
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}

function exhaustedText(floorMiB: number, { totalMiB, swapFreeMiB }: HostMemory): string {
  return swapFreeMiB < marksOf(totalMiB).lowMiB
    ? `This computer is short of memory, and the guest has no more than the ${floorMiB} MiB that were promised: stop a machine, or the kernel ends one.`
    : `This computer is short of memory, and the guest has no more than the ${floorMiB} MiB that were promised: stop a machine, or ${swapFreeMiB} MiB more go to swap before the kernel ends one.`;
}

/** Not those that are about to end. */
function overcommitted({ machines, store }: EngineContext): readonly Overcommitted[] {
  return machines.all().flatMap((guest): readonly Overcommitted[] => {
    const vmi = read(store, { ...guest.key, resource: resources.virtualMachineInstances });
    if (vmi === undefined || guest.stop !== undefined || guest.isBeingSaved || phaseOf(vmi) !== 'Running') return [];
    const { guestMiB, floorMiB, noBalloon } = memoryPromise(vmi);
    return noBalloon === undefined ? [{ vmi, guest, id: guest.machine.vmi.uid, guestMiB, floorMiB }] : [];
  });
}
