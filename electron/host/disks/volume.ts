// Owns the fact about one volume's file before a start: there or not, format, size, who else has it.
// Must not start programs: two stats, one read and /proc are all that a start may pay.
import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import path from 'node:path';
import type { VolumeFact } from '../../core/facts.ts';
import { errnoOf, reasonOf } from '../errno.ts';
import { detectFormat, headBytes } from '../images/format.ts';
import { qcow2Causes } from '../images/image-checks.ts';
import { parseQcow2Header, qcow2HeaderBytes } from '../images/qcow2-header.ts';
import { lockHolder } from './lock-holder.ts';

/** Never throws for a missing or odd file: it says so. */
export async function inspectVolume(file: string, wanted: { readonly writable: boolean }): Promise<VolumeFact> {
  try {
    const seen = await look(file);
    if ('message' in seen) return { state: 'failed', message: seen.message };
    if (wanted.writable && !(await mayWrite(file)))
      return { state: 'failed', message: `${file} cannot be written to. Make it writable (chmod u+w), or attach it read-only.` };
    const lockedBy = await lockHolder(file, wanted);
    return {
      state: 'ready',
      path: file,
      ...seen,
      writable: wanted.writable,
      ...(lockedBy === undefined ? {} : { lockedBy }),
    };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR')
      return { state: 'missing', path: file, message: `There is no file ${file}.` };
    if (errnoOf(error) === 'EACCES') return { state: 'failed', message: `You may not read ${file}.` };
    return { state: 'failed', message: `${file} cannot be read: ${reasonOf(error)}.` };
  }
}

type Seen = { readonly format: 'qcow2' | 'raw'; readonly virtualSizeBytes: number } | { readonly message: string };

async function look(file: string): Promise<Seen> {
  // Without waiting: opening a pipe that nobody writes to would last for ever.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return { message: `${file} is not a file.` };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(qcow2HeaderBytes), 0, qcow2HeaderBytes, 0);
    return judge(file, buffer.subarray(0, bytesRead), stat.size);
  } finally {
    await handle.close();
  }
}

/**
 * The extension is where the format is stored: what we call `.raw` stays raw even when its guest has written a qcow2 header into it,
 * which would otherwise let the guest name any file of this computer as its backing file.
 */
function judge(file: string, head: Buffer, fileBytes: number): Seen {
  const extension = path.extname(file);
  if (['.raw', '.iso'].includes(extension)) return { format: 'raw', virtualSizeBytes: fileBytes };
  if (extension === '.qcow2') {
    const header = parseQcow2Header(head, fileBytes);
    if (header === undefined) return { message: `${file} is not a qcow2 image, or it is cut off.` };
    const cause = qcow2Causes(header, '')[0];
    return cause === undefined
      ? { format: 'qcow2', virtualSizeBytes: header.virtualSizeBytes }
      : { message: `${file} is refused: ${cause.message} ${cause.fix ?? ''}`.trim() };
  }
  // A file of somebody else, by any name: raw, as KubeVirt's hostDisk is. Taking another format for raw would show the guest rubbish.
  const detected = detectFormat(head.subarray(0, headBytes), new Uint8Array());
  if (detected.type === 'image' && !['raw', 'iso'].includes(detected.format))
    return {
      message: `${file} holds a ${detected.format} image. Import it as a disk${detected.format === 'qcow2' ? ', or name it .qcow2' : ''}.`,
    };
  if (detected.type === 'compressed') return { message: `${file} is compressed. Import it as a disk.` };
  return { format: 'raw', virtualSizeBytes: fileBytes };
}

async function mayWrite(file: string): Promise<boolean> {
  try {
    await access(file, constants.W_OK);
    return true;
  } catch {
    return false; // Read-only file, read-only file system: the caller says what to do.
  }
}
