// Owns how objects go: finalizers, grace periods, dependents by owner references. One transaction from the request to the last dependent.
// Must not stop machines or erase disks: the controllers do, before they let go of their finalizers.
import { AppError } from '../api/errors.ts';
import { resourceId } from '../api/kinds/kind.ts';
import { kindNamed, kinds } from '../api/kinds/registry.ts';
import type { KubeObject, ObjectKey, ObjectMeta, OwnerReference, ResourceId } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { timestamp } from '../core/status/conditions.ts';
import type { DeleteOptions } from './engine-port.ts';
import type { StoreReader, StoreWriter } from './ports.ts';

/** Kubernetes' own: the owner goes after its dependents. */
const foregroundFinalizer = 'foregroundDeletion';

export interface RemovalRequest {
  readonly key: ObjectKey;
  readonly options: DeleteOptions;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Marks the object as being deleted, or removes it when nothing holds it. Answers its last state. Throws NotFound, Conflict or Forbidden. */
export function deleteObject(tx: StoreWriter, { key, options, now }: RemovalRequest): KubeObject {
  const object = tx.get(key);
  if (object === undefined) throw notFound(key);
  checkPreconditions(key, object, options);
  if (key.resource === resources.namespaces && key.name === 'default') {
    throw new AppError('Forbidden', 'namespaces "default" is forbidden: this namespace may not be deleted');
  }
  if (options.propagation === 'Orphan') orphanDependents(tx, object);
  const holders = [
    ...(object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== foregroundFinalizer),
    ...(options.propagation === 'Foreground' && dependentsOf(tx, object).length > 0 ? [foregroundFinalizer] : []),
  ];
  if (holders.length === 0) return removeWithDependents(tx, { key, options, now });
  const marked = tx.replace(key.resource, {
    ...object,
    metadata: { ...object.metadata, ...deletionMarks(object, options, now), finalizers: holders },
  });
  if (options.propagation === 'Foreground') {
    for (const dependent of dependentsOf(tx, marked)) deleteDependent(tx, dependent, { options, now });
  }
  // In the foreground the last dependent may have taken it along already.
  return tx.get(key) ?? marked;
}

/** Lets go of a finalizer; removes the object when it was the last and the object is being deleted. */
export function dropFinalizer(tx: StoreWriter, key: ObjectKey, drop: { readonly finalizer: string; readonly now: number }): void {
  const object = tx.get(key);
  if (object?.metadata.finalizers?.includes(drop.finalizer) !== true) return;
  const { finalizers: before = [], ...metadata } = object.metadata;
  const left = before.filter((finalizer) => finalizer !== drop.finalizer);
  if (left.length === 0 && object.metadata.deletionTimestamp !== undefined) removeWithDependents(tx, { key, options: {}, now: drop.now });
  else tx.replace(key.resource, { ...object, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } });
}

/** After an update that may have taken the last finalizer of an object that is being deleted. */
export function removeIfReleased(tx: StoreWriter, key: ObjectKey, now: number): void {
  const object = tx.get(key);
  if (object?.metadata.deletionTimestamp === undefined || (object.metadata.finalizers ?? []).length > 0) return;
  removeWithDependents(tx, { key, options: {}, now });
}

/** The objects that name `owner` as one of theirs. */
export function dependentsOf(reader: StoreReader, owner: KubeObject): readonly { readonly key: ObjectKey; readonly object: KubeObject }[] {
  const { uid, namespace } = owner.metadata;
  return kinds
    .filter((kind) => kind.namespaced || namespace === undefined)
    .flatMap((kind) => {
      const resource = resourceId(kind);
      return reader
        .list(resource, kind.namespaced ? namespace : undefined)
        .filter(({ metadata }) => metadata.ownerReferences?.some((reference) => reference.uid === uid) === true)
        .map((object) => ({ key: keyOf(resource, object), object }));
    });
}

export function keyOf(resource: ResourceId, { metadata: { namespace, name } }: KubeObject): ObjectKey {
  return namespace === undefined ? { resource, name } : { resource, namespace, name };
}

