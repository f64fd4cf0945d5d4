// Owns answers that took long to find out, kept in files under the data folder for as long as what they depend on is the same.
// Must not keep anything that cannot be found out again.
import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { errnoOf } from './errno.ts';
import { writePrivateFile } from './private-file.ts';

export interface Cached<T> {
  readonly dataDir: string;
  readonly name: string;
  /** Everything the answer depends on. */
  readonly key: readonly string[];
  readonly schema: z.ZodType<T>;
  /** Whether an answer is worth keeping; all are without it. */
  readonly isFinal?: (value: T) => boolean;
}

/** The kept answer, or the one that `find` finds, which is kept then. One answer a name: another key replaces it. */
export async function cached<T>({ dataDir, name, key, schema, isFinal }: Cached<T>, find: () => Promise<T>): Promise<T> {
  const file = path.join(dataDir, 'cache', `${name}.json`);
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  const kept = await readKept(file, digest);
  const parsed = schema.safeParse(kept);
  if (parsed.success) return parsed.data;
  const value = await find();
  if (isFinal?.(value) === false) return value;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writePrivateFile(file, JSON.stringify({ key: digest, value }));
  return value;
}

async function readKept(file: string, digest: string): Promise<unknown> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof kept !== 'object' || kept === null || !('key' in kept) || !('value' in kept)) return undefined;
    return kept.key === digest ? kept.value : undefined;
  } catch (error) {
    // Absent, or cut off by a full disk: found out again.
    if (error instanceof SyntaxError || errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Path, size and time of a file: what changes when a package is upgraded. */
export async function fileKey(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  return `${file} ${size} ${mtimeMs}`;
}
