// Owns the figures of a run: medians and percentiles, rows beside their peer and their promise, the table.
// Must not measure anything.

export interface Figure {
  readonly what: string;
  readonly ours: string;
  /** What the peer needed in the same run, with its name; `–` where there is none or it is not installed. */
  readonly peer: string;
  readonly promise: string;
  /** Undefined: nothing was promised. */
  readonly kept?: boolean;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Nearest rank. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1))] ?? Number.NaN;
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}

/** A cell of the table has room for one line. */
export function whyNot(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return first;
}

export function markdown(figures: readonly Figure[]): string {
  const head = ['What', 'Virtdeck', 'Beside it, same run', 'Promised', ''];
  const rows = figures.map(({ what, ours, peer, promise, kept }) => [
    what,
    ours,
    peer,
    promise,
    kept === undefined ? '' : kept ? 'kept' : '**missed**',
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
