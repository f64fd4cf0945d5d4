// Owns the disks that are being filled right now: one fill a claim, its progress, its end.
// Must not write status; the controllers read from here.
import { AppError } from '../api/errors.ts';
import { keyText, type ObjectKey } from '../api/object.ts';
import type { DiskPort, DiskSource, DiskTarget, Progress } from './ports.ts';

export type FillEnd =
  | { readonly type: 'done'; readonly virtualSizeBytes: number; readonly digest?: string }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly error: unknown };

export interface FillRequest {
  readonly claim: ObjectKey;
  readonly target: DiskTarget;
  readonly source: DiskSource;
  readonly bytes?: AsyncIterable<Uint8Array>;
  /** When who sends the bytes knows more than who stores them. */
  readonly totalBytes?: number;
  /** Called for every progress and at the end. */
  readonly onChange: () => void;
}

export interface Fills {
  /** Begins; answers when it has ended, and never rejects. One at a time for a claim. */
  begin(request: FillRequest): Promise<FillEnd>;
  isActive(claim: ObjectKey): boolean;
  progress(claim: ObjectKey): Progress | undefined;
  /** The end of a fill, once. */
  takeEnd(claim: ObjectKey): FillEnd | undefined;
  /** The claim's file that is read by a fill of another claim. */
  isRead(path: string): boolean;
  cancel(claim: ObjectKey): void;
  /** Cancels all and waits. */
  close(): Promise<void>;
}

interface Fill {
  readonly source: DiskSource;
  readonly cancel: () => void;
  readonly ended: Promise<FillEnd>;
  progress: Progress | undefined;
  cancelled: boolean;
  end: FillEnd | undefined;
}

export function createFills(disks: Pick<DiskPort, 'fill'>): Fills {
  const fills = new Map<string, Fill>();
  const active = (claim: ObjectKey): Fill | undefined => {
    const fill = fills.get(keyText(claim));
    return fill?.end === undefined ? fill : undefined;
  };
  const cancel = (fill: Fill | undefined): void => {
    if (fill === undefined || fill.cancelled) return;
    fill.cancelled = true;
    fill.cancel();
  };
  return {
    begin({ claim, target, source, bytes, totalBytes, onChange }) {
      if (active(claim) !== undefined) throw new AppError('Conflict', `The disk ${keyText(claim)} is being filled already.`);
      const disk = disks.fill(target, source, {
        onProgress(progress) {
          fill.progress = totalBytes === undefined ? progress : { totalBytes, ...progress };
          onChange();
        },
        ...(bytes === undefined ? {} : { bytes }),
      });
      const end = (result: FillEnd): FillEnd => {
        fill.end = fill.cancelled && result.type === 'failed' ? { type: 'cancelled' } : result;
        onChange();
        return fill.end;
      };
      const ended = disk.done.then(
        ({ virtualSizeBytes, digest }) => end({ type: 'done', virtualSizeBytes, ...(digest === undefined ? {} : { digest }) }),
        (error: unknown) => end({ type: 'failed', error }),
      );
      const fill: Fill = { source, cancel: () => disk.cancel(), ended, progress: undefined, cancelled: false, end: undefined };
      fills.set(keyText(claim), fill);
      return ended;
    },
    isActive: (claim) => active(claim) !== undefined,
    progress: (claim) => active(claim)?.progress,
    takeEnd(claim) {
      const end = fills.get(keyText(claim))?.end;
      if (end !== undefined) fills.delete(keyText(claim));
      return end;
    },
    isRead: (path) => [...fills.values()].some(({ end, source }) => end === undefined && source.type === 'clone' && source.path === path),
    cancel: (claim) => cancel(active(claim)),
    async close() {
      const running = [...fills.values()].filter(({ end }) => end === undefined);
      for (const fill of running) cancel(fill);
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}
