// Owns what all machines have together.
// Must not measure.
import type { MemoryOfMachine } from '../../../electron/api/memory.ts';

export type MemorySums = Pick<MemoryOfMachine, 'guestMiB' | 'requestMiB' | 'residentMiB' | 'swappedMiB'>;

/** Told and promised are of guests alone; resident is of QEMU as well. */
export function sumsOf(machines: readonly MemoryOfMachine[]): MemorySums {
  const sum = (key: keyof MemorySums): number => machines.reduce((total, machine) => total + machine[key], 0);
  return { guestMiB: sum('guestMiB'), requestMiB: sum('requestMiB'), residentMiB: sum('residentMiB'), swappedMiB: sum('swappedMiB') };
}
