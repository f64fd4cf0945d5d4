// Owns Node: a placement domain of this computer.
// Must not hold rules; they are in core.
import type { IoK8sApiCoreV1NodeSpec, IoK8sApiCoreV1NodeStatus } from '@kubevirt-ui-ext/kubevirt-api/kubernetes';
import type { KubeObject } from '../object.ts';
import type { Kind } from './kind.ts';

export type Node = KubeObject<{ spec: IoK8sApiCoreV1NodeSpec; status?: IoK8sApiCoreV1NodeStatus }>;

export const nodeKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  categories: [],
  namespaced: false,
  subresources: [],
  schema: 'IoK8sApiCoreV1Node',
  columns: [],
};
