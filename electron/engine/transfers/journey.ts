// Owns one journey of a machine from its plan to how it ended, and taking back what one that was stopped has made.
// Must not move bytes; send.ts and bring.ts do.
import { AppError } from '../../api/errors.ts';
import type { Transfer, TransferStatus } from '../../api/kinds/transfer.ts';
import type { ObjectKey } from '../../api/object.ts';
import { timestamp } from '../../api/timestamp.ts';
import type { Leave } from '../clusters/wait.ts';
import type { EngineContext } from '../context.ts';
import { textOf } from '../queue.ts';
import { bringMachine } from './bring.ts';
import { removeLeftovers, removeMarks } from './leftovers.ts';
import { planTransfer, type TransferPlan } from './plan.ts';
import { createProgress, type Progress } from './progress.ts';
import { sendMachine } from './send.ts';

export interface Subject {
  readonly key: ObjectKey;
  readonly transfer: Transfer;
}

/** Never rejects. */
export async function carry(context: EngineContext, subject: Subject, leave: Leave): Promise<void> {
  const progress = createProgress(context, subject.key);
  try {
    // Of a core that ended on the way: it begins anew.
    await removeLeftovers(context, subject.transfer);
    const status = await carried(context, subject, { leave, progress });
    progress.say(status);
    context.events.record(subject.transfer, { type: 'Normal', reason: 'Transferred', message: status.message ?? '' });
    await removeMarks(context, subject.transfer).catch((error: unknown) =>
      context.log.warn('The marks of a transfer could not be removed', { transfer: subject.key.name, error: textOf(error) }),
    );
  } catch (error) {
    const left = await removeLeftovers(context, subject.transfer).catch((reason: unknown) => reason);
    // Deleted, or the core ends: whoever looks next cleans up and says so.
    if (leave.isCalled) return;
    const why = textOf(error);
    const message = left === undefined ? why : `${why} Not everything could be taken back: ${textOf(left)}`;
    const causes = error instanceof AppError ? error.causes : [];
    progress.say({ phase: 'Failed', message, causes, completionTimestamp: timestamp(context.clock.now()) });
    context.events.record(subject.transfer, { type: 'Warning', reason: 'TransferFailed', message });
  }
}

interface Means {
  readonly leave: Leave;
  readonly progress: Progress;
}

async function carried(context: EngineContext, { transfer }: Subject, { leave, progress }: Means): Promise<TransferStatus> {
  const { spec, metadata } = transfer;
  const { uid, namespace = 'default' } = metadata;
  const plan = await planTransfer(context, { namespace, spec, uid });
  const { causes, remarks, disks } = plan.review;
  progress.say({
    phase: 'Copying',
    message: '',
    remarks,
    disks: disks.map(({ volume, sizeBytes }) => ({ volume, state: 'Waiting', totalBytes: sizeBytes })),
    startTimestamp: timestamp(context.clock.now()),
  });
  if (causes.length > 0) throw new AppError('Invalid', 'The machine cannot go as it is.', { causes });
  const carriage = { leave, progress, connection: context.clusters.connection(spec.connection), folder: spec.folder };
  if (plan.type === 'send') await sendMachine(context, plan, carriage);
  else await bringMachine(context, plan, { carriage, namespace, uid });
  const arrived = arrival(plan, namespace);
  const there = `${arrived.namespace}/${arrived.name}`;
  const message =
    plan.type === 'send' ? `${spec.machine} is on ${spec.connection}, as ${there}.` : `${spec.machine} is on this computer, as ${there}.`;
  return { phase: 'Succeeded', message, arrived, completionTimestamp: timestamp(context.clock.now()) };
}

function arrival(plan: TransferPlan, namespace: string): { readonly namespace: string; readonly name: string } {
  if (plan.type === 'send') return { namespace: plan.there, name: plan.going.machine.metadata.name ?? '' };
  return { namespace, name: plan.coming.machine.metadata.name ?? '' };
}

/** A connection that is gone knows no way back; everything else is tried again later. */
export async function takeBack(context: EngineContext, { key, transfer }: Subject): Promise<void> {
  try {
    await removeLeftovers(context, transfer);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NotFound') return;
    const message = `What it made is taken back when the cluster answers: ${textOf(error)}`;
    createProgress(context, key).say({ message });
    throw error;
  }
}
