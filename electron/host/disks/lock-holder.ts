// Owns finding out who has an image open for writing, from the locks that QEMU leaves in /proc/locks.
// Must not take locks, nor start a program: this runs before every start of a machine.
import { readdir, readFile, stat } from 'node:fs/promises';
import { type FileIdentity, lockedFile } from '../kernel-locks.ts';
import { readIfThere } from '../proc.ts';

/**
 * QEMU (block/file-posix.c) holds a read lock on byte 100+N for a permission N that it uses, and on 200+N for one that it does not
 * let others have. N: 0 consistent read, 1 write, 2 write unchanged, 3 resize.
 */
const usesWrite = 101;
const deniesWrite = 201;

export interface FileLock {
  /** -1 for a lock that belongs to an open file, not to a process: those are QEMU's. */
  readonly pid: number;
  readonly mode: 'READ' | 'WRITE';
  /** `major:minor:inode` as the kernel writes it: hexadecimal device, decimal inode. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** Lines such as `3: OFDLCK ADVISORY  READ -1 fe:00:1835019 101 101`. Waiting locks (`->`) hold nothing. */
export function parseLocks(text: string): FileLock[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\d+: (?:POSIX|OFDLCK)\s+\S+\s+(READ|WRITE)\s+(-?\d+)\s+([0-9a-f]+:[0-9a-f]+:\d+)\s+(\d+)\s+(\d+|EOF)\s*$/.exec(line);
    if (found === null) return [];
    const [, mode, pid, file, start, end] = found;
    return [
      {
        pid: Number(pid),
        mode: mode === 'WRITE' ? 'WRITE' : 'READ',
        file: file ?? '',
        start: Number(start),
        end: end === 'EOF' ? Number.MAX_SAFE_INTEGER : Number(end),
      } as const,
    ];
  });
}

/** Whether a lock keeps us out: a writer keeps everybody out, a reader that denies writing keeps writers out. */
export function keepsOut(lock: FileLock, wanted: { readonly writable: boolean }): boolean {
  const covers = (byte: number): boolean => lock.start <= byte && byte <= lock.end;
  return lock.mode === 'WRITE' || covers(usesWrite) || (wanted.writable && covers(deniesWrite));
}

/** Name and pid of the program that has the file so that it cannot be opened as wanted; undefined when it can. */
export async function lockHolder(path: string, wanted: { readonly writable: boolean }): Promise<string | undefined> {
  const locks = parseLocks((await readIfThere('/proc/locks')) ?? '');
  const { dev, ino } = await stat(path, { bigint: true });
  // Only the inode is compared at first: on overlay and btrfs the device of stat(2) is not the one in /proc/locks.
  const inWay = locks.filter((lock) => lock.file.endsWith(`:${ino}`) && keepsOut(lock, wanted));
  if (inWay.length === 0) return undefined;
  const holder = await processWithOpen({ dev, ino });
  if (holder !== undefined) return holder;
  // Not a process of ours, so its files are hidden from us: trust the lock when the device agrees.
  return inWay.some((lock) => lock.file === lockedFile({ dev, ino })) ? 'a program of another user' : undefined;
}

async function processWithOpen(file: FileIdentity): Promise<string | undefined> {
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const open = await stat(`/proc/${pid}/fd/${descriptor}`, { bigint: true }).catch(() => undefined);
      if (open?.ino === file.ino && open.dev === file.dev) return await processName(pid);
    }
  }
  return undefined;
}

async function processName(pid: string): Promise<string> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return name.trim() === '' ? `process ${pid}` : `${name.trim()} (process ${pid})`;
}
