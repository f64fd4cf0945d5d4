// Owns a revision as the window shows it.
// Must not touch the page.
import type { Cause } from '../../../electron/api/errors.ts';
import type { FieldChange, Revision, RevisionOperation } from '../../../electron/api/revision.ts';

export interface RevisionRow {
  readonly id: string;
  readonly operation: RevisionOperation | 'undo';
  readonly who: string;
  /** RFC 3339. */
  readonly at: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly changes: readonly FieldChange[];
  /** Why it cannot be undone now. */
  readonly undoRefused?: Cause;
}

export function revisionRow({ metadata, operation, manager, object, changes, undoes, undoRefused }: Revision): RevisionRow {
  return {
    id: metadata.name,
    operation: undoes === undefined ? operation : 'undo',
    who: manager,
    at: metadata.creationTimestamp,
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    changes,
    undoRefused,
  };
}

/** `1Gi → 2Gi` of one field; long values and whole parts are told by the comparison alone. */
export function valueText({ before, after }: FieldChange): string | undefined {
  const sides = [before, after].map((value) => (typeof value === 'object' ? undefined : value === undefined ? '–' : String(value)));
  const [left, right] = sides;
  return left === undefined || right === undefined || (before === undefined && after === undefined) ? undefined : `${left} → ${right}`;
}

/** `spec.template.spec.domain.memory.guest` → `domain.memory.guest`: what every machine has before it says nothing. */
export function shortField(field: string): string {
  return field.replace(/^spec\.template\.spec\./, '').replace(/^metadata\.(?=labels|annotations)/, '');
}

/** What a person did in a window and may want back at once; choices of the window itself are pressed back as easily. */
export function deservesToast({ manager, operation, undoes, object, undoRefused }: Revision): boolean {
  const isEdit = operation === 'update' || operation === 'delete';
  const canCome = undoRefused === undefined || undoRefused.reason === 'NameTaken';
  return manager === 'window' && isEdit && undoes === undefined && object.kind !== 'Settings' && canCome;
}
