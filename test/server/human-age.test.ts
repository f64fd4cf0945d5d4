// Owns ages as kubectl prints them.
import { expect, test } from 'vitest';
import { humanAge } from '../../electron/server/human-age.ts';

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;
const y = 365 * d;

// k8s.io/apimachinery/pkg/util/duration/duration_test.go, TestHumanDuration and its boundaries.
const rows: readonly (readonly [ms: number, text: string])[] = [
  [-3 * s, '<invalid>'],
  [-1.5 * s, '0s'],
  [0, '0s'],
  [999, '0s'],
  [1 * s, '1s'],
  [70 * s, '70s'],
  [119 * s, '119s'],
  [2 * m, '2m'],
  [190 * s, '3m10s'],
  [9 * m + 59 * s, '9m59s'],
  [10 * m, '10m'],
  [70 * m, '70m'],
  [179 * m, '179m'],
  [3 * h, '3h'],
  [3 * h + 1 * m, '3h1m'],
  [7 * h + 59 * m, '7h59m'],
  [8 * h, '8h'],
  [47 * h, '47h'],
  [2 * d, '2d'],
  [2 * d + 1 * h, '2d1h'],
  [7 * d + 23 * h, '7d23h'],
  [8 * d, '8d'],
  [547 * d, '547d'],
  [2 * y, '2y'],
  [2 * y + 1 * d, '2y1d'],
  [7 * y + 364 * d, '7y364d'],
  [8 * y, '8y'],
];

test.each(rows)('%d ms → %s', (ms, text) => {
  expect(humanAge(ms)).toBe(text);
});
