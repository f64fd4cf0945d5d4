// Owns VirtualMachine: the definition a user keeps. Its shape is KubeVirt's own, taken from its published types.
// Must not add fields of ours; those are annotations under virtdeck.io/.
import type { V1VirtualMachineSpec, V1VirtualMachineStatus } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import type { KubeObject } from '../object.ts';
import { ageColumn, conditionColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type VirtualMachineSpec = V1VirtualMachineSpec;
export type VirtualMachineStatus = V1VirtualMachineStatus;
export type VirtualMachine = KubeObject<{ spec: VirtualMachineSpec; status?: VirtualMachineStatus }>;

export const virtualMachineKind: Kind = {
  group: 'kubevirt.io',
  version: 'v1',
  kind: 'VirtualMachine',
  plural: 'virtualmachines',
  singular: 'virtualmachine',
  shortNames: ['vm', 'vms'],
  categories: ['all'],
  namespaced: true,
  subresources: [],
  schema: 'V1VirtualMachine',
  columns: [
    nameColumn,
    ageColumn,
    fieldColumn('Status', 'status.printableStatus', { description: 'Human Readable Status' }),
    conditionColumn('Ready', 'Ready'),
  ],
  selectableFields: ['status.printableStatus'],
};
