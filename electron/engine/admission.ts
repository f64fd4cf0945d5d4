// Owns what every new or changed object goes through before it is stored: completed metadata, defaults, validation.
// Must not write.
import { AppError, type Cause } from '../api/errors.ts';
import { apiVersionOf, type Kind } from '../api/kinds/kind.ts';
import { kindOf } from '../api/kinds/registry.ts';
import type { DraftObject, KubeObject, ObjectKey, ObjectMeta, ResourceId } from '../api/object.ts';
import { coreAnnotations } from '../api/annotations.ts';
import { resources } from '../api/resources.ts';
import type { DefaultingFacts } from '../core/defaults/defaulting-facts.ts';
import { defaulted } from '../core/defaults/defaults.ts';
import { sameJson } from '../core/status/same-json.ts';
import { timestamp } from '../core/status/conditions.ts';
import { validate } from '../core/validate/validate.ts';
import { fitted, prepared } from './machine-admission.ts';
import type { Clock, Ids, StoreReader } from './ports.ts';

export interface AdmissionParts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly architecture: () => DefaultingFacts['architecture'];
  /** Objects as they are in the same transaction. */
  readonly reader: StoreReader;
}

/** Set on objects of these kinds when they are made, so that their controllers see the deletion before it happens. */
export const finalizers: Readonly<Record<ResourceId, string>> = {
  [resources.virtualMachines]: 'kubevirt.io/virtualMachineControllerFinalize',
  [resources.virtualMachineInstances]: 'kubevirt.io/foregroundDeleteVirtualMachine',
  [resources.persistentVolumeClaims]: 'kubernetes.io/pvc-protection',
  [resources.snapshots]: 'snapshot.kubevirt.io/vmsnapshot-protection',
  [resources.namespaces]: 'kubernetes',
  [resources.transfers]: 'virtdeck.io/transfer-cleanup',
};

/** A client writes their status through the subresource alone. */
export const withStatus: ReadonlySet<ResourceId> = new Set([
  resources.virtualMachines,
  resources.virtualMachineInstances,
  resources.dataVolumes,
  resources.persistentVolumeClaims,
  resources.namespaces,
  resources.nodes,
  resources.replicaSets,
  resources.pools,
  resources.resourceQuotas,
  resources.hyperConvergeds,
  resources.snapshots,
  resources.snapshotContents,
  resources.restores,
  resources.transfers,
  resources.exports,
]);

/** The object as it will be stored. Throws Invalid with every cause, or BadRequest. */
export function admittedNew(parts: AdmissionParts, at: Omit<ObjectKey, 'name'>, draft: DraftObject): KubeObject {
  const kind = knownKind(at.resource);
  const { clock, ids } = parts;
  const { generateName, labels, ownerReferences } = draft.metadata;
  const name = draft.metadata.name ?? (generateName === undefined || generateName === '' ? undefined : generateName + ids.suffix());
  if (name === undefined || name === '') throw new AppError('BadRequest', 'name or generateName is required');
  const metadata: ObjectMeta = {
    name,
    ...(generateName === undefined ? {} : { generateName }),
    ...(at.namespace === undefined ? {} : { namespace: at.namespace }),
    uid: ids.uuid(),
    resourceVersion: '',
    generation: 1,
    creationTimestamp: timestamp(clock.now()),
    ...(labels === undefined ? {} : { labels }),
    ...optionalAnnotations(draft.metadata.annotations ?? {}),
    ...optionalFinalizers([
      ...(draft.metadata.finalizers ?? []),
      ...(finalizers[at.resource] === undefined ? [] : [finalizers[at.resource]!]),
    ]),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
  };
  const identified = ordered(kind, metadata, withStatus.has(at.resource) ? { ...draft, status: undefined } : draft);
  const complete = judged(parts, at.resource, { kind, name, draft: identified });
  return { ...complete, metadata: { ...metadata, ...complete.metadata } };
}

/** The stored object with what `draft` may change of it. Throws Invalid, BadRequest or Conflict. */
export function admittedChange(
  parts: AdmissionParts,
  resource: ResourceId,
  change: { readonly old: KubeObject; readonly draft: DraftObject },
): KubeObject {
  const kind = knownKind(resource);
  const { old, draft } = change;
  const { name } = old.metadata;
  checkIdentity(resource, old, draft);
  const { labels, ownerReferences } = draft.metadata;
  const { labels: _labels, annotations: _annotations, finalizers: _finalizers, ownerReferences: _owners, ...fixed } = old.metadata;
  const metadata: ObjectMeta = {
    ...fixed,
    ...(labels === undefined ? {} : { labels }),
    ...optionalAnnotations({ ...theirAnnotations(draft), ...ownAnnotations(old) }),
    ...optionalFinalizers(keptFinalizers(resource, old, draft.metadata.finalizers ?? [])),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
  };
  const identified = ordered(kind, metadata, withStatus.has(resource) ? { ...draft, status: old.status } : draft);
  const complete = judged(parts, resource, { kind, name, draft: identified, old: draftOf(old) });
  const next: KubeObject = { ...complete, metadata: { ...metadata, ...complete.metadata } };
  return isSameDefinition(old, next) ? next : { ...next, metadata: { ...next.metadata, generation: old.metadata.generation + 1 } };
}

