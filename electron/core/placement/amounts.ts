// Owns amounts of what a node offers and a machine asks for, by Kubernetes' resource names.
// Must not know what any resource is for.
import { bytesOf, formatBytes, formatQuantity, milliOf } from '../../api/quantity.ts';

/** `cpu` in thousandths of a processor, everything else in whole units: bytes, pages' bytes, pieces. Exact up to 2^53. */
export type Amounts = Readonly<Record<string, number>>;

/** A Kubernetes resource list: `{ cpu: '500m', memory: '1Gi' }`. What is no quantity is left out; the decoder has refused it. */
export function amountsOf(list: Readonly<Record<string, string | number>> | undefined): Amounts {
  return Object.fromEntries(
    Object.entries(list ?? {}).flatMap(([name, text]) => {
      const amount = amountOf(name, text);
      return amount === undefined ? [] : [[name, amount]];
    }),
  );
}

export function amountOf(name: string, text: string | number): number | undefined {
  return isProcessor(name) ? milliOf(text) : bytesOf(text);
}

/** `requests.cpu` and `limits.cpu` of a quota are processors as well. */
export function isProcessor(name: string): boolean {
  return name === 'cpu' || name === 'requests.cpu' || name === 'limits.cpu';
}

/** Bytes, written with binary suffixes; the others are counted. */
export function isBytes(name: string): boolean {
  return /^(.+\.storageclass\.storage\.k8s\.io\/)?(requests\.|limits\.)?(memory|storage|ephemeral-storage|hugepages-.+)$/.test(name);
}

export function amountText(name: string, amount: number): string {
  if (isProcessor(name)) return formatQuantity({ nano: BigInt(amount) * 1_000_000n, format: 'DecimalSI' });
  return isBytes(name) ? formatBytes(amount) : String(amount);
}

export function plus(a: Amounts, b: Amounts): Amounts {
  return combined(a, b, (x, y) => x + y);
}

export function minus(a: Amounts, b: Amounts): Amounts {
  return combined(a, b, (x, y) => x - y);
}

export function totalOf(all: readonly Amounts[]): Amounts {
  const sum: Record<string, number> = {};
  for (const amounts of all) for (const [name, amount] of Object.entries(amounts)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}

function combined(a: Amounts, b: Amounts, of: (x: number, y: number) => number): Amounts {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, of(a[name] ?? 0, b[name] ?? 0)]));
}

/** As people read it: `2.5 GiB`, `512 MiB`, `1.5 CPUs`, `512 pages`, `3` pieces. */
export function amountWords(name: string, amount: number): string {
  if (isProcessor(name)) return `${amount / 1000} ${amount === 1000 ? 'CPU' : 'CPUs'}`;
  if (!isBytes(name)) return String(amount);
  const pageBytes = bytesOf(/(?:^|\.)hugepages-(.+)$/.exec(name)?.[1]);
  if (pageBytes !== undefined && pageBytes > 0) return `${rounded(amount / pageBytes)} pages`;
  const mebibytes = amount / (1024 * 1024);
  return mebibytes < 1024 ? `${rounded(mebibytes)} MiB` : `${rounded(mebibytes / 1024)} GiB`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
