// Owns whether a revision can be taken back, what is written then, and why not.
// Must not write.
import type { Cause } from '../../api/errors.ts';
import type { DraftObject, KubeObject } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import type { RevisionOperation } from '../../api/revision.ts';
import { sameJson } from '../status/same-json.ts';
import { definitionOf } from './definition.ts';

/** What was written down of one change. */
export interface Recorded {
  readonly operation: RevisionOperation;
  readonly resource: string;
  readonly name: string;
  readonly uid: string;
  /** Absent before a creation and after a deletion. */
  readonly before?: DraftObject;
  readonly after?: DraftObject;
}

export interface UndoFacts {
  /** What bears the name now. */
  readonly current: KubeObject | undefined;
  /** The change after this one, to the same object. */
  readonly next?: { readonly manager: string; readonly at: string };
  readonly isUndone: boolean;
  /** Of a machine: whether it has a run. */
  readonly hasRun: boolean;
}

export type UndoPlan =
  | { readonly type: 'create'; readonly draft: DraftObject }
  | { readonly type: 'update'; readonly draft: DraftObject }
  /** Its disks stay. */
  | { readonly type: 'delete' }
  | { readonly type: 'refused'; readonly cause: Cause };

/** Deleting these takes more along than a definition. */
const holdsData: readonly string[] = [resources.dataVolumes, resources.persistentVolumeClaims, resources.namespaces];

export function undoPlan(recorded: Recorded, facts: UndoFacts): UndoPlan {
  const { resource, before, after, name, uid } = recorded;
  const { current, next, isUndone, hasRun } = facts;
  if (isUndone) return refused('AlreadyUndone', 'This change was undone already.');
  if (resource === resources.secrets) return refused('SecretNotKept', 'The values of Secrets are not kept: what was there before is gone.');
  if (before === undefined && holdsData.includes(resource)) {
    return refused('HoldsData', `Undoing this would delete ${name} and what is in it.`, 'Delete it by hand if that is what you want.');
  }
  if (after === undefined) {
    if (current !== undefined) return refused('NameTaken', takenText(current, { name, uid }), 'Restore it when the name is free.');
    if (holdsData.includes(resource)) return refused('DataGone', `What was in ${name} is erased and cannot be brought back.`);
    return before === undefined ? refused('NothingKept', 'Nothing was kept of it.') : { type: 'create', draft: before };
  }
  if (current === undefined || current.metadata.uid !== uid) return refused('Gone', `${name} is not there any more.`);
  if (!sameJson(definitionOf(current), after))
    return refused('ChangedSince', changedText(name, next), 'Undo the later change first, or restore this version.');
  if (before !== undefined) return { type: 'update', draft: before };
  return hasRun ? refused('Running', `${name} runs.`, 'Stop it first.') : { type: 'delete' };
}

/** The version that a revision left, or the last one before a deletion, over whatever is there now. */
export function restorePlan({ resource, name, before, after }: Recorded, current: KubeObject | undefined): UndoPlan {
  const version = after ?? before;
  if (version === undefined) return refused('NothingKept', 'Nothing was kept of it.');
  if (resource === resources.secrets) return refused('SecretNotKept', 'The values of Secrets are not kept: what was there before is gone.');
  if (current === undefined) {
    return holdsData.includes(resource)
      ? refused('DataGone', `What was in ${name} is erased and cannot be brought back.`)
      : { type: 'create', draft: version };
  }
  if (current.metadata.deletionTimestamp !== undefined)
    return refused('NameTaken', `${name} is still being deleted.`, 'Try again when it is gone.');
  if (sameJson(definitionOf(current), version)) return refused('IsCurrent', `${name} is as it was then.`);
  return { type: 'update', draft: version };
}

function takenText({ metadata }: KubeObject, { name, uid }: Pick<Recorded, 'name' | 'uid'>): string {
  return metadata.uid === uid ? `${name} is still being deleted.` : `There is another ${name} now.`;
}

function changedText(name: string, next: UndoFacts['next']): string {
  return next === undefined ? `${name} was changed again since.` : `${name} was changed again since, by ${next.manager} at ${next.at}.`;
}

function refused(reason: string, message: string, fix?: string): UndoPlan {
  return { type: 'refused', cause: { reason, field: '', message, ...(fix === undefined ? {} : { fix }) } };
}
