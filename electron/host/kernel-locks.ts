// Owns how a file is named in /proc/locks.
// Must not judge a lock.

export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** `major:minor:inode`: hexadecimal device, decimal inode. On overlay and btrfs the device of stat(2) is not the kernel's own. */
export function lockedFile({ dev, ino }: FileIdentity): string {
  // glibc's gnu_dev_major and gnu_dev_minor.
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn);
  return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')}:${ino}`;
}

/** Files that somebody has locked as a whole by flock(2). Waiting locks (`->`) hold nothing. */
export function flockedFiles(procLocks: string): ReadonlySet<string> {
  return new Set(Array.from(procLocks.matchAll(/^\d+: FLOCK +\S+ +\S+ +-?\d+ +([0-9a-f]+:[0-9a-f]+:\d+) /gm), ([, file = '']) => file));
}
