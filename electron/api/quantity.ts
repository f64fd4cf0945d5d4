// Owns Kubernetes quantities: `1Gi`, `500m`, `2.5e3` read, compared, added and written exactly.
// Must not use floating point: a quantity is a whole number of billionths.

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** An exact amount in billionths (Kubernetes keeps no more digits), and the family of suffixes it is written with. */
export interface Quantity {
  readonly nano: bigint;
  readonly format: QuantityFormat;
}

/** `error` is the sentence of Kubernetes' resource package. */
export type ParsedQuantity = { readonly ok: true; readonly quantity: Quantity } | { readonly ok: false; readonly error: string };

/** The three sentences of k8s.io/apimachinery/pkg/api/resource/quantity.go. */
export const quantityErrors = {
  format: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  numeric: 'unable to parse numeric part of quantity',
  suffix: "unable to parse quantity's suffix",
} as const;

const nanoPerUnit = 1_000_000_000n;
const maxBinary = (1n << 63n) - 1n;
// Longer than any amount a computer has; without a limit `1e999999999` would be a number of a gigabyte.
const maxDigits = 64;
const maxExponent = 64;

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const grammar = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;

/** Reads a quantity as a manifest writes it. Never throws. Amounts under a billionth are rounded up, as Kubernetes does. */
export function parseQuantity(input: string | number): ParsedQuantity {
  const match = grammar.exec(typeof input === 'number' ? String(input) : input);
  if (match === null || match[0] === '') return { ok: false, error: quantityErrors.format };
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  const digits = whole + fraction;
  if (digits === '' || digits.length > maxDigits) return { ok: false, error: quantityErrors.numeric };
  const unit = unitOf(suffix);
  if (unit === undefined) return { ok: false, error: quantityErrors.suffix };
  if (Math.abs(unit.exponent) > maxExponent) return { ok: false, error: quantityErrors.numeric };
  const scaled = scaledToNano(BigInt(digits), fraction.length, unit);
  const capped = unit.format === 'BinarySI' && scaled > maxBinary * nanoPerUnit ? maxBinary * nanoPerUnit : scaled;
  return { ok: true, quantity: { nano: sign === '-' ? -capped : capped, format: unit.format } };
}

interface Unit {
  readonly format: QuantityFormat;
  /** Power of ten, or of two for BinarySI. */
  readonly exponent: number;
}

function unitOf(suffix: string): Unit | undefined {
  const decimal = decimalSuffixes.findIndex((known) => known === suffix);
  if (decimal >= 0) return { format: 'DecimalSI', exponent: decimal * 3 - 9 };
  const binary = binarySuffixes.findIndex((known) => known === suffix);
  if (binary > 0) return { format: 'BinarySI', exponent: binary * 10 };
  const power = /^[eE]([-+]?\d+)$/.exec(suffix)?.[1];
  return power === undefined ? undefined : { format: 'DecimalExponent', exponent: Number(power) };
}

function scaledToNano(digits: bigint, fractionDigits: number, unit: Unit): bigint {
  if (unit.format === 'BinarySI') return divideUp((digits << BigInt(unit.exponent)) * nanoPerUnit, 10n ** BigInt(fractionDigits));
  const power = 9 + unit.exponent - fractionDigits;
  return power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power));
}

/** Away from zero, so that a request is never rounded to nothing. */
function divideUp(amount: bigint, by: bigint): bigint {
  const quotient = amount / by;
  if (quotient * by === amount) return quotient;
  return amount > 0n ? quotient + 1n : quotient - 1n;
}

/** The canonical text: no fraction, the largest suffix that keeps the number whole (`1024Mi` is `1Gi`, `0.5` is `500m`). */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const whole = nano % nanoPerUnit === 0n;
  const units = nano / nanoPerUnit;
  if (format === 'BinarySI' && whole && (units <= -1024n || units >= 1024n)) return formatBinary(units);
  return formatDecimal(nano, format === 'DecimalExponent');
}

function formatBinary(units: bigint): string {
  let [rest, step] = [units, 0];
  while (rest % 1024n === 0n && step < binarySuffixes.length - 1) [rest, step] = [rest / 1024n, step + 1];
  return `${rest}${binarySuffixes[step]}`;
}

function formatDecimal(nano: bigint, asExponent: boolean): string {
  const lastStep = asExponent ? Number.POSITIVE_INFINITY : decimalSuffixes.length - 1;
  let [rest, step] = [nano, 0];
  while (rest % 1000n === 0n && step < lastStep) [rest, step] = [rest / 1000n, step + 1];
  const exponent = step * 3 - 9;
  if (asExponent) return exponent === 0 ? `${rest}` : `${rest}e${exponent}`;
  return `${rest}${decimalSuffixes[step]}`;
}

/** Negative, zero or positive, as for Array.sort. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (a.nano === b.nano) return 0;
  return a.nano < b.nano ? -1 : 1;
}

/** Keeps the format of the first, as Kubernetes' Add does; a zero takes the other's. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** Whole bytes, rounded up; undefined when it is absent or not a quantity. Exact up to 8 PiB. */
export function bytesOf(input: string | number | undefined): number | undefined {
  return unitsOf(input, nanoPerUnit);
}

/** Mebibytes, rounded up; undefined when it is absent or not a quantity. */
export function mebibytesOf(input: string | number | undefined): number | undefined {
  return unitsOf(input, nanoPerUnit * 1024n * 1024n);
}

/** Thousandths, rounded up (of a CPU: `1500m` is 1500); undefined when it is absent or not a quantity. */
export function milliOf(input: string | number | undefined): number | undefined {
  return unitsOf(input, nanoPerUnit / 1000n);
}

function unitsOf(input: string | number | undefined, nanoPer: bigint): number | undefined {
  if (input === undefined) return undefined;
  const parsed = parseQuantity(input);
  return parsed.ok ? Number(divideUp(parsed.quantity.nano, nanoPer)) : undefined;
}

/** Canonical text of a number of bytes: 1073741824 is `1Gi`. Fractions are rounded up. */
export function formatBytes(bytes: number | bigint): string {
  const whole = typeof bytes === 'bigint' ? bytes : BigInt(Math.ceil(bytes));
  return formatQuantity({ nano: whole * nanoPerUnit, format: 'BinarySI' });
}
