// Owns looking at an image file before anything is done with it: what it is, how large it would be, why it is refused.
// Must not change the file, nor let QEMU guess its format.
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { AppError, type Cause } from '../../api/errors.ts';
import type { ImageInspection } from '../../api/computer.ts';
import { errnoOf, reasonOf } from '../errno.ts';
import { detectFormat, headBytes, tailBytes, type Compression, type Detected, type ImageFormat } from './format.ts';
import { qcow2Causes, virtualSizeCauses, vmdkCauses, vpcCauses } from './image-checks.ts';
import { parseQcow2Header, qcow2HeaderBytes } from './qcow2-header.ts';
import { qemuImgVirtualSize } from './qemu-img.ts';

export interface InspectedFile {
  readonly path: string;
  /** Undefined when it is no image, or a compressed one. */
  readonly format?: ImageFormat;
  readonly compression?: Compression;
  readonly bootable?: boolean;
  readonly label?: string;
  readonly virtualSizeBytes: number;
  readonly actualSizeBytes: number;
  readonly causes: readonly Cause[];
}

/** Never throws for a strange file: it says why it is refused. `field` is where the causes point. */
export async function inspectFile(path: string, field: string): Promise<InspectedFile> {
  let file: FileHandle | undefined;
  try {
    // Without waiting: opening a pipe that nobody writes to would last for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) return refused(path, { reason: 'NotAFile', field, message: `${path} is not a file.`, fix: 'Choose a file.' });
    const head = await bytesAt(file, 0, qcow2HeaderBytes);
    const tail = await bytesAt(file, Math.max(0, stat.size - tailBytes), tailBytes);
    const detected = detectFormat(head.subarray(0, headBytes), tail);
    // Blocks are of 512 bytes, whatever the file system's are: stat(2).
    const seen = { path, head, tail, fileBytes: stat.size, actualSizeBytes: stat.blocks * 512, field };
    return await judge(detected, seen);
  } catch (error) {
    return refused(path, unreadable(error, path, field));
  } finally {
    await file?.close();
  }
}

/** The report for the window. */
export async function inspectImage(path: string): Promise<ImageInspection> {
  const { format, compression, ...rest } = await inspectFile(path, 'path');
  if (compression === undefined) return { ...rest, format: format ?? 'unknown' };
  // It can be imported all the same, by one who knows how large the disk must be.
  const message = `The file is compressed (.${compression}), so how large its disk is cannot be seen.`;
  const fix = `Unpack it first: ${unpackers[compression]} ${path}`;
  return { ...rest, format: 'unknown', causes: [...rest.causes, { reason: 'Compressed', field: 'path', message, fix }] };
}

const unpackers: Readonly<Record<Compression, string>> = { xz: 'xz --decompress --keep', gz: 'gunzip --keep', zst: 'unzstd' };

interface Seen {
  readonly path: string;
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly fileBytes: number;
  readonly actualSizeBytes: number;
  readonly field: string;
}

async function judge(detected: Detected, seen: Seen): Promise<InspectedFile> {
  const { path, field, actualSizeBytes, fileBytes } = seen;
  const base = { path, actualSizeBytes, virtualSizeBytes: fileBytes };
  switch (detected.type) {
    case 'other': {
      const message = `This is ${detected.what}, not a disk image.`;
      return {
        ...base,
        virtualSizeBytes: 0,
        causes: [{ reason: 'NotAnImage', field, message, fix: 'Choose a disk image or an installation medium.' }],
      };
    }
    case 'compressed':
      return { ...base, virtualSizeBytes: 0, compression: detected.compression, causes: [] };
    case 'image': {
      const { type: _, ...found } = detected;
      return { ...base, ...found, ...(await measure(detected.format, seen)) };
    }
  }
}

async function measure(format: ImageFormat, seen: Seen): Promise<{ virtualSizeBytes: number; causes: readonly Cause[] }> {
  const { head, tail, fileBytes, field } = seen;
  switch (format) {
    case 'raw':
    case 'iso':
      return { virtualSizeBytes: fileBytes, causes: virtualSizeCauses(fileBytes, field) };
    case 'qcow2': {
      const header = parseQcow2Header(head, fileBytes);
      if (header !== undefined) return { virtualSizeBytes: header.virtualSizeBytes, causes: qcow2Causes(header, field) };
      return {
        virtualSizeBytes: 0,
        causes: [{ reason: 'Damaged', field, message: 'The image is cut off.', fix: 'Download or copy the image again.' }],
      };
    }
    case 'vmdk':
      return await measureForeign(format, seen, vmdkCauses(head, field));
    case 'vpc':
      // A dynamic disk has a copy of its footer in front, a fixed one only the footer.
      return await measureForeign(format, seen, vpcCauses(head.toString('latin1', 0, 8) === 'conectix' ? head : tail, field));
    case 'vdi':
    case 'vhdx':
      return await measureForeign(format, seen, []);
  }
}

/** Formats that we do not read ourselves: QEMU says how large they are, once their headers point nowhere else. */
async function measureForeign(
  format: ImageFormat,
  { path, field }: Seen,
  causes: readonly Cause[],
): Promise<{ virtualSizeBytes: number; causes: readonly Cause[] }> {
  if (causes.length > 0) return { virtualSizeBytes: 0, causes };
  try {
    const virtualSizeBytes = await qemuImgVirtualSize(path, format);
    return { virtualSizeBytes, causes: virtualSizeCauses(virtualSizeBytes, field) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const reason = error.code === 'ImageRefused' ? 'Damaged' : 'ToolFailed';
    return {
      virtualSizeBytes: 0,
      causes: [{ reason, field, message: error.message, fix: 'Convert the image to qcow2 where it comes from.' }],
    };
  }
}

function refused(path: string, cause: Cause): InspectedFile {
  return { path, virtualSizeBytes: 0, actualSizeBytes: 0, causes: [cause] };
}

function unreadable(error: unknown, path: string, field: string): Cause {
  switch (errnoOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { reason: 'NotFound', field, message: `There is no file ${path}.`, fix: 'Check the path.' };
    case 'EACCES':
    case 'EPERM':
      return { reason: 'Forbidden', field, message: `You may not read ${path}.`, fix: `Allow it: chmod o+r ${path}` };
    default:
      return { reason: 'Unreadable', field, message: `${path} cannot be read: ${reasonOf(error)}.`, fix: 'Check the disk it is on.' };
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
