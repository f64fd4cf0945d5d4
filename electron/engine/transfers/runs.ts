// Owns which transfers are under way in this process.
// Must not know what they do.
import { createLeave, type Leave } from '../clusters/wait.ts';

export interface TransferRuns {
  isActive(uid: string): boolean;
  /** One at a time for a transfer. `work` never rejects; `onEnd` is called when it does not count as active any more. */
  begin(uid: string, work: (leave: Leave) => Promise<void>, onEnd: () => void): void;
  /** Has it end soon; it cleans up. */
  stop(uid: string): void;
  /** Stops all and waits. */
  close(): Promise<void>;
}

export function createTransferRuns(): TransferRuns {
  const runs = new Map<string, { readonly call: () => void; readonly ended: Promise<void> }>();
  return {
    isActive: (uid) => runs.has(uid),
    begin(uid, work, onEnd) {
      const leave = createLeave();
      const ended = work(leave).finally(() => {
        runs.delete(uid);
        onEnd();
      });
      runs.set(uid, { call: () => leave.call(), ended });
    },
    stop: (uid) => runs.get(uid)?.call(),
    async close() {
      const all = [...runs.values()];
      for (const run of all) run.call();
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}
