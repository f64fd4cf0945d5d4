// Owns the catalogue of images to download: data files in resources/catalog, one per operating system, checked when read.
// Must not download, nor hold an address or a checksum itself.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { CatalogImage } from '../../api/computer.ts';
import { AppError } from '../../api/errors.ts';

const folder = path.join(import.meta.dirname, '../../../resources/catalog');

const digest = { sha256: /^[0-9a-f]{64}$/, sha512: /^[0-9a-f]{128}$/ } as const;

/** Checksums are demanded: without one, nobody could tell a changed image from the real one. */
const imageShape = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  os: z.string().regex(/^[a-z]+$/),
  name: z.string().min(1),
  version: z.string().min(1),
  type: z.enum(['cloud-image', 'installer']),
  arch: z.enum(['amd64', 'arm64']),
  url: z.url({ protocol: /^https$/ }),
  sizeBytes: z.int().positive().optional(),
  format: z.enum(['qcow2', 'raw', 'iso']),
  checksum: z.discriminatedUnion('algorithm', [
    z.strictObject({ algorithm: z.literal('sha256'), value: z.string().regex(digest.sha256) }),
    z.strictObject({ algorithm: z.literal('sha512'), value: z.string().regex(digest.sha512) }),
  ]),
  minMemoryMiB: z.int().min(64),
  minDiskGiB: z.int().min(1),
  cloudInit: z.boolean(),
  defaultUser: z.string().optional(),
});

export const catalogFileShape = z.strictObject({
  /** Where the numbers come from, for the one who updates them. */
  source: z.string().min(1),
  images: z.array(imageShape).min(1),
});

/** Every image, newest release of each system first as the files have them. Throws Internal for a file that is not as it should be. */
export async function loadCatalog(): Promise<readonly CatalogImage[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  const images: CatalogImage[] = [];
  for (const name of names) {
    const file = catalogFileShape.safeParse(JSON.parse(await readFile(path.join(folder, name), 'utf8')));
    if (!file.success) throw new AppError('Internal', `resources/catalog/${name} is not a catalogue: ${z.prettifyError(file.error)}`);
    images.push(...file.data.images.map(({ sizeBytes, defaultUser, ...image }) => ({ ...image, ...optional({ sizeBytes, defaultUser }) })));
  }
  return images;
}

/** Absent instead of undefined, as the API has it. */
function optional({
  sizeBytes,
  defaultUser,
}: {
  sizeBytes: number | undefined;
  defaultUser: string | undefined;
}): Pick<CatalogImage, 'sizeBytes' | 'defaultUser'> {
  return { ...(sizeBytes === undefined ? {} : { sizeBytes }), ...(defaultUser === undefined ? {} : { defaultUser }) };
}
