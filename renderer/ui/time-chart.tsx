// Owns a small line chart over time, by uPlot, in the colours of the theme.
// Must not know what it draws.
import 'uplot/dist/uPlot.min.css';
import { type RefObject, useEffect, useRef } from 'react';
import UPlot from 'uplot';

export interface TimeChartLine {
  readonly tone: 'first' | 'second';
  readonly values: readonly (number | undefined)[];
}

export interface TimeChartProps {
  /** Seconds since 1970, oldest first. */
  readonly times: readonly number[];
  readonly lines: readonly TimeChartLine[];
  /** The top; undefined: as high as the highest value. */
  readonly max: number | undefined;
  readonly text: (value: number) => string;
  /** Where the lines across may stand: powers of two for bytes. */
  readonly ticks: 'decimal' | 'binary';
  readonly language: string;
}

const height = 120;
const powersOfTwo = Array.from({ length: 60 }, (_power, exponent) => 2 ** exponent);
/** Two minutes at least, so that the first samples do not fill the width. */
const leastSeconds = 120;

export function TimeChart({ times, lines, max, text, ticks, language }: TimeChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  const words = useRef<Words>({ text, max, clock: clockOf(language) });
  const tones = lines.map(({ tone }) => tone).join();
  useEffect(() => {
    words.current = { text, max, clock: clockOf(language) };
  });
  useEffect(() => {
    const target = place.current!;
    const made = new UPlot(optionsFor(target, { tones: tones.split(','), words, ticks }), [[]], target);
    chart.current = made;
    const resizing = new ResizeObserver(() => made.setSize({ width: target.clientWidth, height }));
    resizing.observe(target);
    return () => {
      resizing.disconnect();
      made.destroy();
    };
  }, [tones, ticks]);
  useEffect(() => {
    chart.current?.setData([[...times], ...lines.map(({ values }) => values.map((value) => value ?? null))]);
  }, [times, lines]);
  return <div ref={place} className="vd-chart-place" />;
}

interface Words {
  readonly text: (value: number) => string;
  readonly max: number | undefined;
  readonly clock: (seconds: boolean) => Intl.DateTimeFormat;
}

/** Colours are asked for at every drawing: the theme may change under the chart. */
function optionsFor(
  target: HTMLElement,
  {
    tones,
    words,
    ticks: kind,
  }: { readonly tones: readonly string[]; readonly words: RefObject<Words>; readonly ticks: TimeChartProps['ticks'] },
): UPlot.Options {
  const style = getComputedStyle(target);
  const ink = (): string => style.color;
  const grid = { stroke: () => style.getPropertyValue('--vd-chart-grid'), width: 1 };
  return {
    width: target.clientWidth,
    height,
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: true, range: (_chart, from, to) => [Math.min(from, to - leastSeconds), to] },
      y: { range: (_chart, _from, to) => [0, words.current.max ?? Math.max(to * 1.1, 1)] },
    },
    axes: [
      {
        stroke: ink,
        grid: { show: false },
        ticks: { show: false },
        size: 22,
        space: 84,
        values: (_chart, ticks) => clockTexts(ticks, words.current.clock),
      },
      {
        stroke: ink,
        grid,
        ticks: { show: false },
        size: 72,
        ...(kind === 'binary' ? { incrs: powersOfTwo } : {}),
        space: 36,
        values: (_chart, ticks) => ticks.map((tick) => words.current.text(tick)),
      },
    ],
    series: [
      {},
      ...tones.map((tone) => ({ stroke: () => style.getPropertyValue(`--vd-line-${tone}`), width: 1.5, points: { show: false } })),
    ],
  };
}

/** Makes each of the two once. */
function clockOf(language: string): Words['clock'] {
  const exact = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  const coarse = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hour12: false });
  return (seconds) => (seconds ? exact : coarse);
}

/** Ticks closer than a minute would all read the same without their seconds. */
function clockTexts(ticks: readonly number[], clock: Words['clock']): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return ticks.map((tick) => clock(step < 60).format(tick * 1000));
}
