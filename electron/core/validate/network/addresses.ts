// Owns the grammar of MAC, IP and PCI addresses.
// Must not change them; defaults normalise.

/** The number of bytes that Go's net.ParseMAC reads, or undefined when it reads none. */
export function macLength(text: string): number | undefined {
  const colons = /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2})*$/i.test(text);
  const dots = /^[0-9a-f]{4}(?:\.[0-9a-f]{4})+$/i.test(text);
  if (!colons && !dots) return undefined;
  const bytes = text.replaceAll(/[-:.]/g, '').length / 2;
  // EUI-48, EUI-64, IP over InfiniBand.
  return [6, 8, 20].includes(bytes) ? bytes : undefined;
}

/** Of a MAC that macLength takes: the group bit is set, or every digit is 0. The kernel's is_valid_ether_addr. */
export function isGroupAddress(text: string): boolean {
  const digits = text.replaceAll(/[-:.]/g, '');
  return (Number.parseInt(digits.slice(0, 2), 16) & 1) === 1 || /^0+$/.test(digits);
}

export function isPciAddress(text: string): boolean {
  return /^[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/i.test(text);
}

export function isIpv4Address(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

export function isIpAddress(text: string): boolean {
  return isIpv4Address(text) || isIpv6Address(text);
}

function isIpv6Address(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all = groups.flat();
  const last = all.at(-1) ?? '';
  const tail = last.includes('.') ? (isIpv4Address(last) ? 2 : undefined) : 1;
  if (tail === undefined) return false;
  const words = last.includes('.') ? all.slice(0, -1) : all;
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return false;
  const count = words.length + (last.includes('.') ? 2 : 0);
  return halves.length === 2 ? count <= 7 : count === 8;
}
