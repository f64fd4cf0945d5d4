// Owns Node: a placement domain of this computer.
// Must not hold rules; they are in core.
import type { IoK8sApiCoreV1NodeSpec, IoK8sApiCoreV1NodeStatus } from '@kubevirt-ui-ext/kubevirt-api/kubernetes';
import type { KubeObject } from '../object.ts';
import { ageColumn, conditionStatus, fieldColumn, nameColumn, valueAt } from './columns.ts';
import type { Kind } from './kind.ts';

const rolePrefix = 'node-role.kubernetes.io/';

function readiness(object: KubeObject): string {
  const ready = conditionStatus(object, 'Ready');
  const words = [ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady'];
  if (valueAt(object, 'spec.unschedulable') === true) words.push('SchedulingDisabled');
  return words.join(',');
}

function roles(object: KubeObject): string {
  const names = Object.keys(object.metadata.labels ?? {}).flatMap((label) =>
    label.startsWith(rolePrefix) ? [label.slice(rolePrefix.length)] : [],
  );
  return names.length === 0 ? '<none>' : names.toSorted().join(',');
}

function address(object: KubeObject, type: string): string {
  return (object as Node).status?.addresses?.find((row) => row.type === type)?.address ?? '<none>';
}

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
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', description: 'The status of the node', priority: 0, value: readiness },
    { name: 'Roles', type: 'string', description: 'The roles of the node', priority: 0, value: roles },
    ageColumn,
    fieldColumn('Version', 'status.nodeInfo.kubeletVersion'),
    { name: 'Internal-IP', type: 'string', description: 'status.addresses', priority: 1, value: (object) => address(object, 'InternalIP') },
    { name: 'External-IP', type: 'string', description: 'status.addresses', priority: 1, value: (object) => address(object, 'ExternalIP') },
    fieldColumn('OS-Image', 'status.nodeInfo.osImage', { priority: 1 }),
    fieldColumn('Kernel-Version', 'status.nodeInfo.kernelVersion', { priority: 1 }),
    fieldColumn('Container-Runtime', 'status.nodeInfo.containerRuntimeVersion', { priority: 1 }),
  ],
  selectableFields: ['spec.unschedulable'],
};
