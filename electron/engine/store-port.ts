// Owns what the engine needs of a store: objects, their changes in order, and the journal of who changed what.
// Must not import any implementation.
import type { DraftObject, KubeObject, ManagedFieldsEntry, ObjectKey, ResourceId } from '../api/object.ts';
import type { RevisionOperation, RevisionQuery } from '../api/revision.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceId;
  readonly object: KubeObject;
  /** The object before, for selectors that it may have left. */
  readonly previous?: KubeObject;
  /** Equals object.metadata.resourceVersion as a number; one counter for everything. */
  readonly resourceVersion: number;
}

/** A line of the journal: one change of a definition by a client. */
export interface StoredRevision {
  /** Grows. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly manager: string;
  readonly operation: RevisionOperation;
  readonly key: ObjectKey;
  readonly uid: string;
  /** Absent before a creation. */
  readonly before?: DraftObject;
  /** Absent after a deletion. */
  readonly after?: DraftObject;
  /** Id of the revision that this one took back. */
  readonly undoes?: number;
}

/** Who wrote when, without what. */
export type RevisionMark = Pick<StoredRevision, 'id' | 'at' | 'manager' | 'undoes'>;

export interface StoreReader {
  get(key: ObjectKey): KubeObject | undefined;
  /** Ordered by namespace, then name. */
  list(resource: ResourceId, namespace?: string): readonly KubeObject[];
  count(resource: ResourceId, namespace?: string): number;
  resourceVersion(): number;
  revision(id: number): StoredRevision | undefined;
  /** Newest first. The oldest are forgotten. */
  revisions(query: RevisionQuery & { readonly after?: number }): readonly StoredRevision[];
  /** All that are left of one object's, oldest first. */
  revisionMarks(key: ObjectKey): readonly RevisionMark[];
  /** Who wrote which fields. Read from disk each time: few ask, and it can be larger than the object. */
  managedFields(key: ObjectKey): readonly ManagedFieldsEntry[];
}

/** Writes of one transaction. The store sets resourceVersion (and generation is the caller's). */
export interface StoreWriter extends StoreReader {
  /** Throws AlreadyExists. */
  insert(resource: ResourceId, object: KubeObject): KubeObject;
  /** Throws NotFound; throws Conflict when `expected` is given and is not the stored resourceVersion. An equal object writes nothing. */
  replace(resource: ResourceId, object: KubeObject, expected?: string): KubeObject;
  /** Makes no new resourceVersion. */
  setManagedFields(key: ObjectKey, entries: readonly ManagedFieldsEntry[]): void;
  /** Throws NotFound. */
  remove(key: ObjectKey): KubeObject;
  addRevision(revision: Omit<StoredRevision, 'id'>): void;
}

export interface Store extends StoreReader {
  /** All or nothing; listeners hear of it after the commit. Nested calls join. */
  transaction<T>(work: (tx: StoreWriter) => T): T;
  /** Changes after a resourceVersion, oldest first, or `expired` when the feed no longer reaches back that far. */
  changesSince(resourceVersion: number, resource?: ResourceId): readonly Change[] | 'expired';
  subscribe(listener: (changes: readonly Change[]) => void): () => void;
  close(): void;
}
