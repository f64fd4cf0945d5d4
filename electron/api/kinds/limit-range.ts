// Owns LimitRange: what one machine or claim of a project may ask for, and what it gets that asks for nothing.
// Must not hold rules; they are in core.
import type { IoK8sApiCoreV1LimitRangeItem } from '@kubevirt-ui-ext/kubevirt-api/kubernetes';
import type { KubeObject } from '../object.ts';
import { nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

/** The published type calls `default` by another name. */
export type LimitRangeItem = Omit<IoK8sApiCoreV1LimitRangeItem, '_default'> & { readonly default?: Readonly<Record<string, string>> };

export type LimitRange = KubeObject<{ spec: { readonly limits: readonly LimitRangeItem[] } }>;

export const limitRangeKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'IoK8sApiCoreV1LimitRange',
  columns: [
    nameColumn,
    {
      name: 'Created At',
      type: 'date',
      description: 'When it was made.',
      priority: 0,
      value: (object) => object.metadata.creationTimestamp,
    },
  ],
  selectableFields: [],
};
