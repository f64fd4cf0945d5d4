// Owns ConfigMap: plain settings and files that a machine refers to by name.
// Must not hold rules; they are in core.
import type { KubeObject } from '../object.ts';
import { ageColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

/** `data` values are text, `binaryData` values base64. */
export type ConfigMap = KubeObject<{
  data?: Readonly<Record<string, string>>;
  binaryData?: Readonly<Record<string, string>>;
  immutable?: boolean;
}>;

export const configMapKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'IoK8sApiCoreV1ConfigMap',
  columns: [
    nameColumn,
    {
      name: 'Data',
      type: 'integer',
      description: 'How many entries it holds.',
      priority: 0,
      value: (object) => {
        const { data = {}, binaryData = {} } = object as ConfigMap;
        return Object.keys(data).length + Object.keys(binaryData).length;
      },
    },
    ageColumn,
  ],
  selectableFields: [],
};
