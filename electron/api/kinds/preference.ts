// Owns VirtualMachinePreference and VirtualMachineClusterPreference: what a guest system likes to have, where its machine does not say.
// Must not hold rules; they are in core.
import type { V1beta1VirtualMachinePreferenceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import type { KubeObject } from '../object.ts';
import { ageColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type PreferenceSpec = V1beta1VirtualMachinePreferenceSpec;
/** Of one project or of all: the two kinds differ in nothing else. */
export type Preference = KubeObject<{ spec: PreferenceSpec }>;

const shared = {
  group: 'instancetype.kubevirt.io',
  version: 'v1beta1',
  subresources: [],
  columns: [nameColumn, ageColumn],
  selectableFields: [],
} as const;

export const preferenceKind: Kind = {
  ...shared,
  kind: 'VirtualMachinePreference',
  plural: 'virtualmachinepreferences',
  singular: 'virtualmachinepreference',
  shortNames: ['vmpref', 'vmprefs', 'vmp', 'vmps'],
  categories: ['all'],
  namespaced: true,
  schema: 'V1beta1VirtualMachinePreference',
};

export const clusterPreferenceKind: Kind = {
  ...shared,
  kind: 'VirtualMachineClusterPreference',
  plural: 'virtualmachineclusterpreferences',
  singular: 'virtualmachineclusterpreference',
  shortNames: ['vmcp', 'vmcps'],
  categories: [],
  namespaced: false,
  schema: 'V1beta1VirtualMachineClusterPreference',
};
