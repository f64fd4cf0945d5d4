// Owns the proof of the balloons' control: rows for single looks, and simulated computers for what comes of many.
// Must not talk to a guest; test/guests does.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  control,
  type ControlDecision,
  type ControlState,
  giveHoldMs,
  initialControl,
  modeOf,
  needsGuests,
  nextLookMs,
} from '../../../electron/core/memory/balloon-control.ts';
import { swapInRate } from '../../../electron/core/memory/host-memory.ts';
import { type Ballooned, type HostMemory, marksOf } from '../../../electron/core/memory/balloon-state.ts';

const guest = (id: string, parts: Partial<Ballooned> = {}): Ballooned => ({
  id,
  guestMiB: 4096,
  floorMiB: 1024,
  actualMiB: 4096,
  spareMiB: 3000,
  isStruggling: false,
  ...parts,
});
const noSwap = { swapFreeMiB: 0, swapUsedMiB: 0 };
const tight: HostMemory = { totalMiB: 32_768, availableMiB: 1500, ...noSwap };
const plenty: HostMemory = { totalMiB: 32_768, availableMiB: 16_000, ...noSwap };

const targetsOf = ({ moves }: ControlDecision): object => Object.fromEntries(moves.map(({ id, targetMiB }) => [id, targetMiB]));
const movesOf = (host: HostMemory, guests: readonly Ballooned[]): object => targetsOf(control(initialControl, { host, guests, now: 0 }));

