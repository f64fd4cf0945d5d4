// Owns saying that a file system is full: with how much is there, how much was needed, how much is short.
// Must not free anything.
import { statfs } from 'node:fs/promises';
import { AppError } from '../../api/errors.ts';
import { errnoOf } from '../errno.ts';
import { sizeText } from '../images/size-text.ts';

/** EFBIG: a file size limit (`ulimit -f`, FAT's 4 GiB); for the user the same as a full disk. */
const fullCodes = ['ENOSPC', 'EDQUOT', 'EFBIG'];

export function isDiskFull(error: unknown): boolean {
  return fullCodes.includes(errnoOf(error) ?? '') || (error instanceof AppError && error.code === 'DiskFull');
}

/** Runs `work`; if the disk runs full, the error knows how much was needed. */
export async function withNeed<T>(neededBytes: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && fullCodes.includes(errnoOf(error) ?? '')) Object.assign(error, { neededBytes });
    throw error;
  }
}

/** What `withNeed` wrote down. */
export function neededBytesOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('neededBytes' in error)) return undefined;
  return typeof error.neededBytes === 'number' ? error.neededBytes : undefined;
}

/** Free bytes for us where `folder` is. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** To be made after the half file is gone, so that the number of free bytes is the one that the user will find. */
export async function diskFull(folder: string, neededBytes: number | undefined, cause?: unknown): Promise<AppError> {
  const free = await freeBytes(folder);
  const short = neededBytes === undefined || neededBytes <= free ? undefined : neededBytes - free;
  const message =
    short === undefined
      ? `The file system of ${folder} has not enough space: ${sizeText(free)} are free, and that was not enough.`
      : `The file system of ${folder} is at least ${sizeText(short)} short: ${sizeText(neededBytes ?? 0)} are needed, ${sizeText(free)} are free.`;
  const fix = short === undefined ? 'Free some space there, then try again.' : `Free ${sizeText(short)} there, then try again.`;
  return new AppError('DiskFull', message, { causes: [{ reason: 'DiskFull', field: 'spec.source', message, fix }], cause });
}
