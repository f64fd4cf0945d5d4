// Owns the rows of how numbers, sizes and times read in both languages.
// Must not read the clock.
import { describe, expect, test } from 'vitest';
import { createFormats } from '../../../renderer/ui/formats.ts';
import { linePath } from '../../../renderer/ui/sparkline.tsx';

const english = createFormats('en');
const chinese = createFormats('zh-CN');
const second = 1000;
const hour = 3600 * second;

test.each([
  { bytes: 0, want: '0 B' },
  { bytes: 999, want: '999 B' },
  { bytes: 1024, want: '1 KiB' },
  { bytes: 1536, want: '1.5 KiB' },
  { bytes: 1.234 * 1024 ** 3, want: '1.23 GiB' },
  { bytes: 12.34 * 1024 ** 3, want: '12.3 GiB' },
  { bytes: 123.4 * 1024 ** 3, want: '123 GiB' },
  { bytes: 1024 ** 6, want: '1,024 PiB' },
])('$want', ({ bytes, want }) => {
  expect(english.bytes(bytes)).toBe(want);
});

describe('times', () => {
  test.each([
    { ms: -5, en: '0 sec', zh: '0秒' },
    { ms: 59 * second, en: '59 sec', zh: '59秒' },
    { ms: 60 * second, en: '1 min', zh: '1分钟' },
    { ms: 3 * hour, en: '3 hr', zh: '3小时' },
    { ms: 24 * hour, en: '1 day', zh: '1天' },
    { ms: 52 * hour, en: '2 days 4 hr', zh: '2天 4小时' },
  ])('$en', ({ ms, en, zh }) => {
    expect([english.duration(ms), chinese.duration(ms)]).toEqual([en, zh]);
  });
  test.each([
    { ago: 0, en: 'now', zh: '现在' },
    { ago: 5 * 60 * second, en: '5 min. ago', zh: '5分钟前' },
    { ago: 25 * hour, en: 'yesterday', zh: '昨天' },
  ])('$en', ({ ago, en, zh }) => {
    const now = Date.UTC(2026, 0, 10);
    expect([english.ago(now - ago, now), chinese.ago(now - ago, now)]).toEqual([en, zh]);
  });
});

test.each([
  { percent: 0, want: '0%' },
  { percent: 0.42, want: '0.4%' },
  { percent: 9.96, want: '10%' },
  { percent: 73.6, want: '74%' },
])('$percent is $want', ({ percent, want }) => {
  expect(english.percent(percent)).toBe(want);
});

test('rates and memory', () => {
  expect([english.rate(2048), english.mebibytes(1536)]).toEqual(['2 KiB/s', '1.5 GiB']);
});

describe('linePath', () => {
  test('one value is no line', () => {
    expect([linePath([], 10, 5), linePath([3], 10, 5), linePath([1, 2], 0, 5)]).toEqual(['', '', '']);
  });
  test('grows in from the right, and does not leave the picture', () => {
    expect(linePath([0, 10], 10, 5)).toBe('M36 19L48 1');
    expect(linePath([0, 99], 10, 5)).toBe('M36 19L48 1');
  });
  test('a full line begins at the left', () => {
    expect(linePath([0, 0, 0, 0, 0, 10], 10, 5)).toBe('M0 19L12 19L24 19L36 19L48 1');
  });
});
