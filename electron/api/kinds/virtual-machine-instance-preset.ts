// Owns VirtualMachineInstancePreset: what runs with certain labels get where they say nothing. Upstream's forerunner of instance types.
// Must not hold rules; they are in core.
import type { V1VirtualMachineInstancePresetSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt';
import type { KubeObject } from '../object.ts';
import { ageColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export type VirtualMachineInstancePreset = KubeObject<{ spec: V1VirtualMachineInstancePresetSpec }>;

export const virtualMachineInstancePresetKind: Kind = {
  group: 'kubevirt.io',
  version: 'v1',
  kind: 'VirtualMachineInstancePreset',
  plural: 'virtualmachineinstancepresets',
  singular: 'virtualmachineinstancepreset',
  shortNames: ['vmipreset', 'vmipresets'],
  categories: ['all'],
  namespaced: true,
  subresources: [],
  schema: 'V1VirtualMachineInstancePreset',
  columns: [nameColumn, ageColumn],
  selectableFields: [],
};
