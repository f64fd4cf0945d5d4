// Owns PriorityClass: a name for a number. It is kept for the manifests that bring it; nothing here is started or ended by it.
// Must not hold rules; they are in core.
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type PriorityClass = KubeObject<{ value: number; globalDefault?: boolean; description?: string; preemptionPolicy?: string }>;

export const priorityClassKind: Kind = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  categories: [],
  namespaced: false,
  subresources: [],
  schema: 'IoK8sApiSchedulingV1PriorityClass',
  columns: [
    nameColumn,
    fieldColumn('Value', 'value', { type: 'integer' }),
    {
      ...fieldColumn('Global-Default', 'globalDefault', { type: 'boolean' }),
      value: (object) => (object as PriorityClass).globalDefault ?? false,
    },
    ageColumn,
    fieldColumn('PreemptionPolicy', 'preemptionPolicy'),
  ],
  selectableFields: [],
};
