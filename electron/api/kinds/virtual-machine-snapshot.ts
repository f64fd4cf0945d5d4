// Owns VirtualMachineSnapshot, its content and VirtualMachineRestore: a state of a machine that is kept, and going back to it.
// Must not hold rules; they are in core.
import type {
  V1beta1VirtualMachineRestoreSpec,
  V1beta1VirtualMachineRestoreStatus,
  V1beta1VirtualMachineSnapshotContentSpec,
  V1beta1VirtualMachineSnapshotContentStatus,
  V1beta1VirtualMachineSnapshotSpec,
  V1beta1VirtualMachineSnapshotStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import type { KubeObject } from '../object.ts';
import { fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type VirtualMachineSnapshot = KubeObject<{ spec: V1beta1VirtualMachineSnapshotSpec; status?: V1beta1VirtualMachineSnapshotStatus }>;
/** What a snapshot is made of: the machine's definition, and which disks hold it. */
export type VirtualMachineSnapshotContent = KubeObject<{
  spec: V1beta1VirtualMachineSnapshotContentSpec;
  status?: V1beta1VirtualMachineSnapshotContentStatus;
}>;
export type VirtualMachineRestore = KubeObject<{ spec: V1beta1VirtualMachineRestoreSpec; status?: V1beta1VirtualMachineRestoreStatus }>;

const common = { group: 'snapshot.kubevirt.io', version: 'v1beta1', categories: ['all'], namespaced: true, subresources: [] } as const;

export const virtualMachineSnapshotKind: Kind = {
  ...common,
  kind: 'VirtualMachineSnapshot',
  plural: 'virtualmachinesnapshots',
  singular: 'virtualmachinesnapshot',
  shortNames: ['vmsnapshot', 'vmsnapshots'],
  schema: 'V1beta1VirtualMachineSnapshot',
  columns: [
    nameColumn,
    fieldColumn('SourceKind', 'spec.source.kind'),
    fieldColumn('SourceName', 'spec.source.name'),
    fieldColumn('Phase', 'status.phase'),
    fieldColumn('ReadyToUse', 'status.readyToUse', { type: 'boolean' }),
    fieldColumn('CreationTime', 'status.creationTime', { type: 'date' }),
    fieldColumn('Error', 'status.error.message'),
  ],
  selectableFields: ['status.phase'],
};

export const virtualMachineSnapshotContentKind: Kind = {
  ...common,
  kind: 'VirtualMachineSnapshotContent',
  plural: 'virtualmachinesnapshotcontents',
  singular: 'virtualmachinesnapshotcontent',
  shortNames: ['vmsnapshotcontent', 'vmsnapshotcontents'],
  schema: 'V1beta1VirtualMachineSnapshotContent',
  columns: [
    nameColumn,
    fieldColumn('ReadyToUse', 'status.readyToUse', { type: 'boolean' }),
    fieldColumn('CreationTime', 'status.creationTime', { type: 'date' }),
    fieldColumn('Error', 'status.error.message'),
  ],
  selectableFields: [],
};

export const virtualMachineRestoreKind: Kind = {
  ...common,
  kind: 'VirtualMachineRestore',
  plural: 'virtualmachinerestores',
  singular: 'virtualmachinerestore',
  shortNames: ['vmrestore', 'vmrestores'],
  schema: 'V1beta1VirtualMachineRestore',
  columns: [
    nameColumn,
    fieldColumn('TargetKind', 'spec.target.kind'),
    fieldColumn('TargetName', 'spec.target.name'),
    fieldColumn('Complete', 'status.complete', { type: 'boolean' }),
    fieldColumn('RestoreTime', 'status.restoreTime', { type: 'date' }),
  ],
  selectableFields: [],
};
