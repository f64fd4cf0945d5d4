// Owns the DiskPort: the pool of disks of this computer, put together from its parts.
// What makes and looks into images is loaded when it is first used: a start of the core has no use for it.
// Must not hold rules of objects; it knows paths, sizes and sources.
import { stat, statfs } from 'node:fs/promises';
import { AppError } from '../../api/errors.ts';
import type { DiskFill, DiskPort, DiskSource, DiskTarget, FillOptions, ImagePort, Log } from '../../engine/ports.ts';
import { reasonOf } from '../errno.ts';
import { createDebianCache } from '../images/debian-cache.ts';
import type { DownloadTiming } from '../images/download.ts';
import { qemuImgSnapshot, qemuImgSnapshots } from '../images/qemu-img.ts';
import { listDirectory } from './directory.ts';
import { diskFull, isDiskFull, neededBytesOf } from './disk-full.ts';
import { createDownloadCache } from './download-cache.ts';
import { publishDraft } from './draft.ts';
import { createMeter } from './meter.ts';
import { createPool } from './pool.ts';
import { rewriteDisk } from './rewrite.ts';
import { inspectVolume } from './volume.ts';
import { wholeSectors } from './whole-sectors.ts';

export interface DisksOptions {
  /** The caller holds its lock: what is half done there is left over from an earlier life. */
  readonly dataDir: string;
  readonly log: Log;
  /** Where container images are pulled to. */
  readonly images: ImagePort;
  /** Shorter in tests. */
  readonly timing?: DownloadTiming;
}

export async function createDisks({ dataDir, log, images, timing }: DisksOptions): Promise<DiskPort> {
  const pool = await createPool(dataDir);
  const downloads = await createDownloadCache(dataDir);
  const debian = await createDebianCache(dataDir);
  const leftovers = await pool.removeLeftovers();
  if (leftovers.length > 0) log.info('Removed disks that were left half made.', { files: leftovers });
  await downloads.removeOld();
  await debian.removeLeftovers();

  const fillOnce = async (target: DiskTarget, source: DiskSource, run: Run): Promise<void> =>
    await publishDraft(target, source, async (draft) => {
      const { signal, bytes, meter } = run;
      const { fillDraft } = await import('./fill.ts');
      await fillDraft({
        target,
        source,
        draft,
        meter,
        signal,
        bytes,
        downloads,
        debian,
        images,
        onDigest: run.onDigest,
        ...(timing === undefined ? {} : { timing }),
      });
    });

  const fillWithRoom = async (target: DiskTarget, source: DiskSource, run: Run): Promise<void> => {
    try {
      await fillOnce(target, source, run);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      // What is kept for convenience goes first. An upload's bytes are spent, so that one cannot be begun anew.
      const freed = source.type !== 'upload' && ((await downloads.removeUnused()) || (await debian.clear()));
      if (!freed) throw error;
      await fillOnce(target, source, run);
    }
  };

  return {
    claimPath: pool.claimPath,
    inspectVolume,
    fill(asked, source, options) {
      const target = { ...asked, sizeBytes: wholeSectors(asked.sizeBytes) };
      const abort = new AbortController();
      let digest: string | undefined;
      const run: Run = {
        meter: createMeter(options.onProgress),
        signal: abort.signal,
        bytes: options.bytes,
        onDigest: (found) => {
          digest = found;
        },
      };
      const done = settle({ folder: pool.folder, target, signal: abort.signal }, async () => await fillWithRoom(target, source, run));
      return {
        done: done.then((filled) => ({ ...filled, ...(digest === undefined ? {} : { digest }) })),
        cancel: () => abort.abort(cancelled()),
      } satisfies DiskFill;
    },
    remove: pool.remove,
    async usedBytes(file) {
      const stats = await stat(file).catch(() => undefined);
      // A sparse file takes less than it is long. stat counts blocks of 512 bytes on every file system.
      return (stats?.blocks ?? 0) * 512;
    },
    pack: async (order) => (await import('./packed-disk.ts')).packDisk(pool.folder, order),
    async rewrite(target, write) {
      pool.assertClaimPath(target.path);
      await rewriteDisk(target, write);
    },
    snapshot: (file, action, tag) => qemuImgSnapshot(file, action, tag),
    snapshotsIn: qemuImgSnapshots,
    async resize(file, sizeBytes) {
      pool.assertClaimPath(file);
      const volume = await inspectVolume(file, { writable: true });
      if (volume.state !== 'ready') throw new AppError(volume.state === 'missing' ? 'NotFound' : 'ImageRefused', volume.message);
      if (sizeBytes < volume.virtualSizeBytes) throw shrinks(file);
      if (sizeBytes === volume.virtualSizeBytes) return;
      const { grow } = await import('./import-file.ts');
      await grow(file, { format: volume.format, sizeBytes });
    },
    inspectImage: async (file) => (await import('../images/inspect.ts')).inspectImage(file),
    listDirectory,
    // An image of another architecture would be emulated at a crawl, and asks for firmware that is not here.
    async catalog() {
      const { loadCatalog } = await import('../images/catalog.ts');
      return (await loadCatalog()).filter((image) => image.arch === (process.arch === 'arm64' ? 'arm64' : 'amd64'));
    },
    async poolSpace() {
      const { bavail, blocks, bsize } = await statfs(pool.folder);
      return { path: pool.folder, totalBytes: blocks * bsize, freeBytes: bavail * bsize };
    },
  };
}

interface Run {
  readonly meter: ReturnType<typeof createMeter>;
  readonly signal: AbortSignal;
  readonly bytes: FillOptions['bytes'];
  readonly onDigest: (digest: string) => void;
}

function cancelled(): AppError {
  return new AppError('Timeout', 'The filling of the disk was cancelled.');
}

interface Filling {
  readonly folder: string;
  readonly target: DiskTarget;
  readonly signal: AbortSignal;
}

async function sizeOf(file: string): Promise<number> {
  const volume = await inspectVolume(file, { writable: true });
  if (volume.state !== 'ready') throw new AppError('ToolFailed', volume.message);
  return volume.virtualSizeBytes;
}

/** Whatever went wrong comes out as an AppError. */
async function settle({ folder, target, signal }: Filling, work: () => Promise<void>): Promise<{ readonly virtualSizeBytes: number }> {
  try {
    await work();
    return { virtualSizeBytes: target.isAsItIs === true ? await sizeOf(target.path) : target.sizeBytes };
  } catch (error) {
    // The program that was ended, the connection that was closed: all of them only because of the cancelling.
    if (signal.aborted) throw cancelled();
    if (error instanceof AppError) throw error;
    if (isDiskFull(error)) throw await diskFull(folder, neededBytesOf(error), error);
    throw new AppError('ToolFailed', `The disk ${target.path} could not be made: ${reasonOf(error)}.`, { cause: error });
  }
}

function shrinks(file: string): AppError {
  const message = `${file} cannot be made smaller: its guest may have written to the end.`;
  return new AppError('BadRequest', message, {
    causes: [{ reason: 'FieldValueInvalid', field: 'spec.resources.requests.storage', message }],
  });
}
