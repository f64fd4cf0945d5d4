// Owns what an object path points at: the kind, the namespace, the key.
// Must not look whether it exists.
import { AppError } from '../api/errors.ts';
import { type Kind, resourceId } from '../api/kinds/kind.ts';
import { servedKinds } from '../api/kinds/registry.ts';
import type { ObjectKey } from '../api/object.ts';

export interface Target {
  readonly kind: Kind;
  /** Absent for cluster-scoped kinds, and for a list over all namespaces. */
  readonly namespace?: string;
}

export type Params = Readonly<Record<string, string>>;

/** Throws NotFound when no kind is served there. */
export function targetAt(params: Params): Target {
  const { group = '', version = 'v1', plural = '', namespace } = params;
  const kind = servedKinds.find((row) => row.group === group && row.version === version && row.plural === plural);
  if (kind === undefined || (!kind.namespaced && namespace !== undefined)) {
    throw new AppError('NotFound', 'the server could not find the requested resource');
  }
  return namespace === undefined ? { kind } : { kind, namespace };
}

export function keyAt(params: Params): { readonly kind: Kind; readonly key: ObjectKey } {
  const { kind, namespace } = targetAt(params);
  const { name = '' } = params;
  if (!kind.namespaced) return { kind, key: { resource: resourceId(kind), name } };
  if (namespace === undefined) throw new AppError('NotFound', 'the server could not find the requested resource');
  return { kind, key: { resource: resourceId(kind), namespace, name } };
}

/** A kind that Kubernetes itself serves on a cluster, not by a CustomResourceDefinition: a few rules of the wire differ. */
export function isKubernetesOwn(kind: Pick<Kind, 'group' | 'stored'>): boolean {
  const { group } = kind.stored ?? kind;
  return !group.includes('.') || group.endsWith('.k8s.io');
}