describe('a look', () => {
  test.each<readonly [ControlState['mode'], number, number | undefined, ControlState['mode']]>([
    ['calm', 1900, undefined, 'tight'],
    ['calm', 2000, 0, 'calm'],
    ['calm', 2000, 12, 'tight'],
    // A group with a limit of its own.
    ['calm', 20_000, 40, 'calm'],
    ['tight', 3900, 0, 'tight'],
    ['tight', 4000, 5, 'tight'],
    ['tight', 4000, 1, 'calm'],
    ['tight', 20_000, 40, 'calm'],
  ])('%s, %i MiB available, pressure %s: %s', (...[mode, availableMiB, pressure, expected]) => {
    const host = { totalMiB: 32_768, availableMiB, ...noSwap, ...(pressure === undefined ? {} : { pressurePercent: pressure }) };
    expect(modeOf(mode, host)).toBe(expected);
  });

  test.each<readonly [ControlState['mode'], number, number, ControlState['mode']]>([
    ['calm', 5000, 1, 'calm'],
    ['calm', 5000, 5, 'tight'],
    // Somebody comes back after a rest, and there is room.
    ['calm', 20_000, 50, 'calm'],
    ['tight', 5000, 1, 'tight'],
    ['tight', 5000, 0.1, 'calm'],
  ])('%s, %i MiB available, %s MiB a second come back from swap: %s', (...[mode, availableMiB, swapInMiBPerSecond, expected]) => {
    expect(modeOf(mode, { totalMiB: 32_768, availableMiB, swapFreeMiB: 4096, swapUsedMiB: 4096, swapInMiBPerSecond })).toBe(expected);
  });

  test('what lies in swap is owed: it is not given, save to who struggles', () => {
    const taken = control(initialControl, {
      host: tight,
      guests: [guest('a', { actualMiB: 1024 }), guest('b', { actualMiB: 1024 })],
      now: 0,
    });
    const given = (swapUsedMiB: number, isStruggling: boolean): object => {
      const guests = [guest('a', { actualMiB: 1024 }), guest('b', { actualMiB: 1024, isStruggling })];
      const host = { totalMiB: 32_768, availableMiB: 5000, swapFreeMiB: 1000, swapUsedMiB };
      return targetsOf(control(taken.state, { host, guests, now: giveHoldMs.least }));
    };
    // 1068 MiB above the mark: half of them may be given.
    expect([given(0, false), given(600, false), given(3000, false), given(3000, true)]).toEqual([
      { a: 1536 },
      { a: 1258 },
      {},
      { b: 1536 },
    ]);
  });

  test('with room in swap nobody is about to be killed: who struggles is left alone', () => {
    const struggling = [guest('one', { isStruggling: true })];
    const low = { ...tight, availableMiB: 800 };
    expect(movesOf({ ...low, swapFreeMiB: 8000, swapUsedMiB: 192 }, struggling)).toEqual({});
    expect(movesOf({ ...low, swapFreeMiB: 8000, swapUsedMiB: 192, swapInMiBPerSecond: 20 }, struggling)).toEqual({ one: 3584 });
    expect(movesOf({ ...low, swapFreeMiB: 500, swapUsedMiB: 7692 }, struggling)).toEqual({ one: 3584 });
  });

  test('how fast memory comes back from swap is told by two looks', () => {
    expect(swapInRate(undefined, { swappedInMiB: 100, at: 0 })).toBeUndefined();
    expect(swapInRate({ swappedInMiB: 100, at: 0 }, { swappedInMiB: 110, at: 2000 })).toBe(5);
    // A computer that was started anew counts from zero.
    expect(swapInRate({ swappedInMiB: 100, at: 0 }, { swappedInMiB: 3, at: 2000 })).toBe(0);
    expect(swapInRate({ swappedInMiB: 100, at: 5 }, { swappedInMiB: 103, at: 5 })).toBeUndefined();
  });

  test('who can spare most gives most, and nobody more than an eighth at once', () => {
    expect(movesOf(tight, [guest('idle'), guest('busy', { spareMiB: 600 })])).toEqual({ idle: 3584, busy: 3905 });
  });

  test('the floor is left, and who is at it gives nothing', () => {
    expect(movesOf(tight, [guest('near', { actualMiB: 1100, spareMiB: 900 }), guest('at', { actualMiB: 1024 })])).toEqual({ near: 1024 });
  });

  test('who struggles gives nothing, until the computer is about to kill somebody', () => {
    const struggling = [guest('one', { isStruggling: true })];
    expect(movesOf(tight, struggling)).toEqual({});
    expect(movesOf({ ...tight, availableMiB: 800 }, struggling)).toEqual({ one: 3584 });
  });

  test('who does not say what it could spare gives a little', () => {
    const { spareMiB: _unknown, ...blind } = guest('blind');
    expect(movesOf(tight, [blind])).toEqual({ blind: 3892 });
  });

  test('with plenty it is given back, first to who struggles', () => {
    const taken = control(initialControl, {
      host: tight,
      guests: [guest('a', { actualMiB: 1024 }), guest('b', { actualMiB: 1024 })],
      now: 0,
    });
    const low: HostMemory = { totalMiB: 32_768, availableMiB: 4732, ...noSwap };
    const guests = [guest('a', { actualMiB: 1024 }), guest('b', { actualMiB: 1024, isStruggling: true })];
    const at = (host: HostMemory, now: number): object => targetsOf(control(taken.state, { host, guests, now }));
    expect(at(low, giveHoldMs.least)).toEqual({ b: 1424 });
    expect(at(plenty, giveHoldMs.least)).toEqual({ a: 1536, b: 1536 });
  });

  test('short with everybody at the floor: nothing moves, and that is said', () => {
    const decision = control(initialControl, { host: tight, guests: [guest('a', { actualMiB: 1024 })], now: 0 });
    expect([decision.moves, decision.exhausted]).toEqual([[], true]);
  });

  test('what a guest took back by itself is not taken again at once', () => {
    const first = control(initialControl, { host: tight, guests: [guest('a')], now: 0 });
    const back = guest('a', { actualMiB: 4000 });
    const second = control(first.state, { host: tight, guests: [back], now: 30_000 });
    const later = control(second.state, { host: tight, guests: [back], now: 95_000 });
    expect([first.moves, second.moves, later.moves].map((moves) => moves.map(({ targetMiB }) => targetMiB))).toEqual([[3584], [], [3488]]);
  });

  test('nobody is asked anything while there is plenty and everybody has everything', () => {
    expect(needsGuests(initialControl, plenty, [guest('a')])).toBe(false);
    expect(nextLookMs(initialControl, [guest('a')])).toBe(30_000);
    const taken = control(initialControl, { host: tight, guests: [guest('a')], now: 0 }).state;
    expect([needsGuests(taken, plenty, [guest('a')]), nextLookMs({ ...taken, mode: 'calm' }, [guest('a')])]).toEqual([true, 10_000]);
  });
});

// ---------------------------------------------------------------- simulated computers

