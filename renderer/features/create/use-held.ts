// Owns holding a value still for a while.
// Must not change it.
import { useState } from 'react';

/** The last value before `held` became true; the newest one while it is false. */
export function useHeld<T>(value: T, held: boolean): T {
  const [kept, setKept] = useState(value);
  if (!held && kept !== value) setKept(value);
  return held ? kept : value;
}
