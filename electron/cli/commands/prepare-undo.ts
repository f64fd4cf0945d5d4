// Owns `virtdeck prepare changes` and `virtdeck prepare undo`.
// Must not know how a change is undone.
import { type PreparationChange, type PreparationChanges, preparationCommands } from '../../api/preparation.ts';
import { aligned } from '../print.ts';
import type { Session } from '../session.ts';

const path = '/apis/virtdeck.io/v1alpha1/preparation/changes';

export async function prepareChanges(session: Session): Promise<void> {
  session.print(changesText((await session.request({ path })) as PreparationChanges));
}

export async function prepareUndo(session: Session, change: string | undefined): Promise<void> {
  const one = change === undefined ? path : `${path}/${encodeURIComponent(change)}`;
  const { items } = (await session.request({ path: one, method: 'DELETE' })) as PreparationChanges;
  session.print(items.length === 0 ? 'Undone. Nothing that was changed is left.' : `Undone. What is left:\n${changesText({ items })}`);
  session.print('It has its effect at the next start of this computer.');
}

export function changesText({ items }: PreparationChanges): string {
  if (items.length === 0) return 'Nothing was changed.';
  return aligned([['CHANGE', 'WHEN', 'STATE', 'WHAT'], ...items.map(changeRow)]).join('\n');
}

const stateWords = { standing: 'can be undone', covered: 'changed again later', changedSince: 'changed by somebody' } as const;

function changeRow(change: PreparationChange): string[] {
  const when = change.atSeconds === undefined ? '<unknown>' : new Date(change.atSeconds * 1000).toISOString();
  return [change.id, when, stateWords[change.state], whatText(change)];
}

/** A kernel argument is undone by taking it away, or by giving it again. */
function whatText(change: PreparationChange): string {
  if ('path' in change) return `${change.path}${change.before === undefined ? ' (new)' : ''}`;
  const word = change.command.endsWith('-add') ? 'taken away by ' : '';
  return `kernel argument ${change.argument} (${word}${preparationCommands[change.command].split(' ')[0] ?? ''})`;
}
