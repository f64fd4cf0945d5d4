// Owns base64 of text: core has neither Buffer nor btoa.
// Must not decode; host does where bytes are needed.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of the text's UTF-8 bytes, padded. A lone surrogate becomes U+FFFD, as in every UTF-8 encoder. */
export function base64OfText(text: string): string {
  const bytes = utf8Bytes(text);
  let encoded = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b, c] = bytes.slice(index, index + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    encoded += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63);
    encoded += b === undefined ? '=' : alphabet.charAt((bits >> 6) & 63);
    encoded += c === undefined ? '=' : alphabet.charAt(bits & 63);
  }
  return encoded;
}

function utf8Bytes(text: string): number[] {
  const escaped = encodeURIComponent(text.toWellFormed());
  return Array.from(escaped.matchAll(/%([0-9A-F]{2})|[^%]/g), ([unit, hex]) =>
    hex === undefined ? unit.charCodeAt(0) : Number.parseInt(hex, 16),
  );
}
