// Owns sizes and rates in words.
// Must not parse anything.

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1.5 GiB`: three digits that matter, binary units. */
export function bytesText(bytes: number, language: string): string {
  const magnitude = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** magnitude;
  const digits = magnitude === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return `${number} ${units[magnitude]}`;
}

export function mebibytesText(mebibytes: number, language: string): string {
  return bytesText(mebibytes * 1024 * 1024, language);
}

/** `12.5 MiB/s`. */
export function rateText(bytesPerSecond: number, language: string): string {
  return `${bytesText(bytesPerSecond, language)}/s`;
}

/** `34%`, whole numbers from 10 on. */
export function percentText(percent: number, language: string): string {
  const digits = percent > 0 && percent < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(percent / 100);
}
