// Owns how rules compare and print quantities.
// Must not complain of a text that is no quantity: the decoder has.
import { formatQuantity, parseQuantity } from '../../api/quantity.ts';

const nanoPerUnit = 1_000_000_000n;

/** Billionths; zero when it is absent or no quantity, as for a Go Quantity. */
export function nanoOf(text: string | number | undefined): bigint {
  const parsed = text === undefined ? undefined : parseQuantity(text);
  return parsed?.ok === true ? parsed.quantity.nano : 0n;
}

/** Whole units, cut off. */
export function unitsOf(text: string | number | undefined): bigint {
  return nanoOf(text) / nanoPerUnit;
}

export function isWhole(text: string | number | undefined): boolean {
  return nanoOf(text) % nanoPerUnit === 0n;
}

/** Canonical text, `0` when absent: what KubeVirt's messages show. */
export function shown(text: string | number | undefined): string {
  const parsed = text === undefined ? undefined : parseQuantity(text);
  return parsed?.ok === true ? formatQuantity(parsed.quantity) : '0';
}
