// Owns reading /proc/pressure/memory, of this computer and of a guest.
// Must not fetch it.

/** Percent of the last ten seconds in which somebody (`some`) or everybody (`full`) waited for memory. */
export interface MemoryPressure {
  readonly somePercent: number;
  readonly fullPercent: number;
}

/** Undefined when it is no such text. */
export function pressureIn(text: string): MemoryPressure | undefined {
  const share = (row: 'some' | 'full'): number | undefined => {
    const found = new RegExp(`^${row} avg10=([\\d.]+)`, 'm').exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const some = share('some');
  return some === undefined ? undefined : { somePercent: some, fullPercent: share('full') ?? 0 };
}
