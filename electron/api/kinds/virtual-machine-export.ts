// Owns VirtualMachineExport: the disks of a machine that stands still, to be fetched over HTTPS by whoever has the token.
// Must not hold rules; they are in core.
import type { V1beta1VirtualMachineExportSpec, V1beta1VirtualMachineExportStatus } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import type { KubeObject } from '../object.ts';
import { fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type VirtualMachineExport = KubeObject<{ spec: V1beta1VirtualMachineExportSpec; status?: V1beta1VirtualMachineExportStatus }>;

export const virtualMachineExportKind: Kind = {
  group: 'export.kubevirt.io',
  version: 'v1beta1',
  kind: 'VirtualMachineExport',
  plural: 'virtualmachineexports',
  singular: 'virtualmachineexport',
  shortNames: ['vmexport', 'vmexports'],
  categories: ['all'],
  namespaced: true,
  subresources: [],
  schema: 'V1beta1VirtualMachineExport',
  columns: [
    nameColumn,
    fieldColumn('SourceKind', 'spec.source.kind'),
    fieldColumn('SourceName', 'spec.source.name'),
    fieldColumn('Phase', 'status.phase'),
  ],
  selectableFields: ['status.phase'],
};
