// Owns Go's durations: `48h0m0s`, `1h30m`, `1.5h`, `100ms` read and written exactly.
// Must not know days: Go has none.

export interface Duration {
  readonly nanoseconds: bigint;
}

/** `error` is the sentence of Go's time.ParseDuration. */
export type ParsedDuration = { readonly ok: true; readonly duration: Duration } | { readonly ok: false; readonly error: string };

const unitNanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5
  μs: 1_000n, // U+03BC
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

// Go keeps nanoseconds in an int64: about 292 years.
const maxNanoseconds = (1n << 63n) - 1n;
const part = /^(\d*)(\.\d*)?([^\d.]*)/;

/** Reads a Go duration. Never throws. Fractions of a nanosecond are cut off. */
export function parseDuration(text: string): ParsedDuration {
  const invalid: ParsedDuration = { ok: false, error: `time: invalid duration ${JSON.stringify(text)}` };
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return { ok: true, duration: { nanoseconds: 0n } };
  if (rest === '') return invalid;
  let total = 0n;
  while (rest !== '') {
    const [matched = '', whole = '', fraction = '', unit = ''] = part.exec(rest) ?? [];
    const decimals = fraction.slice(1);
    if (whole === '' && decimals === '') return invalid;
    if (unit === '') return { ok: false, error: `time: missing unit in duration ${JSON.stringify(text)}` };
    const each = Object.hasOwn(unitNanoseconds, unit) ? unitNanoseconds[unit] : undefined;
    if (each === undefined) return { ok: false, error: `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}` };
    // 19 digits are past the limit already; converting a megabyte of digits would hold the process.
    if (whole.replace(/^0+/, '').length > 19) return invalid;
    total += BigInt(whole === '' ? 0 : whole) * each + nanosecondsOfFraction(decimals.slice(0, 19), each);
    if (total > maxNanoseconds) return invalid;
    rest = rest.slice(matched.length);
  }
  return { ok: true, duration: { nanoseconds: negative ? -total : total } };
}

function nanosecondsOfFraction(decimals: string, unit: bigint): bigint {
  return decimals === '' ? 0n : (BigInt(decimals) * unit) / 10n ** BigInt(decimals.length);
}

/** As Go's Duration.String writes it: `48h0m0s`, `1m30s`, `1.5s`, `100ms`, `0s`. */
export function formatDuration({ nanoseconds }: Duration): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const amount = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (amount < 1_000n) return `${sign}${amount}ns`;
  if (amount < 1_000_000n) return `${sign}${decimal(amount, 3)}µs`;
  if (amount < 1_000_000_000n) return `${sign}${decimal(amount, 6)}ms`;
  const minutes = amount / 60_000_000_000n;
  const seconds = `${decimal(amount % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return `${sign}${seconds}`;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** `amount` divided by ten to the `places`, without trailing zeros. */
function decimal(amount: bigint, places: number): string {
  const digits = amount.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  const whole = digits.slice(0, -places);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Whole milliseconds, cut off. */
export function millisecondsOf({ nanoseconds }: Duration): number {
  return Number(nanoseconds / 1_000_000n);
}
