// Owns where things lie: the folder of run directories, one run directory per run, one state directory per machine. All 0700.
// Must not know what is put into them, beside that sockets must fit.
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../api/errors.ts';

/** sockaddr_un holds 108 bytes with the closing zero. */
const socketPathMaxBytes = 107;
/** The longest name that a plan gives to a socket; core refuses a longer one by itself. */
const longestSocketName = 'serial.sock';
/** Enough of a random UUID to tell runs apart (48 bits), short enough for socket paths. */
const uidLength = 13;

/**
 * Where run directories are by default: the user's own runtime directory, which ends with the last session only when the user does
 * not linger; /run for root; /tmp as a last resort, under a name that prepareRunRoot checks the owner of.
 */
export function defaultRunDir(env: Readonly<Record<string, string | undefined>>, uid: number): string {
  const own = env['XDG_RUNTIME_DIR'];
  if (own !== undefined && path.isAbsolute(own)) return path.join(own, 'virtdeck');
  return uid === 0 ? '/run/virtdeck' : `/tmp/virtdeck-${uid}`;
}

export function runDirOf(runRoot: string, vmiUid: string): string {
  return path.join(runRoot, vmiUid.slice(0, uidLength));
}

export function stateDirOf(dataDir: string, ownerUid: string): string {
  return path.join(dataDir, 'machines', ownerUid);
}

/** Makes a 0700 directory with its parents, or takes over one that is ours. Throws Forbidden for one that somebody else could reach into. */
export async function preparePrivateDir(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // lstat: in /tmp somebody else may have put a link there before us.
  const found = await lstat(directory);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new AppError(
      'Forbidden',
      `${directory} belongs to somebody else, so sockets in it would not be private. Choose another directory.`,
    );
  }
  if ((found.mode & 0o077) !== 0) await chmod(directory, 0o700);
}

/** As preparePrivateDir, and refuses a place so deep that sockets below it could not be bound. */
export async function prepareRunRoot(runRoot: string): Promise<void> {
  refuseLongSocket(path.join(runDirOf(runRoot, '0'.repeat(36)), longestSocketName));
  await preparePrivateDir(runRoot);
}

/** Throws BadRequest for a path that no socket can be bound to. */
export function refuseLongSocket(socketPath: string): void {
  const bytes = Buffer.byteLength(socketPath);
  if (bytes <= socketPathMaxBytes) return;
  throw new AppError(
    'BadRequest',
    `The socket path ${socketPath} has ${bytes} bytes, but the kernel allows ${socketPathMaxBytes}. Choose a shorter run directory (--run or VIRTDECK_RUN).`,
  );
}

/** Removes a directory with everything in it; absent is fine. */
export async function removeDir(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
