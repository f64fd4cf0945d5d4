// Owns the shape every stored thing has: Kubernetes' object, its metadata, references and conditions.
// Must not know any particular kind.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Kubernetes' ObjectMeta. Times are RFC 3339 in UTC with seconds, `resourceVersion` is a decimal counter. */
export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  /** Kept beside the objects, not on them: an answer about one object has it, lists and watches do not. */
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

/** Which fields somebody wrote: Kubernetes' record for server-side apply. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: JsonObject;
  readonly subresource?: string;
}

/** One stored object. `Body` is everything beside the three Kubernetes fields: spec, status, data, … */
export type KubeObject<Body extends object = { readonly spec?: unknown; readonly status?: unknown }> = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
} & Readonly<Body>;

/** What a client sends: metadata that the server has not yet completed. */
export interface DraftObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Partial<ObjectMeta>;
  readonly [field: string]: unknown;
}

/**
 * Names a resource type as a CustomResourceDefinition is named: `plural.group`, or just `plural` for the core group,
 * e.g. `virtualmachines.kubevirt.io`, `secrets`.
 */
export type ResourceId = string;

/** Points at one object. `namespace` is absent for cluster-scoped kinds. */
export interface ObjectKey {
  readonly resource: ResourceId;
  readonly namespace?: string;
  readonly name: string;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
  readonly lastProbeTime?: string | null;
}

/** `namespace/name`, or `name` for cluster-scoped objects. */
export function keyText(key: ObjectKey): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}
