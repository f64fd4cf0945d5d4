// Owns VirtualMachineInstancetype and VirtualMachineClusterInstancetype: how much a machine has, under a name.
// Must not hold rules; they are in core.
import type { V1beta1VirtualMachineInstancetypeSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import type { KubeObject } from '../object.ts';
import { ageColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type InstancetypeSpec = V1beta1VirtualMachineInstancetypeSpec;
/** Of one project or of all: the two kinds differ in nothing else. */
export type Instancetype = KubeObject<{ spec: InstancetypeSpec }>;

const shared = {
  group: 'instancetype.kubevirt.io',
  version: 'v1beta1',
  subresources: [],
  columns: [nameColumn, ageColumn],
  selectableFields: [],
} as const;

export const instancetypeKind: Kind = {
  ...shared,
  kind: 'VirtualMachineInstancetype',
  plural: 'virtualmachineinstancetypes',
  singular: 'virtualmachineinstancetype',
  shortNames: ['vminstancetype', 'vminstancetypes', 'vmf', 'vmfs'],
  categories: ['all'],
  namespaced: true,
  schema: 'V1beta1VirtualMachineInstancetype',
};

export const clusterInstancetypeKind: Kind = {
  ...shared,
  kind: 'VirtualMachineClusterInstancetype',
  plural: 'virtualmachineclusterinstancetypes',
  singular: 'virtualmachineclusterinstancetype',
  shortNames: ['vmclusterinstancetype', 'vmclusterinstancetypes', 'vmcf', 'vmcfs'],
  categories: [],
  namespaced: false,
  schema: 'V1beta1VirtualMachineClusterInstancetype',
};
