// Owns identities computed from another: the same text always gives the same UUID or MAC address.
// Must not be used for secrets: FNV is a hash for spreading, not for hiding.

const offset = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;
const mask = (1n << 64n) - 1n;

/** RFC 9562 version 8 (custom) UUID of a text. */
export function derivedUuid(text: string): string {
  const bytes = derivedBytes(text, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.map(hexByte).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Locally administered unicast MAC address of a text, lower case with colons. */
export function derivedMac(text: string): string {
  // 02: the local bit set, the group bit clear, and outside every vendor's range.
  return [0x02, ...derivedBytes(text, 5)].map(hexByte).join(':');
}

function derivedBytes(text: string, count: number): number[] {
  const bytes: number[] = [];
  for (let block = 0; bytes.length < count; block += 1) bytes.push(...blockBytes(`${block}:${text}`));
  return bytes.slice(0, count);
}

/** FNV-1a over UTF-16 units, then MurmurHash3's finalizer: FNV alone leaves the high bytes of near texts alike. */
function blockBytes(text: string): number[] {
  let hash = offset;
  for (let index = 0; index < text.length; index += 1) hash = ((hash ^ BigInt(text.charCodeAt(index))) * prime) & mask;
  hash = ((hash ^ (hash >> 33n)) * 0xff51afd7ed558ccdn) & mask;
  hash = ((hash ^ (hash >> 33n)) * 0xc4ceb9fe1a85ec53n) & mask;
  hash ^= hash >> 33n;
  return Array.from({ length: 8 }, (_, index) => Number((hash >> BigInt(index * 8)) & 0xffn));
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