interface SimulatedGuest {
  readonly guestMiB: number;
  readonly floorMiB: number;
  /** What its programs use. */
  readonly workingMiB: number;
  /** Every other half of this time they use only `restingMiB`; absent: never. */
  readonly wave?: { readonly periodMs: number; readonly restingMiB: number };
}

interface Computer {
  readonly totalMiB: number;
  /** Absent: none. */
  readonly swapMiB?: number;
  readonly othersMiB: number;
  readonly guests: readonly SimulatedGuest[];
}

interface Trace {
  /** By guest: every target, in order. */
  readonly targets: readonly (readonly number[])[];
  readonly movedAt: readonly number[];
  readonly end: ControlState;
  readonly availableMiB: number;
}

/** The kernel puts away what would leave less than this available. */
const swapsBelow = 0.03;
/** What lies in swap and is used again is read back so often in a second. */
const readBackShare = 1 / 20;

/**
 * A guest uses its working set, or what it has when that is less (then it struggles); a free page is reported back to the computer at once. What
 * does not fit goes to swap, and comes back as soon as it fits; everything is in use, so that what lies there is read over and over.
 */
function simulate({ totalMiB, swapMiB = 0, othersMiB, guests }: Computer, minutes: number): Trace {
  const actual = guests.map(({ guestMiB }) => guestMiB);
  const targets: number[][] = guests.map(() => []);
  const movedAt: number[] = [];
  let state = initialControl;
  let now = 0;
  const working = ({ workingMiB, wave }: SimulatedGuest): number =>
    wave !== undefined && now % wave.periodMs >= wave.periodMs / 2 ? wave.restingMiB : workingMiB;
  const used = (one: SimulatedGuest, index: number): number => Math.min(working(one), actual[index] ?? 0);
  const free = (): number => totalMiB - othersMiB - guests.reduce((sum, one, index) => sum + used(one, index), 0);
  const swapped = (): number => Math.min(swapMiB, Math.max(0, totalMiB * swapsBelow - free()));
  const available = (): number => Math.max(0, free() + swapped());
  const hostNow = (): HostMemory => ({
    totalMiB,
    availableMiB: available(),
    swapFreeMiB: swapMiB - swapped(),
    swapUsedMiB: swapped(),
    swapInMiBPerSecond: swapped() * readBackShare,
  });
  while (now < minutes * 60_000) {
    const seen = guests.map((one, index): Ballooned => {
      const { guestMiB, floorMiB } = one;
      const actualMiB = actual[index] ?? 0;
      const workingMiB = working(one);
      return {
        id: String(index),
        guestMiB,
        floorMiB,
        actualMiB,
        spareMiB: Math.max(0, actualMiB - workingMiB),
        isStruggling: workingMiB > actualMiB,
      };
    });
    const decision = control(state, { host: hostNow(), guests: seen, now });
    state = decision.state;
    for (const { id, targetMiB } of decision.moves) {
      targets[Number(id)]?.push(targetMiB);
      actual[Number(id)] = targetMiB;
      movedAt.push(now);
    }
    now += nextLookMs(state, seen);
  }
  return { targets, movedAt, end: state, availableMiB: available() };
}

/** How often a target went up after it had gone down, or the other way round. */
function turns(start: number, targets: readonly number[]): number {
  const steps = targets.map((target, index) => Math.sign(target - (targets[index - 1] ?? start)));
  return steps.filter((step, index) => index > 0 && step !== steps[index - 1]).length;
}

