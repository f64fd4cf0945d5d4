// Owns a copy of a disk for a journey: one file without holes to the reader, its bytes and what they add up to.
// Must not be made of a disk that a guest writes to; the format's lock refuses it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { PackedDisk, PackOrder } from '../../engine/ports.ts';
import { qemuImgConvert, qemuImgVirtualSize } from '../images/qemu-img.ts';
import { draftBeside } from './draft.ts';

/** Read in pieces of a megabyte: 64 KiB would cost a third of the processor. */
const pieceBytes = 1024 * 1024;

/** Throws ToolFailed with qemu-img's words, also when somebody has the disk open for writing. */
export async function packDisk(poolFolder: string, { disk, as, onPercent, onBegin }: PackOrder): Promise<PackedDisk> {
  const folder = path.join(poolFolder, '.packed');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = draftBeside(path.join(folder, `disk.${as}`));
  const abort = new AbortController();
  onBegin?.(() => abort.abort());
  try {
    await qemuImgConvert({ from: disk, to: { path: draft, format: as }, onPercent: onPercent ?? (() => undefined), signal: abort.signal });
    const totalBytes = (await stat(draft)).size;
    const virtualSizeBytes = as === 'raw' ? totalBytes : await qemuImgVirtualSize(draft, 'qcow2');
    const hash = createHash('sha256');
    return {
      virtualSizeBytes,
      totalBytes,
      async *bytes() {
        for await (const chunk of createReadStream(draft, { highWaterMark: pieceBytes })) {
          const piece = chunk as Buffer;
          hash.update(piece);
          yield piece;
        }
      },
      digest: () => `sha256:${hash.copy().digest('hex')}`,
      close: () => rm(draft, { force: true }),
    };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
