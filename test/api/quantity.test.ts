// Owns the proof that quantities are read, written, compared and added as Kubernetes does.
// Must not test what uses them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addQuantities,
  bytesOf,
  compareQuantities,
  formatBytes,
  formatQuantity,
  mebibytesOf,
  milliOf,
  parseQuantity,
  type Quantity,
  quantityErrors,
} from '../../electron/api/quantity.ts';

function quantity(text: string | number): Quantity {
  const parsed = parseQuantity(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error}`);
  return parsed.quantity;
}

describe('canonical text', () => {
  test.each<[string | number, string]>([
    ['0', '0'],
    ['0Gi', '0'],
    ['-0', '0'],
    ['1', '1'],
    ['1Ki', '1Ki'],
    ['1024Mi', '1Gi'],
    ['1536Mi', '1536Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Gi', '512Mi'],
    ['1023', '1023'],
    ['1000Ki', '1000Ki'],
    ['0.5Ki', '512'],
    ['0.3Ki', '307200m'],
    ['1Ei', '1Ei'],
    ['8Ei', '9223372036854775807'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['5.', '5'],
    ['+5', '5'],
    ['-200m', '-200m'],
    ['-65Mi', '-65Mi'],
    ['1000000', '1M'],
    ['1k', '1k'],
    ['2500u', '2500u'],
    ['1000u', '1m'],
    ['1n', '1n'],
    ['0.1n', '1n'],
    ['-0.1n', '-1n'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['12e3', '12e3'],
    ['1e4', '10e3'],
    ['1e-3', '1e-3'],
    ['1e+5', '100e3'],
    ['1E', '1E'],
    ['1000E', '1000E'],
    ['2.5e3', '2500'],
    ['007', '7'],
    [1073741824, '1073741824'],
    [2.5, '2500m'],
    [1e21, '1e21'],
  ])('%s is %s', (text, want) => {
    expect(formatQuantity(quantity(text))).toBe(want);
  });
});

describe('refused', () => {
  test.each([
    ['', quantityErrors.format],
    ['2ab', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['1.2.3', quantityErrors.format],
    ['1 Gi', quantityErrors.format],
    ['1GB', quantityErrors.format],
    ['ten', quantityErrors.format],
    ['1Gi\n', quantityErrors.format],
    ['Mi', quantityErrors.numeric],
    ['.', quantityErrors.numeric],
    ['-', quantityErrors.numeric],
    ['1K', quantityErrors.suffix],
    ['1ki', quantityErrors.suffix],
    ['1e', quantityErrors.suffix],
    ['1mi', quantityErrors.suffix],
    ['1KiMi', quantityErrors.suffix],
    ['1e999999999', quantityErrors.numeric],
    [`1${'0'.repeat(100)}`, quantityErrors.numeric],
    [Number.NaN, quantityErrors.format],
    [Number.POSITIVE_INFINITY, quantityErrors.format],
  ])('%j', (text, error) => {
    expect(parseQuantity(text)).toEqual({ ok: false, error });
  });
});

describe('units', () => {
  test.each([
    ['1Gi', { bytes: 1_073_741_824, mebibytes: 1024, milli: 1_073_741_824_000 }],
    ['1G', { bytes: 1_000_000_000, mebibytes: 954, milli: 1_000_000_000_000 }],
    ['1500m', { bytes: 2, mebibytes: 1, milli: 1500 }],
    ['0', { bytes: 0, mebibytes: 0, milli: 0 }],
    ['no', { bytes: undefined, mebibytes: undefined, milli: undefined }],
    [undefined, { bytes: undefined, mebibytes: undefined, milli: undefined }],
  ])('%s', (text, want) => {
    expect({ bytes: bytesOf(text), mebibytes: mebibytesOf(text), milli: milliOf(text) }).toEqual(want);
  });

  test.each([
    [1_073_741_824, '1Gi'],
    [1_073_741_825, '1073741825'],
    [512, '512'],
    [0, '0'],
    [1023.2, '1Ki'],
  ])('%d bytes are %s', (bytes, want) => {
    expect(formatBytes(bytes)).toBe(want);
  });
});

test.each([
  ['1Gi', '24Mi', '1048Mi'],
  ['1', '500m', '1500m'],
  ['0', '1Gi', '1Gi'],
  ['1G', '1Gi', '2073741824'],
  ['1', '-1', '0'],
])('%s + %s = %s', (a, b, want) => {
  expect(formatQuantity(addQuantities(quantity(a), quantity(b)))).toBe(want);
});

const suffixes = ['', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'e0', 'e3', 'e-3', 'E2', 'e+1'];
const written = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    whole: fc.nat({ max: 9_999 }),
    fraction: fc.option(fc.nat({ max: 999 }), { nil: undefined }),
    suffix: fc.constantFrom(...suffixes),
  })
  .map(({ sign, whole, fraction, suffix }) => `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${suffix}`);

describe('always', () => {
  test('what is written canonically is read as the same amount, and written the same again', () => {
    fc.assert(
      fc.property(written, (text) => {
        const first = quantity(text);
        const canonical = formatQuantity(first);
        expect(quantity(canonical).nano).toBe(first.nano);
        expect(formatQuantity(quantity(canonical))).toBe(canonical);
      }),
    );
  });

  test('the canonical text has no fraction', () => {
    fc.assert(
      fc.property(written, (text) => {
        expect(formatQuantity(quantity(text))).toMatch(/^-?\d+(([KMGTPE]i)|[numkMGTPE]|e-?\d+)?$/);
      }),
    );
  });

  test('order is the order of the numbers, and adding keeps it', () => {
    fc.assert(
      fc.property(written, written, written, (a, b, c) => {
        const order = Math.sign(compareQuantities(quantity(a), quantity(b)));
        expect(Math.sign(compareQuantities(quantity(b), quantity(a)))).toBe(order === 0 ? 0 : -order);
        const [left, right] = [addQuantities(quantity(a), quantity(c)), addQuantities(quantity(b), quantity(c))];
        expect(Math.sign(compareQuantities(left, right))).toBe(order);
      }),
    );
  });

  test('bytes survive a round trip', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(bytesOf(formatBytes(bytes))).toBe(bytes);
      }),
    );
  });

  test('no text throws', () => {
    const near = fc.stringMatching(/^[-+0-9.eEinumkKMGTP]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), near, fc.double()), (text) => {
        expect(parseQuantity(text)).toHaveProperty('ok');
      }),
    );
  });
});
