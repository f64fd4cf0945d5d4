// Owns how far a transfer is, as its status says it; written no more often than anybody reads.
// Must not decide what is done.
import type { Transfer, TransferredDisk, TransferStatus } from '../../api/kinds/transfer.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { EngineContext } from '../context.ts';

const everyMs = 500;

export interface Progress {
  /** Merged into the status. */
  say(change: Partial<TransferStatus>): void;
  disk(volume: string, change: Partial<TransferredDisk>): void;
  /** The bytes, counted on their way. */
  counted(volume: string, bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

export function createProgress({ objects, clock }: EngineContext, key: ObjectKey): Progress {
  const say = (change: Partial<TransferStatus>): void =>
    void objects.change(key, (object) => {
      const transfer = object as Transfer;
      const changed: Transfer = { ...transfer, status: { ...transfer.status, ...change } };
      return changed;
    });
  const disk = (volume: string, change: Partial<TransferredDisk>): void =>
    void objects.change(key, (object) => {
      const transfer = object as Transfer;
      const disks = (transfer.status?.disks ?? []).map((row) => (row.volume === volume ? { ...row, ...change } : row));
      const changed: Transfer = { ...transfer, status: { ...transfer.status, disks } };
      return changed;
    });
  return {
    say,
    disk,
    async *counted(volume, bytes) {
      let doneBytes = 0;
      let toldAt = -Infinity;
      for await (const chunk of bytes) {
        yield chunk;
        doneBytes += chunk.byteLength;
        if (clock.now() - toldAt < everyMs) continue;
        toldAt = clock.now();
        disk(volume, { doneBytes });
      }
      disk(volume, { doneBytes });
    },
  };
}
