// Owns Namespace: a project.
// Must not hold rules; they are in core.
import type { IoK8sApiCoreV1NamespaceSpec, IoK8sApiCoreV1NamespaceStatus } from '@kubevirt-ui-ext/kubevirt-api/kubernetes';
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type Namespace = KubeObject<{ spec: IoK8sApiCoreV1NamespaceSpec; status?: IoK8sApiCoreV1NamespaceStatus }>;

export const namespaceKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  subresources: [],
  schema: 'IoK8sApiCoreV1Namespace',
  columns: [nameColumn, fieldColumn('Status', 'status.phase', { description: 'The status of the namespace' }), ageColumn],
  selectableFields: ['status.phase'],
};
