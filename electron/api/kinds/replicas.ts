// Owns VirtualMachineInstanceReplicaSet and VirtualMachinePool: a number of runs, or of machines, that are alike.
// Must not hold rules; they are in core.
import type {
  V1beta1VirtualMachinePoolSpec,
  V1beta1VirtualMachinePoolStatus,
  V1VirtualMachineInstanceReplicaSetSpec,
  V1VirtualMachineInstanceReplicaSetStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type VirtualMachineInstanceReplicaSet = KubeObject<{
  spec: V1VirtualMachineInstanceReplicaSetSpec;
  status?: V1VirtualMachineInstanceReplicaSetStatus;
}>;
export type VirtualMachinePool = KubeObject<{ spec: V1beta1VirtualMachinePoolSpec; status?: V1beta1VirtualMachinePoolStatus }>;

const shared = {
  categories: ['all'],
  namespaced: true,
  subresources: [],
  columns: [
    nameColumn,
    fieldColumn('Desired', 'spec.replicas', { type: 'integer', description: 'Number that is asked for' }),
    fieldColumn('Current', 'status.replicas', { type: 'integer', description: 'Number that is there, and neither final nor deleted' }),
    fieldColumn('Ready', 'status.readyReplicas', { type: 'integer', description: 'Number that is ready' }),
    ageColumn,
  ],
  selectableFields: [],
} as const;

export const replicaSetKind: Kind = {
  ...shared,
  group: 'kubevirt.io',
  version: 'v1',
  kind: 'VirtualMachineInstanceReplicaSet',
  plural: 'virtualmachineinstancereplicasets',
  singular: 'virtualmachineinstancereplicaset',
  shortNames: ['vmirs', 'vmirss'],
  schema: 'V1VirtualMachineInstanceReplicaSet',
};

export const poolKind: Kind = {
  ...shared,
  group: 'pool.kubevirt.io',
  version: 'v1beta1',
  kind: 'VirtualMachinePool',
  plural: 'virtualmachinepools',
  singular: 'virtualmachinepool',
  shortNames: ['vmpool', 'vmpools'],
  schema: 'V1beta1VirtualMachinePool',
};
