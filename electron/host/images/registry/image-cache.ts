// Owns the images that were pulled: one folder for each disk by the digest of its manifest, kept while somebody uses it.
// Must not decide when something is pulled; the engine does.
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../api/errors.ts';
import type { ImagePort, ImagePull, PulledImage } from '../../../engine/ports.ts';
import { diskFull, freeBytes, isDiskFull } from '../../disks/disk-full.ts';
import { syncToDisk } from '../../disks/draft.ts';
import { createMeter, type Meter } from '../../disks/meter.ts';
import { createTurns } from '../../disks/turns.ts';
import { reasonOf } from '../../errno.ts';
import { writePrivateFile } from '../../private-file.ts';
import { inspectFile } from '../inspect.ts';
import { diskInLayers } from './disk-in-layers.ts';
import { copyLayers, type Manifest, readManifest, refusedImage } from './skopeo.ts';

const infoShape = z.object({
  digest: z.string(),
  manifestDigest: z.string(),
  file: z.string(),
  format: z.enum(['qcow2', 'raw']),
  virtualSizeBytes: z.number(),
});
type Info = Readonly<z.infer<typeof infoShape>>;

/** A week without a machine that uses it. */
const keepMs = 7 * 24 * 60 * 60 * 1000;
const draftPrefix = '.pull-';
const infoName = 'info.json';

/** The caller holds the lock of the data folder: what is half done there is left over. */
export async function createImageCache(dataDir: string, now: () => number = Date.now): Promise<ImagePort> {
  const folder = path.join(dataDir, 'cache', 'images');
  const names = path.join(folder, 'names');
  await mkdir(names, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder))
    if (name.startsWith(draftPrefix)) await rm(path.join(folder, name), { recursive: true, force: true });
  const turns = createTurns();
  const nameFile = (image: string, file: FileInImage): string => path.join(names, hashed(`${image}\n${keyOf(file)}`));

  const known = async (entry: string, image: string): Promise<PulledImage | undefined> => {
    const home = path.join(folder, entry);
    const info = await readInfo(path.join(home, infoName));
    if (info === undefined) return undefined;
    const file = path.join(home, info.file);
    if ((await stat(file).catch(() => undefined)) === undefined) return undefined;
    await utimes(home, now() / 1000, now() / 1000);
    return { image, digest: info.digest, path: file, format: info.format, virtualSizeBytes: info.virtualSizeBytes };
  };

  const removeUnused = async (inUse: ReadonlySet<string>, olderThanMs: number): Promise<boolean> => {
    let freed = false;
    for (const entry of await readdir(folder)) {
      const home = path.join(folder, entry);
      if (entry === 'names' || entry.startsWith(draftPrefix) || turns.isTaken(entry)) continue;
      if ([...inUse].some((file) => file.startsWith(`${home}/`)) || now() - (await stat(home)).mtimeMs < olderThanMs) continue;
      await rm(home, { recursive: true, force: true });
      freed = true;
    }
    return freed;
  };

  const fetch = async (pull: ImagePull, manifest: Manifest, run: Run): Promise<void> => {
    const { meter, signal } = run;
    const entry = entryOf(manifest, pull);
    const work = await mkdtemp(path.join(folder, draftPrefix));
    try {
      const layers = path.join(work, 'layers');
      const home = path.join(work, 'image');
      await mkdir(home, { mode: 0o700 });
      const totalBytes = manifest.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      // Twice: the layers, and the disk in them, which is never smaller than what it was packed to.
      if ((await freeBytes(folder)) < totalBytes * 2) throw await diskFull(folder, totalBytes * 2);
      meter.begin('download', totalBytes);
      await copyLayers({ from: pull, manifest, to: layers, scratch: work, onBytes: (done) => meter.bytes(done), signal });
      meter.begin('copy', totalBytes);
      const found = await diskInLayers({
        image: pull.image,
        layers: manifest.layers.map(({ digest }) => path.join(layers, digest.slice('sha256:'.length))),
        wanted: pull.path,
        folder: home,
        onBytes: (done) => meter.bytes(done),
        signal,
      });
      const seen = pull.as === 'file' ? undefined : await inspected(found, pull.image);
      await settle({ home, found, manifest, seen });
      await rename(home, path.join(folder, entry));
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  };

  const pullOnce = async (pull: ImagePull, run: Run): Promise<PulledImage> => {
    run.meter.begin('wait');
    const manifest = await readManifest(pull, folder, run.signal);
    const entry = entryOf(manifest, pull);
    return await turns.take(entry, run.signal, async () => {
      if ((await known(entry, pull.image)) === undefined) await fetch(pull, manifest, run);
      await writePrivateFile(nameFile(pull.image, pull), entry);
      const image = await known(entry, pull.image);
      if (image === undefined) throw new AppError('Internal', `The image ${pull.image} was pulled and is not there.`);
      // The same manifest may be reached by a list of platforms or directly: what was asked for is what pins it.
      return { ...image, digest: manifest.digest };
    });
  };

  return {
    async cached(image, file = {}) {
      const entry = await readFile(nameFile(image, file), 'utf8').catch(() => undefined);
      return entry === undefined ? undefined : await known(entry, image);
    },
    pull(pull, onProgress) {
      const abort = new AbortController();
      const run: Run = { meter: createMeter(onProgress), signal: abort.signal };
      return {
        done: told({ folder, image: pull.image, signal: run.signal }, () => pullOnce(pull, run)),
        cancel: () => abort.abort(cancelled()),
      };
    },
    writeContainerDisk: async (order) =>
      (await import('./container-disk.ts')).writeContainerDisk(path.join(dataDir, 'container-disks'), order),
    async collect(inUse) {
      await removeUnused(inUse, keepMs);
    },
  };
}

