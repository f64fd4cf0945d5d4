// Owns VirtualMachineInstance: one run of a machine, from its scheduling to its end.
// Must not add fields of ours; those are annotations under virtdeck.io/.
import type { V1VirtualMachineInstanceSpec, V1VirtualMachineInstanceStatus } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import type { KubeObject } from '../object.ts';
import { ageColumn, conditionColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type VirtualMachineInstanceSpec = V1VirtualMachineInstanceSpec;
export type VirtualMachineInstanceStatus = V1VirtualMachineInstanceStatus;
export type VirtualMachineInstance = KubeObject<{ spec: VirtualMachineInstanceSpec; status?: VirtualMachineInstanceStatus }>;

export const virtualMachineInstanceKind: Kind = {
  group: 'kubevirt.io',
  version: 'v1',
  kind: 'VirtualMachineInstance',
  plural: 'virtualmachineinstances',
  singular: 'virtualmachineinstance',
  shortNames: ['vmi', 'vmis'],
  categories: ['all'],
  namespaced: true,
  subresources: [],
  schema: 'V1VirtualMachineInstance',
  columns: [
    nameColumn,
    ageColumn,
    fieldColumn('Phase', 'status.phase'),
    fieldColumn('IP', 'status.interfaces[0].ipAddress'),
    fieldColumn('NodeName', 'status.nodeName'),
    conditionColumn('Ready', 'Ready'),
    conditionColumn('Live-Migratable', 'LiveMigratable', 1),
    conditionColumn('Paused', 'Paused', 1),
  ],
  selectableFields: ['status.phase', 'status.nodeName'],
};
