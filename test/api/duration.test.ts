// Owns the proof that durations are read and written as Go does.
// Must not test what uses them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, millisecondsOf, parseDuration } from '../../electron/api/duration.ts';

function nanoseconds(text: string): bigint {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.duration.nanoseconds;
}

describe('read and written', () => {
  test.each([
    ['48h0m0s', '48h0m0s', 172_800_000],
    ['48h', '48h0m0s', 172_800_000],
    ['1h30m', '1h30m0s', 5_400_000],
    ['1.5h', '1h30m0s', 5_400_000],
    ['.5h', '30m0s', 1_800_000],
    ['90s', '1m30s', 90_000],
    ['100ms', '100ms', 100],
    ['1.5s', '1.5s', 1_500],
    ['1m0.5s', '1m0.5s', 60_500],
    ['3h5m7.001s', '3h5m7.001s', 11_107_001],
    ['2us', '2µs', 0],
    ['2µs', '2µs', 0],
    ['2μs', '2µs', 0],
    ['1.5us', '1.5µs', 0],
    ['7ns', '7ns', 0],
    ['0.5ns', '0s', 0],
    ['0', '0s', 0],
    ['0h', '0s', 0],
    ['-1m', '-1m0s', -60_000],
    ['+1m', '1m0s', 60_000],
    ['1m1m', '2m0s', 120_000],
    ['2562047h47m16.854775807s', '2562047h47m16.854775807s', 9_223_372_036_854],
  ])('%s is %s', (text, written, milliseconds) => {
    const duration = { nanoseconds: nanoseconds(text) };
    expect({ written: formatDuration(duration), milliseconds: millisecondsOf(duration) }).toEqual({ written, milliseconds });
  });
});

describe('refused', () => {
  test.each([
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['.', 'time: invalid duration "."'],
    ['h', 'time: invalid duration "h"'],
    ['1', 'time: missing unit in duration "1"'],
    ['1h30', 'time: missing unit in duration "1h30"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1hour', 'time: unknown unit "hour" in duration "1hour"'],
    ['1constructor', 'time: unknown unit "constructor" in duration "1constructor"'],
    ['2562047h47m16.854775808s', 'time: invalid duration "2562047h47m16.854775808s"'],
    ['99999999999999999999h', 'time: invalid duration "99999999999999999999h"'],
    ['1 h', 'time: unknown unit " h" in duration "1 h"'],
  ])('%j', (text, error) => {
    expect(parseDuration(text)).toEqual({ ok: false, error });
  });
});

describe('always', () => {
  const anyDuration = fc.bigInt({ min: -(1n << 63n) + 1n, max: (1n << 63n) - 1n });

  test('what is written is read as the same', () => {
    fc.assert(
      fc.property(anyDuration, (duration) => {
        expect(nanoseconds(formatDuration({ nanoseconds: duration }))).toBe(duration);
      }),
    );
  });

  test('longer amounts of one unit are longer', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), fc.nat({ max: 100_000 }), fc.constantFrom('ns', 'us', 'ms', 's', 'm', 'h'), (a, b, unit) => {
        expect(nanoseconds(`${a}${unit}`) < nanoseconds(`${b}${unit}`)).toBe(a < b);
      }),
    );
  });

  test('no text throws', () => {
    const near = fc.stringMatching(/^[-+0-9.nuµmsh]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        expect(parseDuration(text)).toHaveProperty('ok');
      }),
    );
  });
});
