// Owns the shape of a revision: one change of a definition by a client, kept to be read and undone. A report, not a stored kind.
// Must not decide what can be undone; core does.
import type { Cause } from './errors.ts';
import type { DraftObject, Json, ResourceId } from './object.ts';
import type { MachineVerb } from './verbs.ts';

export type RevisionOperation = 'create' | 'update' | 'delete' | Extract<MachineVerb, 'start' | 'stop' | 'restart'>;

/** Which object, as it was called then. */
export interface RevisedObject {
  readonly resource: ResourceId;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

/** One field that differs; absent on a side where it was not there, and on both when it is long. */
export interface FieldChange {
  readonly field: string;
  readonly before?: Json;
  readonly after?: Json;
}

export interface Revision {
  readonly apiVersion: 'virtdeck.io/v1alpha1';
  readonly kind: 'Revision';
  /** `name` is a decimal number that grows. */
  readonly metadata: { readonly name: string; readonly creationTimestamp: string };
  readonly operation: RevisionOperation;
  /** Who: the field manager, or the client's program. */
  readonly manager: string;
  readonly object: RevisedObject;
  readonly changes: readonly FieldChange[];
  /** Name of the revision that this one took back. */
  readonly undoes?: string;
  /** Absent: it can be undone now. */
  readonly undoRefused?: Cause;
  /** The definitions: without status and what the core fills in. With GET of one revision alone. */
  readonly before?: DraftObject;
  readonly after?: DraftObject;
}

/**
 * GET /apis/virtdeck.io/v1alpha1/revisions, newest first; `?watch=true` answers each new one as a JSON line.
 * POST …/revisions/NAME/undo takes one back, …/restore brings its version back over whatever came later; both answer with the new revision.
 */
export interface RevisionList {
  readonly apiVersion: 'virtdeck.io/v1alpha1';
  readonly kind: 'RevisionList';
  readonly items: readonly Revision[];
}

export interface RevisionQuery {
  readonly resource?: ResourceId;
  readonly namespace?: string;
  readonly name?: string;
  /** Only older than this one. */
  readonly before?: number;
  readonly limit?: number;
}
