// Owns numbers, sizes and times in words, in any language the browser knows.
// Must not read the clock.

export interface Formats {
  /** `1.5 GiB`: three digits that matter, binary units. */
  readonly bytes: (bytes: number) => string;
  readonly mebibytes: (mebibytes: number) => string;
  /** Up to three digits behind the point. */
  readonly number: (value: number) => string;
  /** `12.5 MiB/s`. */
  readonly rate: (bytesPerSecond: number) => string;
  /** `34%`, whole numbers from 10 on. */
  readonly percent: (percent: number) => string;
  /** `3 hr`, `2 days 4 hr`, `40 sec`: the largest unit, and the hours beside days. Milliseconds. */
  readonly duration: (milliseconds: number) => string;
  /** `5 min. ago`. Milliseconds since 1970. */
  readonly ago: (at: number, now: number) => string;
  /** Date and time to the second. */
  readonly exact: (at: number) => string;
}

const sizeUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const timeUnits = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

/** Making a formatter of Intl costs fifty times what using it does: one of these per language, made as they are needed. */
export function createFormats(language: string): Formats {
  const made = new Map<string, Intl.NumberFormat>();
  const number = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options);
    const known = made.get(key) ?? new Intl.NumberFormat(language, options);
    made.set(key, known);
    return known;
  };
  let relative: Intl.RelativeTimeFormat | undefined;
  let date: Intl.DateTimeFormat | undefined;

  const bytes = (value: number): string => {
    const magnitude = value < 1 ? 0 : Math.min(sizeUnits.length - 1, Math.floor(Math.log2(value) / 10));
    const scaled = value / 1024 ** magnitude;
    const digits = magnitude === 0 || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
    return `${number({ maximumFractionDigits: digits }).format(scaled)} ${sizeUnits[magnitude]}`;
  };
  const unit = (count: number, name: string): string => number({ style: 'unit', unit: name, unitDisplay: 'short' }).format(count);

  return {
    bytes,
    mebibytes: (value) => bytes(value * 1024 * 1024),
    number: (value) => number({ maximumFractionDigits: 3 }).format(value),
    rate: (value) => `${bytes(value)}/s`,
    percent: (value) => number({ style: 'percent', maximumFractionDigits: value > 0 && value < 10 ? 1 : 0 }).format(value / 100),
    duration(milliseconds) {
      const total = Math.max(0, Math.floor(milliseconds / 1000));
      const { unit: name, seconds } = largest(total);
      const count = Math.floor(total / seconds);
      const hours = name === 'day' ? Math.floor((total % seconds) / 3600) : 0;
      return hours === 0 ? unit(count, name) : `${unit(count, name)} ${unit(hours, 'hour')}`;
    },
    ago(at, now) {
      const total = Math.max(0, Math.floor((now - at) / 1000));
      const { unit: name, seconds } = largest(total);
      relative ??= new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
      return relative.format(-Math.floor(total / seconds), name);
    },
    exact(at) {
      date ??= new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
      return date.format(at);
    },
  };
}

function largest(totalSeconds: number): (typeof timeUnits)[number] {
  return timeUnits.find(({ seconds }) => totalSeconds >= seconds) ?? timeUnits[3];
}
