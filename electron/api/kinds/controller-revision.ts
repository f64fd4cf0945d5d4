// Owns ControllerRevision: another object as it was at one time. It is what a machine keeps of the instance type it was made with.
// Must not hold rules; they are in core.
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

/** `data` is immutable: a change makes a new revision. */
export type ControllerRevision<Data = unknown> = KubeObject<{ data: Data; revision: number }>;

export const controllerRevisionKind: Kind = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'IoK8sApiAppsV1ControllerRevision',
  columns: [
    nameColumn,
    {
      name: 'Controller',
      type: 'string',
      description: 'Whose it is.',
      priority: 0,
      value: ({ metadata }) => {
        const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
        return owner === undefined ? '<none>' : `${owner.kind.toLowerCase()}/${owner.name}`;
      },
    },
    fieldColumn('Revision', 'revision', { type: 'integer' }),
    ageColumn,
  ],
  selectableFields: [],
};
