// Owns waiting until a program that was just started has made its socket.
// Must not connect to it, nor notice the program's end; the caller races both.
import { existsSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../api/errors.ts';
import { errnoOf } from '../errno.ts';

const unwatchedPauseMs = 4;
const watchedPauseMs = 500;

/**
 * Told by the kernel: to try again and again would take the processor from the program that we wait for. Where no watch can be had
 * (an editor has used them all up) it is looked for every few milliseconds.
 */
export async function socketAppearance(file: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (): void => {
    if (existsSync(file)) resolve();
  };
  const onAbort = (): void => reject(new AppError('QmpFailed', 'The wait for the socket was given up.'));
  signal.addEventListener('abort', onAbort, { once: true });
  const watcher = watcherOf(path.dirname(file), look);
  const timer = setInterval(look, watcher === undefined ? unwatchedPauseMs : watchedPauseMs);
  try {
    look();
    await promise;
  } finally {
    clearInterval(timer);
    watcher?.close();
    signal.removeEventListener('abort', onAbort);
  }
}

function watcherOf(directory: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(directory, onChange);
    // The timer goes on.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch (error) {
    if (['ENOSPC', 'EMFILE', 'ENOENT'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
