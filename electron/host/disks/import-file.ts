// Owns turning a file of any known format into a disk: looked at, unpacked, converted, grown.
// Must not fetch files, nor publish the disk; fill.ts does.
import { rename, rm, stat, truncate } from 'node:fs/promises';
import { AppError, type Cause } from '../../api/errors.ts';
import type { DiskTarget } from '../../engine/ports.ts';
import { errnoOf } from '../errno.ts';
import { unpack } from '../images/decompress.ts';
import type { ImageFormat } from '../images/format.ts';
import { inspectFile, type InspectedFile } from '../images/inspect.ts';
import { qemuImgConvert, qemuImgGrow } from '../images/qemu-img.ts';
import { sizeText } from '../images/size-text.ts';
import { withNeed } from './disk-full.ts';
import { draftBeside } from './draft.ts';
import type { Meter } from './meter.ts';
import { reflink } from './reflink.ts';
import { wholeSectors } from './whole-sectors.ts';

export interface Import {
  readonly from: string;
  /** We may take the file itself instead of a copy. */
  readonly isOurs: boolean;
  readonly target: DiskTarget;
  /** Where the disk is made; does not exist yet. */
  readonly draft: string;
  readonly meter: Meter;
  readonly signal: AbortSignal;
}

interface Measured {
  readonly format: ImageFormat;
  readonly virtualSizeBytes: number;
}

/** Above the disk's own size: room for the tables of a qcow2 image. */
const tableSlackBytes = 256 * 1024 * 1024;

/** No image that fits the disk is a larger file. Bounds what strangers may send. */
export function largestFileFor({ sizeBytes }: DiskTarget): number {
  return sizeBytes + tableSlackBytes;
}

export function fileTooLarge(target: DiskTarget): AppError {
  const message = `The image is a file of more than ${sizeText(largestFileFor(target))}; the disk holds ${sizeText(target.sizeBytes)}.`;
  const cause = { reason: 'TooSmall', field: 'spec.storage.resources.requests.storage', message, fix: 'Ask for a larger disk.' };
  return new AppError('ImageRefused', message, { causes: [cause] });
}

/** Throws ImageRefused with every cause. Whatever it made beside the draft is gone when it returns. */
export async function importFile(job: Import): Promise<void> {
  job.meter.begin('verify');
  const inspected = await inspectFile(job.from, 'spec.source');
  refuse(inspected.causes);
  if (inspected.compression === undefined) return await importImage(job, measured(inspected));
  const unpacked = draftBeside(job.draft);
  try {
    job.meter.begin('convert', (await stat(job.from)).size);
    await unpack({
      from: job.from,
      compression: inspected.compression,
      to: unpacked,
      limitBytes: largestFileFor(job.target),
      onBytes: (done) => job.meter.bytes(done),
      signal: job.signal,
    });
    const inner = await inspectFile(unpacked, 'spec.source');
    refuse(inner.causes);
    if (inner.compression !== undefined)
      refuse([{ reason: 'NotAnImage', field: 'spec.source', message: 'The file is packed more than once.', fix: 'Unpack it by hand.' }]);
    await importImage({ ...job, from: unpacked, isOurs: true }, measured(inner));
  } finally {
    await rm(unpacked, { force: true });
  }
}

/** A disk of the pool: its format is the one it was made with. Its content is never asked, because a guest may have written it. */
export async function importVolume(job: Import, volume: Measured & { readonly format: 'qcow2' | 'raw' }): Promise<void> {
  if (volume.format !== job.target.format || !(await reflink(job.from, job.draft))) return await importImage(job, volume);
  if (volume.virtualSizeBytes > job.target.sizeBytes) refuse([tooSmall(volume.virtualSizeBytes, job.target.sizeBytes)]);
  await growToTarget(job, volume.virtualSizeBytes);
}

async function importImage(job: Import, { format, virtualSizeBytes }: Measured): Promise<void> {
  const { target, draft, meter, signal, from } = job;
  if (virtualSizeBytes > target.sizeBytes) refuse([tooSmall(virtualSizeBytes, target.sizeBytes)]);
  if (!(await takeAsItIs(job, format))) {
    meter.begin(format === target.format ? 'copy' : 'convert');
    await withNeed(await allocatedBytes(from), async () => {
      await qemuImgConvert({
        from: { path: from, format },
        to: { path: draft, format: target.format },
        onPercent: (percent) => meter.percent(percent),
        signal,
      });
    });
  }
  await growToTarget(job, virtualSizeBytes);
}

async function growToTarget({ draft, target }: Import, virtualSizeBytes: number): Promise<void> {
  const sizeBytes = target.isAsItIs === true ? wholeSectors(virtualSizeBytes) : target.sizeBytes;
  if (virtualSizeBytes < sizeBytes) await grow(draft, { format: target.format, sizeBytes });
}

function measured({ format, virtualSizeBytes, path }: InspectedFile): Measured {
  if (format !== undefined) return { format, virtualSizeBytes };
  throw new AppError('Internal', `${path} was let through although it is no image.`);
}

/** Raw bytes need no conversion: our own file is renamed, another is cloned where the file system shares blocks (btrfs, XFS). */
async function takeAsItIs(job: Import, format: ImageFormat): Promise<boolean> {
  const isRaw = format === 'raw' || format === 'iso';
  if (!isRaw || job.target.format !== 'raw') return false;
  if (!job.isOurs) return await reflink(job.from, job.draft);
  try {
    await rename(job.from, job.draft);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EXDEV') return false;
    throw error;
  }
}

export async function grow(file: string, { format, sizeBytes }: Pick<DiskTarget, 'format' | 'sizeBytes'>): Promise<void> {
  if (format === 'raw') await truncate(file, sizeBytes);
  else await qemuImgGrow(file, format, sizeBytes);
}

/** Blocks are of 512 bytes, whatever the file system's are: stat(2). */
async function allocatedBytes(file: string): Promise<number> {
  return (await stat(file)).blocks * 512;
}

function refuse(causes: readonly Cause[]): void {
  const [first] = causes;
  if (first !== undefined) throw new AppError('ImageRefused', first.message, { causes });
}

function tooSmall(needed: number, asked: number): Cause {
  return {
    reason: 'TooSmall',
    field: 'spec.storage.resources.requests.storage',
    message: `The image is ${sizeText(needed)} large, the disk only ${sizeText(asked)}.`,
    fix: `Ask for a disk of at least ${sizeText(needed)}.`,
  };
}
