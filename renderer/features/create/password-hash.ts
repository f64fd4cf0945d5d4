// Owns the SHA-512 crypt hash (`$6$`) that cloud-init and /etc/shadow take, so that no password is stored in the clear.
// Must not choose the salt: it is given, so that the result can be tested.
// Source: U. Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6; step numbers below are his.

const rounds = 5000;
const digits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

type Bytes = Uint8Array<ArrayBuffer>;

/** `salt` is 1 to 16 characters of `./0-9A-Za-z`. About 5,000 digests: tens of milliseconds. */
export async function sha512Crypt(password: string, salt: string): Promise<string> {
  const key: Bytes = new TextEncoder().encode(password);
  const saltBytes: Bytes = new TextEncoder().encode(salt.slice(0, 16));
  const b = await sha512(key, saltBytes, key); // 4-8
  const a = await sha512(key, saltBytes, repeated(b, key.length), ...lengthBits(key, b)); // 1-12
  const p = repeated(await sha512(...Array.from(key, () => key)), key.length); // 13-16
  const s = repeated(await sha512(...Array.from({ length: 16 + a[0]! }, () => saltBytes)), saltBytes.length); // 17-20
  let c = a;
  for (let round = 0; round < rounds; round += 1) {
    const odd = round % 2 === 1; // 21
    // oxlint-disable-next-line no-await-in-loop -- each round hashes the one before.
    c = await sha512(odd ? p : c, ...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p]), odd ? c : p);
  }
  return `$6$${salt.slice(0, 16)}$${encoded(c)}`;
}

/** A salt of 16 characters (96 bits) from 16 random bytes. */
export function saltOf(random: Uint8Array): string {
  return Array.from(random.subarray(0, 16), (byte) => digits.charAt(byte & 63)).join('');
}

async function sha512(...parts: readonly Bytes[]): Promise<Bytes> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-512', joined));
}

function repeated(block: Bytes, length: number): Bytes {
  return Uint8Array.from({ length }, (_, index) => block[index % block.length]!);
}

/** Step 11: for every bit of the length, lowest first, the digest for a one and the password for a zero. */
function lengthBits(key: Bytes, digest: Bytes): Bytes[] {
  const parts: Bytes[] = [];
  for (let length = key.length; length > 0; length >>= 1) parts.push((length & 1) === 1 ? digest : key);
  return parts;
}

/** Step 22: three bytes at a time, 21 apart and rotating, make four characters, lowest six bits first. */
function encoded(digest: Bytes): string {
  let text = '';
  for (let group = 0; group < 21; group += 1) {
    const order = [group, group + 21, group + 42].map((_, index, all) => digest[all[(index + group) % 3]!]!);
    text += characters((order[0]! << 16) | (order[1]! << 8) | order[2]!, 4);
  }
  return text + characters(digest[63]!, 2);
}

function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, index) => digits.charAt((value >> (6 * index)) & 63)).join('');
}
