// Owns `virtdeck suspend` and `virtdeck discard-saved-state`.
// Must not decide whether they are allowed; the API says.
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface SuspendOptions {
  readonly dryRun?: boolean;
}

/** Answers when the memory is on disk: how long that takes is a matter of the memory and the disk. */
export async function suspend(session: Session, name: string, { dryRun = false }: SuspendOptions): Promise<void> {
  await session.request({ method: 'PUT', path: `${pathOf(session, name)}/suspend${dryRun ? '?dryRun=All' : ''}` });
  session.print(
    dryRun ? `VM ${name} can be suspended to disk (server dry run)` : `VM ${name} was suspended to disk; a start goes on where it was`,
  );
}

export async function discardSavedState(session: Session, name: string, { yes = false }: { readonly yes?: boolean }): Promise<void> {
  if (!yes) throw new UsageError(`What ${name} had in memory is lost. Say --yes to discard its saved state.`);
  await session.request({ method: 'PUT', path: `${pathOf(session, name)}/discardsavedstate` });
  session.print(`The saved state of VM ${name} was discarded`);
}

function pathOf({ namespace }: Session, name: string): string {
  return `/apis/virtdeck.io/v1alpha1/namespaces/${namespace}/virtualmachines/${encodeURIComponent(name)}`;
}
