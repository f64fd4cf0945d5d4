// Owns reading a Secret's base64 as text.
// Must not be used for bytes that are no text.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** UTF-8; what is no base64 is passed over, what is no UTF-8 becomes U+FFFD, as in every lenient decoder. */
export function textOfBase64(encoded: string): string {
  const bytes = bytesOfBase64(encoded);
  const text: string[] = [];
  for (let index = 0; index < bytes.length;) {
    const { point, length } = characterAt(bytes, index);
    text.push(String.fromCodePoint(point));
    index += length;
  }
  return text.join('');
}

function bytesOfBase64(encoded: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of encoded) {
    const value = alphabet.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return bytes;
}

interface Character {
  readonly point: number;
  readonly length: number;
}

const unreadable: Character = { point: 0xfffd, length: 1 };

function characterAt(bytes: readonly number[], index: number): Character {
  const first = bytes[index] ?? 0;
  if (first < 0x80) return { point: first, length: 1 };
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return unreadable;
  let point = first & (0xff >> (length + 1));
  for (let offset = 1; offset < length; offset += 1) {
    const next = bytes[index + offset] ?? 0;
    if ((next & 0xc0) !== 0x80) return unreadable;
    point = (point << 6) | (next & 0x3f);
  }
  const isOverlong = point < { 2: 0x80, 3: 0x800, 4: 0x10000 }[length];
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  return isOverlong || isSurrogate || point > 0x10ffff ? unreadable : { point, length };
}
