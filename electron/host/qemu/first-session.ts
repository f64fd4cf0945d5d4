// Owns waiting for a QEMU that was just started: until its control socket is there and answers.
// Must not start it, nor notice its end; the caller races both.
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../api/errors.ts';
import { errnoOf } from '../errno.ts';
import { openQmp } from './qmp.ts';
import type { QmpEvent, QmpSession } from './qmp.ts';
import { socketAppearance } from './socket-appearance.ts';

/** Memory that is allocated beforehand takes its time: 64 GiB of small pages about half a minute. */
const readyTimeoutMs = 120_000;
const listenPauseMs = 1;

export interface FirstSession {
  readonly socketPath: string;
  readonly onEvent: (event: QmpEvent) => void;
  readonly signal: AbortSignal;
}

/** Throws QmpTimeout when it takes too long, QmpFailed when the signal says that nobody waits any more. */
export async function firstSession({ socketPath, onEvent, signal }: FirstSession): Promise<QmpSession> {
  const deadline = performance.now() + readyTimeoutMs;
  const late = (): AppError => new AppError('QmpTimeout', `QEMU did not open its control socket within ${readyTimeoutMs / 1000} s.`);
  await socketAppearance(socketPath, AbortSignal.any([signal, AbortSignal.timeout(readyTimeoutMs)])).catch((error: unknown) => {
    throw signal.aborted ? error : late();
  });
  for (;;) {
    const timeoutMs = Math.max(1, deadline - performance.now());
    try {
      return await openQmp({ socketPath, onEvent, timeoutMs, signal });
    } catch (error) {
      // Bound and not yet listening, or a leftover that is about to be replaced: a matter of QEMU's next system calls.
      if (!['ECONNREFUSED', 'ENOENT'].includes(errnoOf(error) ?? '')) throw error;
      if (performance.now() > deadline) throw late();
    }
    await delay(listenPauseMs, undefined, { signal });
  }
}
