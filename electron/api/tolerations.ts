// Owns whether a toleration tolerates a taint (Kubernetes' ToleratesTaint).
// Must not judge nodes.

export interface Toleration {
  readonly key?: string;
  /** Equal when absent. */
  readonly operator?: string;
  readonly value?: string;
  /** Every one when absent. */
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export function tolerates({ key = '', operator, value = '', effect }: Toleration, taint: Taint): boolean {
  const [given, how]: readonly [string, string] = [effect ?? '', operator ?? 'Equal'];
  if (given !== '' && given !== taint.effect) return false;
  // An empty key with Exists tolerates everything.
  if (key !== '' && key !== taint.key) return false;
  return how === 'Exists' || ((how === 'Equal' || how === '') && key !== '' && value === (taint.value ?? ''));
}

/** Keeps machines away; PreferNoSchedule only makes another node better. */
export function keepsAway({ effect }: Taint): boolean {
  return effect === 'NoSchedule' || effect === 'NoExecute';
}

export function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`;
}
