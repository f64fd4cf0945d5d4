// Owns Secret: user data, passwords and keys that a machine refers to by name.
// Must not hold rules; they are in core.
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

/** `data` values are base64. `stringData` is write-only: the server folds it into `data`. */
export type Secret = KubeObject<{ data?: Readonly<Record<string, string>>; type?: string; immutable?: boolean }>;

export const secretKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'IoK8sApiCoreV1Secret',
  columns: [
    nameColumn,
    fieldColumn('Type', 'type'),
    {
      name: 'Data',
      type: 'integer',
      description: 'How many entries it holds.',
      priority: 0,
      value: (object) => Object.keys((object as Secret).data ?? {}).length,
    },
    ageColumn,
  ],
  selectableFields: ['type'],
};
