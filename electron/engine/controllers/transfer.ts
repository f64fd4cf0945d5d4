// Owns a Transfer: begins it, has what it made taken back when it is deleted on the way, and forgets it some time after it is over.
// Must not carry anything; journey.ts does, and is loaded with the first that there is.
import type { Transfer } from '../../api/kinds/transfer.ts';
import { resources } from '../../api/resources.ts';
import { finalizers } from '../admission.ts';
import type { Controller, EngineContext } from '../context.ts';
import { read } from '../typed.ts';

const dayMs = 24 * 3_600_000;
/** A failure is worth reading after a week-end, too. */
const keptMs = { Succeeded: dayMs, Failed: 7 * dayMs } as const;

export function createTransferController(context: EngineContext): Controller {
  const { store, objects, transfers } = context;
  return {
    async reconcile(key) {
      const transfer = read(store, { ...key, resource: resources.transfers });
      if (transfer === undefined) return;
      const { uid, deletionTimestamp } = transfer.metadata;
      if (deletionTimestamp !== undefined) {
        if (transfers.isActive(uid)) return transfers.stop(uid);
        if (endOf(transfer) === undefined) await (await import('../transfers/journey.ts')).takeBack(context, { key, transfer });
        return objects.dropFinalizer(key, finalizers[resources.transfers] ?? '');
      }
      if (transfers.isActive(uid)) return;
      const forgetAt = endOf(transfer);
      if (forgetAt === undefined) {
        transfers.begin(
          uid,
          async (leave) => (await import('../transfers/journey.ts')).carry(context, { key, transfer }, leave),
          () => context.wake(key),
        );
      } else if (context.clock.now() < forgetAt) context.wakeAt(key, forgetAt);
      else objects.delete(key);
    },
  };
}

/** When one that is over is forgotten, in milliseconds since 1970; undefined while it is not over. */
function endOf({ status, metadata }: Transfer): number | undefined {
  const { phase, completionTimestamp } = status ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed') return undefined;
  return Date.parse(completionTimestamp ?? metadata.creationTimestamp) + keptMs[phase];
}
