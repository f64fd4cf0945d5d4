// Owns copying a file by sharing its blocks, where the file system can (btrfs, XFS): at once, and without using space.
// Must not copy bytes; the caller falls back on that.
import { constants } from 'node:fs';
import { chmod, copyFile, rm } from 'node:fs/promises';
import { errnoOf } from '../errno.ts';

/** What ext4, tmpfs and a copy to another file system answer. */
const cannot = ['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'ENOSYS', 'EINVAL', 'ENOTTY'];

/** False, with nothing left behind, where blocks cannot be shared. `to` must not exist. */
export async function reflink(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    await chmod(to, 0o600);
    return true;
  } catch (error) {
    await rm(to, { force: true });
    if (cannot.includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}