const computers: fc.Arbitrary<Computer> = fc
  .record({
    totalMiB: fc.integer({ min: 2048, max: 131_072 }),
    swap: fc.constantFrom(0, 0.1, 0.5),
    others: fc.double({ min: 0, max: 0.9, noNaN: true }),
    guests: fc.array(
      fc.record({
        size: fc.double({ min: 0.02, max: 0.5, noNaN: true }),
        floor: fc.double({ min: 0.1, max: 0.95, noNaN: true }),
        working: fc.double({ min: 0.05, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ totalMiB, swap, others, guests }) => ({
    totalMiB,
    swapMiB: Math.floor(totalMiB * swap),
    othersMiB: Math.floor(totalMiB * others),
    guests: guests.map(({ size, floor, working }) => {
      const guestMiB = Math.max(128, Math.floor(totalMiB * size));
      return { guestMiB, floorMiB: Math.floor(guestMiB * floor), workingMiB: Math.floor(guestMiB * working) };
    }),
  }));

describe('what comes of many looks', () => {
  test('a target is never below the floor nor above the guest', () => {
    fc.assert(
      fc.property(computers, (computer) => {
        const { targets } = simulate(computer, 30);
        computer.guests.forEach(({ floorMiB, guestMiB }, index) => {
          for (const target of targets[index] ?? []) {
            expect(target).toBeGreaterThanOrEqual(floorMiB);
            expect(target).toBeLessThanOrEqual(guestMiB);
          }
        });
      }),
      { numRuns: 200 },
    );
  });

  test('under an even load it goes down, and at most once back up', () => {
    fc.assert(
      fc.property(computers, (computer) => {
        const { targets } = simulate(computer, 4 * 60);
        computer.guests.forEach(({ guestMiB }, index) => expect(turns(guestMiB, targets[index] ?? [])).toBeLessThanOrEqual(1));
      }),
      { numRuns: 60 },
    );
  });

  test.each([1, 2, 5, 10])('under a load that comes and goes every %i minutes, balloons follow it ever more rarely', (minutes) => {
    const wave = { periodMs: minutes * 60_000, restingMiB: 700 };
    // At work they need more than there is, at rest hardly anything: the worst case of going back and forth.
    const guests = Array.from({ length: 8 }, () => ({ guestMiB: 4096, floorMiB: 1024, workingMiB: 4096, wave }));
    const { targets } = simulate({ totalMiB: 24_576, othersMiB: 2048, guests }, 8 * 60);
    const worst = Math.max(...targets.map((list) => turns(4096, list)));
    const waits = Math.ceil(Math.log2(giveHoldMs.most / giveHoldMs.least));
    // The waits double up to half an hour: a down and an up for each of them, and for each half hour of the eight.
    expect(worst).toBeLessThanOrEqual(2 * (waits + 16));
    expect(worst).toBeGreaterThan(1);
  });

  test.each([0, 2048, 16_384])('with everybody at the floor and the computer short, nothing moves any more (swap of %i MiB)', (swapMiB) => {
    const full: Computer = {
      totalMiB: 32_768,
      swapMiB,
      othersMiB: 27_000,
      guests: Array.from({ length: 8 }, () => ({ guestMiB: 4096, floorMiB: 700, workingMiB: 4096 })),
    };
    const { movedAt, end, targets } = simulate(full, 60);
    expect(targets.map((list) => list.at(-1))).toEqual(Array.from({ length: 8 }, () => 700));
    expect(Math.max(...movedAt)).toBeLessThan(60_000);
    expect(end.mode).toBe('tight');
  });

  test('guests that can spare enough bring the computer out of need', () => {
    fc.assert(
      fc.property(computers, (computer) => {
        const { totalMiB, othersMiB, guests } = computer;
        const { highMiB, lowMiB } = marksOf(totalMiB);
        const atFloors = guests.reduce((sum, { floorMiB, workingMiB }) => sum + Math.min(floorMiB, workingMiB), 0);
        fc.pre(totalMiB - othersMiB - atFloors > highMiB);
        expect(simulate(computer, 60).availableMiB).toBeGreaterThanOrEqual(lowMiB / 2);
      }),
      { numRuns: 100 },
    );
  });

  test('eight guests of 4 GiB that ask for 3 GiB each on 32 GiB: idle they have it all, busy they are above what was promised', () => {
    const eight = (workingMiB: number): Computer => ({
      totalMiB: 32_768,
      othersMiB: 2048,
      guests: Array.from({ length: 8 }, () => ({ guestMiB: 4096, floorMiB: 3072, workingMiB })),
    });
    expect(simulate(eight(1500), 30).targets.every((list) => list.length === 0)).toBe(true);
    const busy = simulate(eight(4000), 60);
    expect(busy.availableMiB).toBeGreaterThan(marksOf(32_768).lowMiB / 2);
    expect(busy.targets.every((list) => (list.at(-1) ?? 4096) >= 3072)).toBe(true);
    expect(busy.targets.some((list) => list.length > 0)).toBe(true);
  });
});
