// Owns who gives how much while the computer is short, and who gets how much back when it is not.
// Must not remember anything; balloon-control.ts does.
import {
  thrashingMiBPerSecond,
  type Ballooned,
  type BalloonMemory,
  type BalloonMove,
  type HostMemory,
  type Marks,
  settleMs,
} from './balloon-state.ts';

export interface Known {
  readonly guest: Ballooned;
  readonly memory: BalloonMemory;
}

export interface Situation {
  readonly host: HostMemory;
  readonly marks: Marks;
  readonly now: number;
}

/** At one look, of what the guest was told: it needs time to let go of caches. */
const stepShare = 1 / 8;
/** Of a guest that does not say what it could spare. */
const blindShare = 1 / 20;
/** A guest keeps this much of what it has free. */
const headroomShare = 1 / 10;
const leastHeadroomMiB = 32;
/** Smaller moves are not worth waking a guest. */
const leastMoveMiB = 16;
const leastMoveShare = 1 / 100;

export function takePlan(known: readonly Known[], { host, marks, now }: Situation): readonly BalloonMove[] {
  const isCritical = isCriticalNow(host, marks);
  // Pressure with enough that is available: a little is taken at each look, until it goes.
  const neededMiB = Math.max(marks.highMiB - host.availableMiB, Math.floor(host.totalMiB / 50));
  const givers = known.flatMap(({ guest, memory }) => {
    const isSettled = memory.moved !== 'given' || now - memory.movedAt >= settleMs;
    const mayTake = isCritical || (isSettled && !guest.isStruggling && memory.restsUntil <= now);
    const mib = mayTake ? takeable(guest, memory, isCritical) : 0;
    return mib > 0 ? [{ guest, memory, mib }] : [];
  });
  const total = givers.reduce((sum, { mib }) => sum + mib, 0);
  if (total === 0) return [];
  const share = Math.min(1, neededMiB / total);
  return givers.flatMap(({ guest, memory, mib }) => move(guest, memory, -Math.ceil(mib * share)));
}

/** The kernel ends somebody next, as swap has no room either; or what lies there is read over and over, and everybody waits. */
function isCriticalNow({ availableMiB, swapFreeMiB, swapInMiBPerSecond = 0 }: HostMemory, { lowMiB }: Marks): boolean {
  if (swapInMiBPerSecond >= thrashingMiBPerSecond) return availableMiB < lowMiB;
  return availableMiB < lowMiB / 2 && swapFreeMiB < lowMiB;
}

/** What the guest has above its floor, and can do without. When the computer is about to kill somebody, only the floor counts. */
function takeable({ guestMiB, floorMiB, actualMiB, spareMiB }: Ballooned, { targetMiB }: BalloonMemory, isCritical: boolean): number {
  // What was asked for already is on its way.
  const aboveFloor = Math.min(actualMiB, targetMiB) - floorMiB;
  const onItsWay = Math.max(0, actualMiB - targetMiB);
  const step = Math.floor(guestMiB * stepShare);
  if (isCritical) return Math.min(aboveFloor, step);
  if (spareMiB === undefined) return Math.min(aboveFloor, Math.floor(guestMiB * blindShare));
  const headroomMiB = Math.max(leastHeadroomMiB, Math.floor(actualMiB * headroomShare));
  return Math.min(aboveFloor, step, spareMiB - headroomMiB - onItsWay);
}

/**
 * Who struggles comes first. Half of what is above the high mark: what was given is not used at once, and would be counted twice. What lies in
 * swap may be wanted back and is owed as well, save to who struggles now.
 */
export function givePlan(known: readonly Known[], { host, marks, now }: Situation): readonly BalloonMove[] {
  let budgetMiB = Math.floor((host.availableMiB - marks.highMiB) / 2);
  const owedMiB = Math.ceil(host.swapUsedMiB / 2);
  const takers = known
    .filter(
      ({ guest, memory }) => memory.targetMiB < guest.guestMiB && (memory.moved !== 'taken' || now - memory.movedAt >= memory.giveHoldMs),
    )
    .toSorted((a, b) => Number(b.guest.isStruggling) - Number(a.guest.isStruggling));
  return takers.flatMap(({ guest, memory }) => {
    const missing = guest.guestMiB - memory.targetMiB;
    const mayGiveMiB = guest.isStruggling ? budgetMiB : budgetMiB - owedMiB;
    const byMiB = Math.min(missing, Math.floor(guest.guestMiB * stepShare), mayGiveMiB);
    const moves = byMiB > 0 ? move(guest, memory, byMiB) : [];
    for (const { targetMiB } of moves) budgetMiB -= targetMiB - memory.targetMiB;
    return moves;
  });
}

/** By so much, never below the floor, nor above what the guest was told. The last bit is moved even when it is small. */
function move({ id, guestMiB, floorMiB }: Ballooned, { targetMiB }: BalloonMemory, byMiB: number): readonly BalloonMove[] {
  const wanted = Math.min(guestMiB, Math.max(floorMiB, targetMiB + byMiB));
  const isLastBit = wanted === guestMiB || wanted === floorMiB;
  const least = Math.max(leastMoveMiB, guestMiB * leastMoveShare);
  if (wanted === targetMiB || (!isLastBit && Math.abs(wanted - targetMiB) < least)) return [];
  return [{ id, targetMiB: wanted }];
}
