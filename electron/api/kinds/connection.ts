// Owns Connection: a context of a kubeconfig that this computer speaks to. Cluster-scoped.
// Must not hold a credential: those stay in the kubeconfig, where their owner renews them.
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { ConnectionSpec } from './connection-schema.ts';
import type { Kind } from './kind.ts';

export type { ConnectionSpec } from './connection-schema.ts';

export type Connection = KubeObject<{ spec: ConnectionSpec }>;

export const connectionKind: Kind = {
  group: 'virtdeck.io',
  version: 'v1alpha1',
  kind: 'Connection',
  plural: 'connections',
  singular: 'connection',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: ['report', 'proxy'],
  schema: 'Connection',
  columns: [
    nameColumn,
    fieldColumn('Context', 'spec.context', { description: 'The context of the kubeconfig.' }),
    fieldColumn('Project', 'spec.namespace', { description: 'The project of the cluster that is worked in.' }),
    fieldColumn('Kubeconfig', 'spec.kubeconfig', { description: 'The file; blank is the own one of the user.', priority: 1 }),
    ageColumn,
  ],
  selectableFields: [],
};
