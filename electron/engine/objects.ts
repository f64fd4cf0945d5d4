// Owns creating, changing and deleting objects, for clients and controllers alike.
// Must not act on machines or disks.
import { AppError } from '../api/errors.ts';
import type { DraftObject, KubeObject, ObjectKey, ResourceId } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { type AdmissionParts, admittedChange, admittedNew, draftOf, knownKind, withoutCoreAnnotations } from './admission.ts';
import type { ApplyOptions, DeleteOptions, WriteOptions } from './engine-port.ts';
import { appliedDraft, recordManagers, recordUpdate } from './ownership.ts';
import type { Store, StoreWriter } from './ports.ts';
import { refuseByQuota } from './quota-facts.ts';
import { deleteObject, dropFinalizer, keyOf, notFound, removeIfReleased } from './removal.ts';
import { record } from './revisions.ts';

export interface Objects {
  /** `byCore`: annotations that only the core may set are taken from the draft. */
  create(at: Omit<ObjectKey, 'name'>, draft: DraftObject, options?: WriteOptions & { readonly byCore?: boolean }): KubeObject;
  /** The object as create would store it, whether there is one of that name or not. */
  preview(at: Omit<ObjectKey, 'name'>, draft: DraftObject): KubeObject;
  update(key: ObjectKey, draft: DraftObject, options?: WriteOptions & { readonly subresource?: 'status' }): KubeObject;
  apply(key: ObjectKey, config: DraftObject, options: ApplyOptions): { readonly object: KubeObject; readonly created: boolean };
  delete(key: ObjectKey, options?: DeleteOptions): KubeObject;
  /** Reads and changes one object in one transaction; `change` may answer the same object. Undefined when it is not there any more. */
  change(key: ObjectKey, change: (object: KubeObject) => KubeObject): KubeObject | undefined;
  dropFinalizer(key: ObjectKey, finalizer: string): void;
}

export interface ObjectsParts extends Omit<AdmissionParts, 'reader'> {
  readonly store: Store;
}

export function createObjects(parts: ObjectsParts): Objects {
  const { store, clock } = parts;
  return {
    create: (at, draft, options = {}) =>
      commit(store, options, (tx) => {
        checkPlace(tx, at);
        return insert(parts, tx, { at, draft, options });
      }),
    preview: (at, draft) => admittedNew({ ...parts, reader: store }, at, draft),
    update: (key, draft, options = {}) =>
      commit(store, options, (tx) => {
        const old = tx.get(key);
        if (old === undefined) throw notFound(key);
        const stored = replaceWith(parts, tx, { key, old, draft, subresource: options.subresource });
        const { manager, subresource } = options;
        record(tx, clock, { operation: 'update', key, before: old, after: stored, options });
        recordUpdate(tx, key, { before: old, after: draft, manager, subresource, now: clock.now() });
        removeIfReleased(tx, key, clock.now());
        return stored;
      }),
    apply(key, config, options) {
      let created = false;
      const object = commit(store, options, (tx) => {
        const old = tx.get(key);
        created = old === undefined;
        if (old === undefined) return applyNew(parts, tx, { key, config, options });
        const { draft, managers } = appliedDraft(tx, key, { live: old, config, options, now: clock.now() });
        options.check(draft);
        const stored = replaceWith(parts, tx, { key, old, draft, subresource: options.subresource });
        record(tx, clock, { operation: 'update', key, before: old, after: stored, options });
        recordManagers(tx, key, managers);
        removeIfReleased(tx, key, clock.now());
        return stored;
      });
      return { object, created };
    },
    delete: (key, options = {}) =>
      commit(store, options, (tx) => {
        const before = tx.get(key);
        const last = deleteObject(tx, { key, options, now: clock.now() });
        // Asked again while it goes: it was deleted once.
        if (before?.metadata.deletionTimestamp === undefined) record(tx, clock, { operation: 'delete', key, before, options });
        return last;
      }),
    change: (key, change) =>
      store.transaction((tx) => {
        const object = tx.get(key);
        return object === undefined ? undefined : tx.replace(key.resource, change(object));
      }),
    dropFinalizer: (key, finalizer) => store.transaction((tx) => dropFinalizer(tx, key, { finalizer, now: clock.now() })),
  };
}

