// Owns what a kind is: its names, its schema's name and its table columns.
// Must not list the kinds; registry.ts does.
import type { KubeObject, ResourceId } from '../object.ts';

/** One printer column. `value` reads it from the object; `date` values are RFC 3339 and are printed as ages; a missing one is printed blank. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly description: string;
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority: 0 | 1;
  readonly value: (object: KubeObject) => string | number | boolean | undefined;
}

export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Subresources that kubectl should know of, beside `status`. */
  readonly subresources: readonly string[];
  /** Name of the definition in the schemas, e.g. `V1VirtualMachine`. */
  readonly schema: string;
  /** In the order of printing, the name included. */
  readonly columns: readonly Column[];
  /** Paths that a fieldSelector may name, beside `metadata.name` and `metadata.namespace`. */
  readonly selectableFields: readonly string[];
  /** There is one object of it, here; the core makes it, and the namespace need not be a project. */
  readonly only?: { readonly namespace: string; readonly name: string };
  /** On a cluster a webhook of this name refuses objects of the kind: clients print its words. */
  readonly webhook?: string;
  /** Of a kind that is served under a second version: the one that its objects are stored in. */
  readonly stored?: Kind;
}

/** One resource has one id, whichever version it is asked for in. */
export function resourceId({ group, plural, stored }: Pick<Kind, 'group' | 'plural' | 'stored'>): ResourceId {
  if (stored !== undefined) return resourceId(stored);
  return group === '' ? plural : `${plural}.${group}`;
}

/** `kubevirt.io/v1`, or `v1` for the core group. */
export function apiVersionOf(kind: Pick<Kind, 'group' | 'version'>): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}
