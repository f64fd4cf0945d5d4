// Owns checksums of images: how they are written, and whether a file has one.
// Must not decide what happens to a file with the wrong one.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { AppError } from '../../api/errors.ts';

export interface Checksum {
  readonly algorithm: 'sha512' | 'sha256' | 'sha1' | 'md5';
  /** Lower-case hexadecimal. */
  readonly value: string;
}

/** Hexadecimal digits of each; the last two protect against accidents only, and CDI takes them. */
const digits: Readonly<Record<Checksum['algorithm'], number>> = { sha512: 128, sha256: 64, sha1: 40, md5: 32 };

/** Reads `sha256:ab12…`, the form of CDI's and of Lima's manifests. Throws BadRequest. */
export function parseChecksum(text: string): Checksum {
  const [, algorithm, value] = /^(\w+):([0-9a-fA-F]+)$/.exec(text.trim()) ?? [];
  if (isAlgorithm(algorithm) && value?.length === digits[algorithm]) return { algorithm, value: value.toLowerCase() };
  const message = `The checksum ${JSON.stringify(text)} is not one: write sha256: or sha512: and its ${digits.sha256} or ${digits.sha512} hexadecimal digits.`;
  throw new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field: 'spec.source.http.checksum', message }] });
}

function isAlgorithm(text: string | undefined): text is Checksum['algorithm'] {
  return text !== undefined && text in digits;
}

export interface HashOptions {
  readonly onBytes?: (doneBytes: number) => void;
  readonly signal?: AbortSignal;
}

/** Lower-case hexadecimal digest of a file. */
export async function fileDigest(file: string, algorithm: Checksum['algorithm'], options: HashOptions = {}): Promise<string> {
  const hash = createHash(algorithm);
  const handle = await open(file, 'r');
  try {
    let done = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 })) {
      options.signal?.throwIfAborted();
      const bytes: Buffer = chunk;
      hash.update(bytes);
      done += bytes.length;
      options.onBytes?.(done);
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}
