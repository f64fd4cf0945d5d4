// Owns sizes in words, in the binary units of Kubernetes' quantities.
// Must not parse.

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** `1.5 GiB`; below 10 with one digit after the point, and never "0.0". */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 && !Number.isInteger(value) ? value.toFixed(1) : String(Math.ceil(value));
  return `${digits} ${units[unit] ?? ''}`;
}
