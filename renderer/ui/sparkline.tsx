// Owns a small line without axes: how a figure went lately.
// Must not be the only place where the value can be read.
import { memo } from 'react';

export interface SparklineProps {
  /** Oldest first. */
  readonly values: readonly number[];
  /** The top of the picture. */
  readonly max: number;
  /** How many values the width holds; fewer leave room at the left, so that the line grows in from the right. */
  readonly capacity: number;
}

const width = 48;
const height = 20;

export const Sparkline = memo(function Sparkline({ values, max, capacity }: SparklineProps) {
  const line = linePath(values, max, capacity);
  return (
    <svg className="vd-sparkline" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      {line !== '' && <path className="vd-sparkline-area" d={`${line}L${width} ${height}L${startX(values.length, capacity)} ${height}Z`} />}
      <path className="vd-sparkline-line" d={line} />
    </svg>
  );
});

/** One number per point and no rounding beyond a tenth: the browser reads this string once a second for every row. */
export function linePath(values: readonly number[], max: number, capacity: number): string {
  if (values.length < 2 || max <= 0) return '';
  const shown = values.slice(-capacity);
  const step = width / (capacity - 1);
  const start = startX(shown.length, capacity);
  return shown
    .map((value, index) => {
      const y = height - 1 - (Math.min(value, max) / max) * (height - 2);
      return `${index === 0 ? 'M' : 'L'}${tenths(start + index * step)} ${tenths(y)}`;
    })
    .join('');
}

function startX(count: number, capacity: number): number {
  return tenths(width - (Math.min(count, capacity) - 1) * (width / (capacity - 1)));
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
