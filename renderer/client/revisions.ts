// Owns hearing of new revisions: one stream for everybody who listens, none when nobody does.
// Must not keep them; who shows a list asks for it.
import type { Revision } from '../../electron/api/revision.ts';

export interface RevisionSource {
  open(signal: AbortSignal): AsyncIterable<Revision>;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export interface RevisionFeed {
  /** Also told `undefined` after the line was lost: something may have been missed. */
  subscribe(listener: (revision: Revision | undefined) => void): () => void;
}

const retryMs = 2000;

export function createRevisionFeed(source: RevisionSource): RevisionFeed {
  const listeners = new Set<(revision: Revision | undefined) => void>();
  let stop: AbortController | undefined;

  function tell(revision: Revision | undefined): void {
    for (const listener of listeners) listener(revision);
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const revision of source.open(signal)) tell(revision);
      } catch {
        // The watches of the lists report a lost line.
      }
      if (signal.aborted) return;
      await source.wait(retryMs, signal);
      tell(undefined);
    }
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (stop === undefined) {
        stop = new AbortController();
        void run(stop.signal);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.abort();
        stop = undefined;
      };
    },
  };
}