interface Insertion {
  readonly at: Omit<ObjectKey, 'name'>;
  readonly draft: DraftObject;
  readonly options: WriteOptions & { readonly byCore?: boolean };
}

function insert(parts: ObjectsParts, tx: StoreWriter, { at, draft, options }: Insertion): KubeObject {
  const object = admittedNew({ ...parts, reader: tx }, at, options.byCore === true ? draft : withoutCoreAnnotations(draft));
  refuseByQuota(tx, { resource: at.resource, after: object });
  const stored = tx.insert(at.resource, object);
  const key = keyOf(at.resource, stored);
  record(tx, parts.clock, { operation: 'create', key, after: stored, options });
  recordUpdate(tx, key, { before: undefined, after: draft, manager: options.manager, now: parts.clock.now() });
  return stored;
}

interface Replacement {
  readonly key: ObjectKey;
  readonly old: KubeObject;
  readonly draft: DraftObject;
  readonly subresource: 'status' | undefined;
}

function replaceWith(parts: ObjectsParts, tx: StoreWriter, { key, old, draft, subresource }: Replacement): KubeObject {
  const asked = subresource === 'status' ? { ...draftOf(old), metadata: { ...old.metadata, ...identityOf(draft) } } : draft;
  const next = admittedChange({ ...parts, reader: tx }, key.resource, { old, draft: asked });
  refuseByQuota(tx, { resource: key.resource, before: old, after: next });
  return tx.replace(key.resource, subresource === 'status' ? { ...next, status: draft['status'] } : next);
}

function applyNew(
  parts: ObjectsParts,
  tx: StoreWriter,
  { key, config, options }: { readonly key: ObjectKey; readonly config: DraftObject; readonly options: ApplyOptions },
): KubeObject {
  if (options.subresource !== undefined) throw notFound(key);
  const { name: _name, ...at } = key;
  checkPlace(tx, at);
  const nothing: KubeObject = { apiVersion: config.apiVersion, kind: config.kind, metadata: {} as KubeObject['metadata'] };
  const { managers } = appliedDraft(tx, key, { live: nothing, config, options, now: parts.clock.now() });
  options.check(config);
  const stored = insert(parts, tx, { at, draft: config, options });
  recordManagers(tx, key, managers);
  return stored;
}

/** A dry run goes all the way and is then taken back: what it answers is what would have been stored. */
function commit(store: Store, options: WriteOptions, work: (tx: StoreWriter) => KubeObject): KubeObject {
  if (options.dryRun !== true) return store.transaction(work);
  let result: KubeObject | undefined;
  try {
    store.transaction((tx) => {
      result = work(tx);
      throw dryRunEnds;
    });
  } catch (error) {
    if (error !== dryRunEnds || result === undefined) throw error;
    return result;
  }
  throw new Error('A dry run cannot commit.');
}

const dryRunEnds = new Error('dry run');

function identityOf({
  metadata: { uid, resourceVersion, name },
}: DraftObject): Pick<DraftObject['metadata'], 'uid' | 'resourceVersion' | 'name'> {
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(name === undefined ? {} : { name }),
  };
}

function checkPlace(tx: StoreWriter, at: { readonly resource: ResourceId; readonly namespace?: string }): void {
  const kind = knownKind(at.resource);
  if (!kind.namespaced) {
    if (at.namespace !== undefined) throw new AppError('BadRequest', `${kind.plural} belong to the whole computer and have no namespace`);
    return;
  }
  if (at.namespace === undefined) throw new AppError('BadRequest', `an empty namespace may not be set during creation of ${kind.plural}`);
  // Of such a kind there is one object, and its namespace is no project of the user's.
  if (at.namespace === kind.only?.namespace) return;
  const namespace = tx.get({ resource: resources.namespaces, name: at.namespace });
  if (namespace === undefined) throw new AppError('NotFound', `namespaces "${at.namespace}" not found`);
  if (namespace.metadata.deletionTimestamp !== undefined) {
    throw new AppError(
      'Forbidden',
      `${at.resource} is forbidden: unable to create new content in namespace ${at.namespace} because it is being terminated`,
    );
  }
}
