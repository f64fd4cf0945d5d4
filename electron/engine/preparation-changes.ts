// Owns applying a preparation and undoing it, one step after the other, and telling of it to whoever watches.
// Must not decide the steps; core/preparation does. What was done is the privileged program's to remember, not ours.
import { AppError } from '../api/errors.ts';
import {
  type ApplyPreparation,
  type PreparationChange,
  type PreparationChanges,
  preparationCommands,
  type PreparationStep,
  type RecoveryCard,
} from '../api/preparation.ts';
import { resources } from '../api/resources.ts';
import { changesOf, pendingPrograms } from '../core/preparation/preparation-record.ts';
import { runStep } from '../core/preparation/steps.ts';
import type { EngineContext } from './context.ts';
import { keyOf } from './removal.ts';
import { readAll } from './typed.ts';
import { newsOf, type Watched, whileWatched } from './while-watched.ts';

export interface Preparations extends Watched<PreparationChanges> {
  changes(): Promise<PreparationChanges>;
  /** Throws Conflict when the plan is another by now or something is being done, Invalid with every cause, Forbidden, ToolFailed. */
  apply(order: ApplyPreparation): Promise<PreparationChanges>;
  /** One change, or all of them. Throws NotFound, Conflict, Forbidden, ToolFailed. */
  undo(id?: string): Promise<PreparationChanges>;
  card(): Promise<RecoveryCard>;
}

const everyMs = 1_000;

export function createPreparations(context: Pick<EngineContext, 'host' | 'store' | 'clock' | 'log' | 'wake'>): Preparations {
  const { host, store } = context;
  let running: PreparationChanges['running'];
  const changes = async (): Promise<PreparationChanges> => {
    const items = changesOf((await host.preparation.facts()).record);
    return { items, ...(running === undefined ? {} : { running }) };
  };
  const inTurn = async (works: readonly Work[]): Promise<void> => {
    for (const [index, { what, run }] of works.entries()) {
      running = { what, number: index + 1, of: works.length };
      await failing(run, running);
    }
  };
  const alone = async (work: () => Promise<void>): Promise<PreparationChanges> => {
    if (running !== undefined) throw new AppError('Conflict', `This computer is being changed just now: ${running.what}.`);
    running = { what: 'plan', number: 0, of: 0 };
    try {
      await work();
    } finally {
      running = undefined;
      for (const config of readAll(store, resources.machineConfigs)) context.wake(keyOf(resources.machineConfigs, config));
    }
    return changes();
  };
  const stepWork = (step: PreparationStep): Work => ({ what: wordOf(step), run: () => host.preparation.apply(step) });
  const looks = whileWatched(context, {
    everyMs,
    failed: 'Changes of the preparation could not be read',
    look: async () => {
      const now = await changes();
      return { now, text: JSON.stringify(now) };
    },
    tellsAtOnce: true,
  });
  return {
    changes,
    apply: ({ devices, digest }) =>
      alone(async () => {
        const { planPreparation } = await import('./preparation.ts');
        const { steps, causes, ...plan } = await planPreparation(context, devices);
        const [first] = causes;
        if (first !== undefined) throw new AppError('Invalid', `This computer cannot be prepared: ${first.message}`, { causes });
        if (plan.digest !== digest)
          throw new AppError('Conflict', 'This computer has changed since the plan was made: look at the plan again.');
        await inTurn(steps.map(stepWork));
      }),
    undo: (id) =>
      alone(async () => {
        const items = changesOf((await host.preparation.facts()).record);
        const chosen = id === undefined ? items : items.filter((change) => change.id === id);
        if (id !== undefined && chosen.length === 0) throw new AppError('NotFound', `There is no change ${id} to undo.`);
        refuseStuck(chosen, id === undefined);
        // The menu and the first file system are made anew once, from what is there then.
        await inTurn(chosen.map((change) => ({ what: 'path' in change ? change.path : change.argument, run: () => undoOne(change) })));
        await inTurn(pendingPrograms(await host.preparation.facts()).map((command) => stepWork(runStep(command, ''))));
      }),
    card: async () => (await import('../core/preparation/recovery-card.ts')).recoveryCard(await host.preparation.facts()),
    ...newsOf(looks),
  };

  function undoOne(change: PreparationChange): Promise<void> {
    if ('path' in change) return host.preparation.restore(Number(change.id));
    const { command, argument } = change;
    return host.preparation.apply({ id: change.id, purpose: 'kernelArgument', why: '', action: { type: 'run', command, argument } });
  }
}

interface Work {
  readonly what: string;
  readonly run: () => Promise<void>;
}

function wordOf({ action }: PreparationStep): string {
  return action.type === 'write' ? action.path : `${preparationCommands[action.command]}${action.argument ?? ''}`;
}

/** With all of them the newest go first, and uncover the others. */
function refuseStuck(chosen: readonly PreparationChange[], all: boolean): void {
  for (const change of chosen) {
    const name = 'path' in change ? change.path : change.argument;
    if (change.state === 'changedSince') {
      throw new AppError(
        'Conflict',
        `${name} was changed by somebody since then, and is not taken back. See the difference, and change it by hand.`,
      );
    }
    if (change.state === 'covered' && !all) {
      throw new AppError('Conflict', `${name} was changed again later: undo the later change first.`);
    }
  }
}

/** What was done before it stays, and can be undone. */
async function failing(run: () => Promise<void>, { number, of }: { readonly number: number; readonly of: number }): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof AppError) || number === 1) throw error;
    const { message, code, causes } = error;
    throw new AppError(code, `${message} Steps 1 to ${number - 1} of ${of} are done; undo them with: virtdeck prepare undo`, {
      causes,
      cause: error,
    });
  }
}