interface Run {
  readonly meter: Meter;
  readonly signal: AbortSignal;
}

type FileInImage = Pick<ImagePull, 'path' | 'as'>;

type Seen = Pick<Info, 'format' | 'virtualSizeBytes'> & { readonly extension: string };

/** Looked at as any stranger's image. */
async function inspected(found: string, image: string): Promise<Seen> {
  const seen = await inspectFile(found, 'image');
  const [cause] = seen.causes;
  if (cause !== undefined) throw new AppError('ImageRefused', `The disk in ${image} is refused: ${cause.message}`, { causes: seen.causes });
  if (seen.compression !== undefined) throw refusedImage(`The disk in ${image} is compressed: a container disk is a qcow2 or raw image.`);
  const { format, virtualSizeBytes } = seen;
  if (format !== 'qcow2' && format !== 'raw' && format !== 'iso')
    throw refusedImage(`The disk in ${image} is of the format ${format}: a container disk is a qcow2 or raw image.`);
  return { format: format === 'qcow2' ? 'qcow2' : 'raw', virtualSizeBytes, extension: format };
}

interface Found {
  /** Where it becomes what nobody writes to any more. */
  readonly home: string;
  readonly found: string;
  readonly manifest: Manifest;
  /** Undefined: no disk, but a file that is taken as it is. */
  readonly seen: Seen | undefined;
}

async function settle({ home, found, manifest, seen }: Found): Promise<void> {
  const { format, virtualSizeBytes } = seen ?? { format: 'raw', virtualSizeBytes: (await stat(found)).size };
  const file = seen === undefined ? 'file' : `disk.${seen.extension}`;
  const target = path.join(home, file);
  await rename(found, target);
  await chmod(target, 0o400);
  await syncToDisk(target);
  const info: Info = { digest: manifest.digest, manifestDigest: manifest.manifestDigest, file, format, virtualSizeBytes };
  await writePrivateFile(path.join(home, infoName), JSON.stringify(info));
  for (const name of await readdir(home)) if (name !== file && name !== infoName) await rm(path.join(home, name), { force: true });
}

function keyOf({ path: wanted = '', as = 'disk' }: FileInImage): string {
  return as === 'disk' ? wanted : `${wanted}\n${as}`;
}

/** The same image with another file of it is another disk. */
function entryOf({ manifestDigest }: Manifest, file: FileInImage): string {
  const digest = manifestDigest.replace(':', '-');
  const key = keyOf(file);
  return key === '' ? digest : `${digest}-${hashed(key).slice(0, 16)}`;
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readInfo(file: string): Promise<Info | undefined> {
  try {
    return infoShape.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // None, or one that a power failure emptied: it is pulled again.
  }
}

function cancelled(): AppError {
  return new AppError('Timeout', 'The pull was cancelled.');
}

interface Telling {
  readonly folder: string;
  readonly image: string;
  readonly signal: AbortSignal;
}

/** Whatever went wrong comes out as an AppError. */
async function told<T>({ folder, image, signal }: Telling, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw cancelled();
    if (error instanceof AppError) throw error;
    if (isDiskFull(error)) throw await diskFull(folder, undefined, error);
    throw new AppError('ToolFailed', `The image ${image} could not be pulled: ${reasonOf(error)}.`, { cause: error });
  }
}
