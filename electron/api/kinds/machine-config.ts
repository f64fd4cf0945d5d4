// Owns MachineConfig: kernel arguments and files that OpenShift's Machine Config Operator puts on nodes, and that here become steps of the preparation.
// Must not hold rules; they are in core.
import type { Condition, KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export interface IgnitionFile {
  readonly path: string;
  readonly mode?: number;
  readonly overwrite?: boolean;
  readonly contents?: { readonly source?: string; readonly compression?: string };
}

export interface MachineConfigSpec {
  readonly config?: {
    readonly ignition?: { readonly version?: string };
    readonly storage?: { readonly files?: readonly IgnitionFile[] };
    readonly [field: string]: unknown;
  };
  readonly kernelArguments?: readonly string[];
  readonly kernelType?: string;
  readonly fips?: boolean;
  readonly extensions?: readonly string[];
  readonly osImageURL?: string;
  readonly baseOSExtensionsContainerImage?: string;
}

/** Of ours: on a cluster it is MachineConfigPools that tell. */
export interface MachineConfigStatus {
  readonly conditions?: readonly (Omit<Condition, 'status'> & { readonly status: string })[];
  readonly observedGeneration?: number;
}

export type MachineConfig = KubeObject<{ spec: MachineConfigSpec; status?: MachineConfigStatus }>;

const controllerVersion = 'machineconfiguration.openshift.io/generated-by-controller-version';

export const machineConfigKind: Kind = {
  group: 'machineconfiguration.openshift.io',
  version: 'v1',
  kind: 'MachineConfig',
  plural: 'machineconfigs',
  singular: 'machineconfig',
  shortNames: ['mc'],
  categories: [],
  namespaced: false,
  subresources: [],
  schema: 'MachineConfig',
  columns: [
    nameColumn,
    {
      name: 'GeneratedByController',
      type: 'string',
      description:
        'Version of the controller that generated the machine config. This will be empty if it was not created by the controller.',
      priority: 0,
      value: (object) => object.metadata.annotations?.[controllerVersion],
    },
    fieldColumn('IgnitionVersion', 'spec.config.ignition.version', {
      description: 'Version of the Ignition Config defined in the machineconfig.',
    }),
    ageColumn,
  ],
  selectableFields: [],
};
