// Owns reading and writing `data:` URLs, in which Ignition carries the text of files.
// Must not fetch anything.
import { textOfBase64 } from '../qemu/secret-text.ts';

/** Undefined for any other URL, and for what is not text. */
export function dataUrlText(url: string): string | undefined {
  const [, head, body] = /^data:([^,]*),([\s\S]*)$/.exec(url) ?? [];
  if (head === undefined || body === undefined) return undefined;
  const decoded = percentDecoded(body);
  if (decoded === undefined || !head.endsWith(';base64')) return decoded;
  const encoded = decoded.replaceAll(/\s/g, '');
  return /^[A-Za-z0-9+/]*={0,2}$/.test(encoded) && encoded.length % 4 === 0 ? textOfBase64(encoded) : undefined;
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
