// Owns progress as a person wants it: a few times a second, with the time that is left.
// Must not know what is measured.
import type { Progress } from '../../engine/ports.ts';

export interface Meter {
  /** Begins a step; reported at once. */
  readonly begin: (step: Progress['step'], totalBytes?: number, message?: string) => void;
  readonly bytes: (doneBytes: number, totalBytes?: number) => void;
  readonly percent: (percent: number, message?: string) => void;
  /** Somebody else's progress, as it is. */
  readonly pass: (progress: Progress) => void;
}

/** Four reports a second look alive and cost nothing. */
const intervalMs = 250;
/** Before that much of the time is known, a guess of the rest is noise. */
const minElapsedMs = 1500;

export function createMeter(onProgress: (progress: Progress) => void, now: () => number = () => performance.now()): Meter {
  let step: Progress['step'] = 'wait';
  let total: number | undefined;
  let startedAt = now();
  let startedWith: number | undefined;
  let reportedAt = -Infinity;
  const report = (progress: Progress, isDone: boolean): void => {
    if (!isDone && now() - reportedAt < intervalMs) return;
    reportedAt = now();
    onProgress(progress);
  };
  return {
    begin(nextStep, totalBytes, message) {
      step = nextStep;
      total = totalBytes;
      startedAt = now();
      startedWith = undefined;
      reportedAt = now();
      onProgress({ step, ...(totalBytes === undefined ? {} : { totalBytes }), ...(message === undefined ? {} : { message }) });
    },
    bytes(doneBytes, totalBytes = total) {
      // A resumed download begins in the middle: the rate counts only what came since.
      startedWith ??= doneBytes;
      if (totalBytes === undefined || totalBytes <= 0) return report({ step, doneBytes }, false);
      const percent = Math.min(100, (100 * doneBytes) / totalBytes);
      const left = secondsLeft(now() - startedAt, doneBytes - startedWith, totalBytes - doneBytes);
      report({ step, doneBytes, totalBytes, percent: rounded(percent), ...left }, doneBytes >= totalBytes);
    },
    pass: onProgress,
    percent(percent, message) {
      const left = secondsLeft(now() - startedAt, percent, 100 - percent);
      report({ step, percent: rounded(percent), ...left, ...(message === undefined ? {} : { message }) }, percent >= 100);
    },
  };
}

function secondsLeft(elapsedMs: number, done: number, rest: number): { secondsLeft?: number } {
  if (elapsedMs < minElapsedMs || done <= 0) return {};
  return { secondsLeft: Math.max(0, Math.round((elapsedMs / 1000) * (rest / done))) };
}

function rounded(percent: number): number {
  return Math.round(percent * 10) / 10;
}