export function notFound(key: ObjectKey): AppError {
  return new AppError('NotFound', `${key.resource} "${key.name}" not found`);
}

function removeWithDependents(tx: StoreWriter, request: RemovalRequest): KubeObject {
  const removed = tx.remove(request.key);
  for (const dependent of dependentsOf(tx, removed)) deleteDependent(tx, dependent, request);
  for (const reference of removed.metadata.ownerReferences ?? []) releaseForegroundOwner(tx, { reference, removed, now: request.now });
  return removed;
}

/** A dependent with another living owner only loses the reference. */
function deleteDependent(
  tx: StoreWriter,
  { key, object }: { readonly key: ObjectKey; readonly object: KubeObject },
  { options, now }: Pick<RemovalRequest, 'options' | 'now'>,
): void {
  const others = (object.metadata.ownerReferences ?? []).filter((reference) => isLiving(ownerOf(tx, reference, object)));
  if (others.length > 0) {
    tx.replace(key.resource, { ...object, metadata: { ...object.metadata, ownerReferences: others } });
    return;
  }
  const propagation = options.propagation === 'Foreground' ? { propagation: options.propagation } : {};
  const grace = options.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: options.gracePeriodSeconds };
  deleteObject(tx, { key, options: { ...propagation, ...grace }, now });
}

function releaseForegroundOwner(
  tx: StoreWriter,
  { reference, removed, now }: { readonly reference: OwnerReference; readonly removed: KubeObject; readonly now: number },
): void {
  const owner = ownerOf(tx, reference, removed);
  if (owner?.object.metadata.finalizers?.includes(foregroundFinalizer) !== true || dependentsOf(tx, owner.object).length > 0) return;
  dropFinalizer(tx, owner.key, { finalizer: foregroundFinalizer, now });
}

function isLiving(owner: { readonly object: KubeObject } | undefined): boolean {
  return owner !== undefined && owner.object.metadata.deletionTimestamp === undefined;
}

function ownerOf(
  reader: StoreReader,
  reference: OwnerReference,
  dependent: KubeObject,
): { readonly key: ObjectKey; readonly object: KubeObject } | undefined {
  const kind = kindNamed(reference.apiVersion, reference.kind);
  if (kind === undefined) return undefined;
  const { namespace } = dependent.metadata;
  const key: ObjectKey = {
    resource: resourceId(kind),
    name: reference.name,
    ...(kind.namespaced && namespace !== undefined ? { namespace } : {}),
  };
  const object = reader.get(key);
  return object?.metadata.uid === reference.uid ? { key, object } : undefined;
}

function orphanDependents(tx: StoreWriter, owner: KubeObject): void {
  for (const { key, object } of dependentsOf(tx, owner)) {
    const { ownerReferences = [], ...metadata } = object.metadata;
    const left = ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid);
    tx.replace(key.resource, { ...object, metadata: left.length === 0 ? metadata : { ...metadata, ownerReferences: left } });
  }
}

/** A second request may shorten the grace period, never lengthen it. */
function deletionMarks({ metadata }: KubeObject, options: DeleteOptions, now: number): Partial<ObjectMeta> {
  const deletionTimestamp = metadata.deletionTimestamp ?? timestamp(now);
  const asked = [options.gracePeriodSeconds, metadata.deletionGracePeriodSeconds].filter((seconds) => seconds !== undefined);
  return asked.length === 0 ? { deletionTimestamp } : { deletionTimestamp, deletionGracePeriodSeconds: Math.min(...asked) };
}

function checkPreconditions(key: ObjectKey, { metadata }: KubeObject, { preconditions }: DeleteOptions): void {
  const rows = [
    { name: 'UID', asked: preconditions?.uid, stored: metadata.uid },
    { name: 'ResourceVersion', asked: preconditions?.resourceVersion, stored: metadata.resourceVersion },
  ];
  for (const { name, asked, stored } of rows) {
    if (asked === undefined || asked === stored) continue;
    throw new AppError(
      'Conflict',
      `Operation cannot be fulfilled on ${key.resource} "${key.name}": Precondition failed: ${name} in precondition: ${asked}, ${name} in object meta: ${stored}`,
    );
  }
}
