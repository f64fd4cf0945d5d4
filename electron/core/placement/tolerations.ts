// Owns whether a toleration tolerates a taint (Kubernetes' ToleratesTaint).
// Must not judge nodes.
import type { Taint, Toleration } from './world.ts';

export function tolerates({ key = '', operator, value = '', effect }: Toleration, taint: Taint): boolean {
  const [given, how]: readonly [string, string] = [effect ?? '', operator ?? 'Equal'];
  if (given !== '' && given !== taint.effect) return false;
  // An empty key with Exists tolerates everything.
  if (key !== '' && key !== taint.key) return false;
  return how === 'Exists' || ((how === 'Equal' || how === '') && key !== '' && value === (taint.value ?? ''));
}

export function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`;
}
