// Owns taking a path for a unix socket: its length, its folder, and what a core that died left there.
// Must not listen; http.ts does.
import { lstat, mkdir, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { AppError } from '../api/errors.ts';

/** sun_path of Linux, without its closing zero. */
export const maxSocketPathBytes = 107;

/** Makes the folder (0700) and removes a socket that nobody answers on. Throws DataLocked when somebody does. */
export async function prepareSocketPath(path: string): Promise<void> {
  const length = Buffer.byteLength(path);
  if (length > maxSocketPathBytes) {
    throw new AppError(
      'BadRequest',
      `The socket path ${path} has ${length} bytes; Linux allows ${maxSocketPathBytes}. Choose a shorter run folder.`,
    );
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  if (!(await exists(path))) return;
  if (await answers(path)) throw new AppError('DataLocked', `Another core answers on ${path}. Use that one, or choose another run folder.`);
  await unlink(path);
}

/** Anything that is no socket stays where it is. */
async function exists(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return false;
  if (found.isSocket()) return true;
  throw new AppError('BadRequest', `${path} is in the way: it is no socket. Move it, or choose another run folder.`);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