interface Judging {
  readonly kind: Kind;
  readonly name: string;
  readonly draft: DraftObject;
  readonly old?: DraftObject;
}

/** The draft with its defaults. Throws Invalid with every cause. */
function judged(parts: AdmissionParts, resource: ResourceId, { kind, name, draft, old }: Judging): DraftObject {
  const { draft: named, choice, causes } = prepared(parts.reader, resource, old === undefined ? { draft } : { draft, old });
  refuse(kind, name, causes);
  const { preference } = choice;
  const complete = defaulted(resource, named, {
    uuid: parts.ids.uuid(),
    architecture: parts.architecture(),
    ...(old === undefined ? {} : { update: true }),
    ...(preference === undefined ? {} : { preference }),
  });
  const fitting = fitted(complete, choice);
  refuse(kind, name, fitting.causes);
  refuse(kind, name, validate(resource, fitting.subject, old));
  return complete;
}

export function knownKind(resource: ResourceId): Kind {
  const kind = kindOf(resource);
  if (kind === undefined) throw new AppError('NotFound', `the server could not find the requested resource ${resource}`);
  return kind;
}

/** As people write objects: what it is, which one, then the rest; status comes last. */
function ordered(kind: Kind, metadata: ObjectMeta, draft: DraftObject): DraftObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, status, ...body } = draft;
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata, ...body, ...(status === undefined ? {} : { status }) };
}

/** Throws Invalid in Kubernetes' words when there are causes, or Forbidden in those of the kind's webhook. */
export function refuse(kind: Kind, name: string, causes: readonly Cause[]): void {
  if (causes.length === 0) return;
  if (kind.webhook !== undefined) {
    const said = causes.map(({ message }) => message).join(', ');
    throw new AppError('Forbidden', `admission webhook ${JSON.stringify(kind.webhook)} denied the request: ${said}`, { causes });
  }
  const words = causes.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const subject = `${kind.kind}${kind.group === '' ? '' : `.${kind.group}`} "${name}"`;
  throw new AppError('Invalid', `${subject} is invalid: ${words.length === 1 ? words[0] : `[${words.join(', ')}]`}`, { causes });
}

export function draftOf(object: KubeObject): DraftObject {
  return { ...object };
}

function checkIdentity(resource: ResourceId, old: KubeObject, draft: DraftObject): void {
  const { name, uid, resourceVersion } = draft.metadata;
  if (name !== undefined && name !== old.metadata.name) {
    throw new AppError('BadRequest', `the name of the object (${name}) does not match the name on the URL (${old.metadata.name})`);
  }
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid) {
    throw new AppError(
      'Conflict',
      `Operation cannot be fulfilled on ${resource} "${old.metadata.name}": Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== old.metadata.resourceVersion) {
    throw new AppError(
      'Conflict',
      `Operation cannot be fulfilled on ${resource} "${old.metadata.name}": ` +
        'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
}

/**
 * While an object is being deleted, finalizers can only go. The core's own stay in any case, also with a client that leaves
 * them out: without it a machine would outlive its object, and nobody could reach it any more.
 */
function keptFinalizers(resource: ResourceId, { metadata }: KubeObject, asked: readonly string[]): readonly string[] {
  const before = metadata.finalizers ?? [];
  const theirs = metadata.deletionTimestamp === undefined ? asked : asked.filter((finalizer) => before.includes(finalizer));
  return [...theirs, ...before.filter((finalizer) => finalizer === finalizers[resource])];
}

function optionalFinalizers(list: readonly string[]): Pick<ObjectMeta, 'finalizers'> {
  return list.length === 0 ? {} : { finalizers: [...new Set(list)] };
}

/** A client's draft, without what only the core may say. */
export function withoutCoreAnnotations(draft: DraftObject): DraftObject {
  return draft.metadata.annotations === undefined
    ? draft
    : { ...draft, metadata: { ...draft.metadata, annotations: theirAnnotations(draft) } };
}

function theirAnnotations({ metadata }: DraftObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([name]) => !coreAnnotations.includes(name)));
}

function ownAnnotations({ metadata }: KubeObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([name]) => coreAnnotations.includes(name)));
}

function optionalAnnotations(all: Readonly<Record<string, string>>): Pick<ObjectMeta, 'annotations'> {
  return Object.keys(all).length === 0 ? {} : { annotations: all };
}

function isSameDefinition(a: KubeObject, b: KubeObject): boolean {
  const { metadata: _aMeta, status: _aStatus, ...left } = a;
  const { metadata: _bMeta, status: _bStatus, ...right } = b;
  return sameJson(left, right);
}
