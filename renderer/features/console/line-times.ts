// Owns when each line of the serial console arrived, for the column of times.
// Must not change the bytes: a prefix would break full-screen programs.

/** xterm's marker: stays with its line when the scrollback is cut. */
export interface LineMarker {
  readonly line: number;
  readonly isDisposed: boolean;
  dispose(): void;
}

export interface LineTimes {
  /** A line has begun. `marker` follows it; `at` is undefined while the past is replayed: those times are not known. */
  begin(marker: LineMarker, at: number | undefined): void;
  /** Times of `count` lines from `top` of the buffer on. */
  visible(top: number, count: number): readonly (number | undefined)[];
  clear(): void;
}

export function createLineTimes(): LineTimes {
  let stamps: { readonly marker: LineMarker; readonly at: number }[] = [];
  return {
    begin(marker, at) {
      if (at === undefined) marker.dispose();
      else stamps.push({ marker, at });
    },
    visible(top, count) {
      stamps = stamps.filter(({ marker }) => !marker.isDisposed);
      const byLine = new Map(stamps.map(({ marker, at }) => [marker.line, at]));
      return Array.from({ length: count }, (_, row) => byLine.get(top + row));
    },
    clear() {
      for (const { marker } of stamps) marker.dispose();
      stamps = [];
    },
  };
}

/** `14:03:27.512` in the time of this computer. */
export function clockText(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
