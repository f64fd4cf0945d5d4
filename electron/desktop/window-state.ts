// Owns the window's size and place over restarts.
// Must not know windows: it reads and writes numbers.
import { readFileSync, writeFileSync } from 'node:fs';

export interface WindowState {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const initial: WindowState = { width: 1280, height: 860, maximized: false };
const smallest = { width: 900, height: 600 };

/** A file that is missing or odd gives the initial state. */
export function readWindowState(file: string): WindowState {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState>;
    if (!Number.isFinite(read.width) || !Number.isFinite(read.height)) return initial;
    return { ...initial, ...read };
  } catch {
    return initial; // First start, or a file cut short by a crash: sizes are not worth a complaint.
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
}

/** A place that no display shows any more is forgotten; sizes stay between the smallest and the display. */
export function fitted(state: WindowState, displays: readonly Area[]): WindowState {
  const { x, y, ...rest } = state;
  const seen = displays.find(
    (area) =>
      x !== undefined &&
      y !== undefined &&
      x >= area.x - 8 &&
      y >= area.y - 8 &&
      x < area.x + area.width - 100 &&
      y < area.y + area.height - 100,
  );
  const area = seen ?? displays[0] ?? { x: 0, y: 0, width: initial.width, height: initial.height };
  const width = Math.max(smallest.width, Math.min(rest.width, area.width));
  const height = Math.max(smallest.height, Math.min(rest.height, area.height));
  return { ...rest, width, height, ...(seen === undefined ? {} : { x, y }) };
}
