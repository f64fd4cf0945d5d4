// Owns how far each balloon is blown up: taken from guests that can spare it while the computer is short, given back when it is not.
// Must not take what was promised (the floor), nor ask anybody anything; the engine looks and acts.
import { givePlan, takePlan } from './balloon-shares.ts';
import {
  type Ballooned,
  type BalloonMemory,
  type BalloonMove,
  type HostMemory,
  marksOf,
  settleMs,
  thrashingMiBPerSecond,
} from './balloon-state.ts';

export interface ControlState {
  readonly mode: 'calm' | 'tight';
  readonly balloons: ReadonlyMap<string, BalloonMemory>;
}

export const initialControl: ControlState = { mode: 'calm', balloons: new Map() };

export interface ControlDecision {
  readonly state: ControlState;
  readonly moves: readonly BalloonMove[];
  /** The computer is short, and nobody has anything above what was promised. */
  readonly exhausted: boolean;
}

/** Somebody waits for memory, or reads it back from swap: so much of it makes a calm computer short, and keeps a short one so. */
const waits = {
  calm: { pressurePercent: 10, swapInMiBPerSecond: thrashingMiBPerSecond },
  tight: { pressurePercent: 2, swapInMiBPerSecond: 0.5 },
} as const;
/** A group with a limit of its own waits on a computer with plenty: only below this share of memory does it count. */
const waitingShare = 0.25;

const restMs = 60_000;
export const giveHoldMs = { least: 30_000, most: 30 * 60_000 } as const;
/** Given back longer ago than this, taking again is no sign of going back and forth. */
const forgetMs = 10 * 60_000;
/** The guest moves by pages of its own accord; less than this is no taking back by itself. */
const slackMiB = 8;

export function modeOf(mode: ControlState['mode'], host: HostMemory): ControlState['mode'] {
  const { totalMiB, availableMiB, pressurePercent = 0, swapInMiBPerSecond = 0 } = host;
  const { lowMiB, highMiB } = marksOf(totalMiB);
  if (availableMiB < (mode === 'tight' ? highMiB : lowMiB)) return 'tight';
  const isWaiting = pressurePercent >= waits[mode].pressurePercent || swapInMiBPerSecond >= waits[mode].swapInMiBPerSecond;
  return isWaiting && availableMiB < totalMiB * waitingShare ? 'tight' : 'calm';
}

/** Whether the guests have to be asked: not while the computer has plenty and everybody has everything. */
export function needsGuests(
  { mode, balloons }: ControlState,
  host: HostMemory,
  guests: readonly Pick<Ballooned, 'id' | 'guestMiB'>[],
): boolean {
  return modeOf(mode, host) === 'tight' || guests.some(({ id, guestMiB }) => (balloons.get(id)?.targetMiB ?? guestMiB) < guestMiB);
}

export function control(before: ControlState, { host, guests, now }: ControlFacts): ControlDecision {
  const mode = modeOf(before.mode, host);
  const known = guests.map((guest) => ({ guest, memory: remembered(before.balloons.get(guest.id), guest, now) }));
  const marks = marksOf(host.totalMiB);
  const moves = mode === 'tight' ? takePlan(known, { host, marks, now }) : givePlan(known, { host, marks, now });
  const targets = new Map(moves.map(({ id, targetMiB }) => [id, targetMiB]));
  const balloons = new Map(known.map(({ guest, memory }) => [guest.id, afterMove(memory, targets.get(guest.id), now)]));
  const exhausted = mode === 'tight' && guests.every(({ actualMiB, floorMiB }) => actualMiB <= floorMiB + slackMiB);
  return { state: { mode, balloons }, moves, exhausted };
}

export interface ControlFacts {
  readonly host: HostMemory;
  readonly guests: readonly Ballooned[];
  readonly now: number;
}

/** A guest that struggles, or took memory back by itself (deflate-on-oom), is left alone for a while. */
function remembered(memory: BalloonMemory | undefined, guest: Ballooned, now: number): BalloonMemory {
  const { actualMiB, isStruggling, guestMiB } = guest;
  if (memory === undefined) {
    const targetMiB = Math.min(actualMiB, guestMiB);
    return { targetMiB, moved: 'never', movedAt: now, restsUntil: isStruggling ? now + restMs : 0, giveHoldMs: giveHoldMs.least };
  }
  const settled = now - memory.movedAt >= settleMs;
  const tookBack = settled && actualMiB > memory.targetMiB + slackMiB;
  const targetMiB = tookBack ? Math.min(actualMiB, guestMiB) : memory.targetMiB;
  return { ...memory, targetMiB, restsUntil: isStruggling || tookBack ? now + restMs : memory.restsUntil };
}

function afterMove(memory: BalloonMemory, targetMiB: number | undefined, now: number): BalloonMemory {
  if (targetMiB === undefined || targetMiB === memory.targetMiB) return memory;
  if (targetMiB > memory.targetMiB) return { ...memory, targetMiB, moved: 'given', movedAt: now };
  const again = memory.moved === 'given';
  const soon = now - memory.movedAt < Math.max(forgetMs, memory.giveHoldMs * 2);
  const held = again && soon ? Math.min(giveHoldMs.most, memory.giveHoldMs * 2) : again ? giveHoldMs.least : memory.giveHoldMs;
  return { ...memory, targetMiB, moved: 'taken', movedAt: now, giveHoldMs: held };
}

/** When to look again. */
export function nextLookMs({ mode, balloons }: ControlState, guests: readonly Pick<Ballooned, 'id' | 'guestMiB'>[]): number {
  if (mode === 'tight') return 2_000;
  return guests.some(({ id, guestMiB }) => (balloons.get(id)?.targetMiB ?? guestMiB) < guestMiB) ? 10_000 : 30_000;
}
