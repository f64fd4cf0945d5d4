// Owns putting new bytes in the place of a disk: written beside it, and swapped when they are whole.
// Must not know what the bytes are.
import { chmod, rename, rm, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import type { DiskTarget } from '../../engine/ports.ts';
import { qemuImgConvert } from '../images/qemu-img.ts';
import { sizeText } from '../images/size-text.ts';
import { isDiskFull, diskFull } from './disk-full.ts';
import { draftBeside, syncToDisk } from './draft.ts';
import { grow } from './import-file.ts';

const sectorBytes = 512;

/** `write` makes a raw file at the path it is given. Whatever goes wrong, the disk is as it was. */
export async function rewriteDisk(target: DiskTarget, write: (draft: string) => Promise<void>): Promise<void> {
  const raw = draftBeside(target.path);
  const made = draftBeside(target.path);
  try {
    await write(raw);
    // QEMU makes dumps that not even their owner may write to.
    await chmod(raw, 0o600);
    const { size } = await stat(raw);
    if (size > target.sizeBytes) {
      throw new AppError('BadRequest', `${sizeText(size)} were written, but the disk has only ${sizeText(target.sizeBytes)}.`);
    }
    // A disk is in whole sectors.
    await truncate(raw, Math.ceil(size / sectorBytes) * sectorBytes);
    if (target.format === 'raw') await rename(raw, made);
    else await qemuImgConvert({ from: { path: raw, format: 'raw' }, to: { path: made, format: 'qcow2' }, onPercent: () => undefined });
    await grow(made, target);
    await chmod(made, 0o600);
    await syncToDisk(made);
    await rename(made, target.path);
    await syncToDisk(path.dirname(target.path));
  } catch (error) {
    if (!isDiskFull(error) || error instanceof AppError) throw error;
    throw await diskFull(path.dirname(target.path), undefined, error);
  } finally {
    await rm(raw, { force: true });
    await rm(made, { force: true });
  }
}
