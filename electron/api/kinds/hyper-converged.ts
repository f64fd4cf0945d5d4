// Owns HyperConverged: how certificates are renewed, who may have which device, how densely machines are packed, as OpenShift Virtualization has it. There is one, and the core makes it.
// Must not hold rules; they are in core.
import type { CertificateReport } from '../certificates.ts';
import type { LabelSelector } from '../label-match.ts';
import type { Condition, KubeObject } from '../object.ts';
import { ageColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

/** Which devices of this computer machines may have, by the name that they ask for. */
export interface PermittedHostDevices {
  readonly pciHostDevices?: readonly PermittedDevice<{ readonly pciDeviceSelector: string }>[];
  readonly mediatedDevices?: readonly PermittedDevice<{ readonly mdevNameSelector: string }>[];
  readonly usbHostDevices?: readonly PermittedUsb[];
  /** KubeVirt's own name of usbHostDevices. */
  readonly usb?: readonly PermittedUsb[];
}

type PermittedDevice<Selector> = Selector & { readonly resourceName: string; readonly externalResourceProvider?: boolean };
type PermittedUsb = PermittedDevice<{ readonly selectors?: readonly { readonly vendor: string; readonly product: string }[] }>;

/** Which mediated devices are made of the cards of this computer. */
export interface MediatedDevicesConfiguration extends MediatedTypes {
  /** False: nothing is made or removed. */
  readonly enabled?: boolean;
  /** For cards of the Nodes that have these labels, in place of the list for all. */
  readonly nodeMediatedDeviceTypes?: readonly (MediatedTypes & { readonly nodeSelector: Readonly<Record<string, string>> })[];
}

/** Ids or names of types: `nvidia-222`, `GRID T4-1B`. */
export interface MediatedTypes {
  readonly mediatedDeviceTypes?: readonly string[];
  /** The older name of the same. */
  readonly mediatedDevicesTypes?: readonly string[];
}

export interface HyperConvergedSpec {
  readonly certConfig?: {
    readonly ca?: { readonly duration?: string; readonly renewBefore?: string };
    readonly server?: { readonly duration?: string; readonly renewBefore?: string };
  };
  readonly permittedHostDevices?: PermittedHostDevices;
  readonly higherWorkloadDensity?: { readonly memoryOvercommitPercentage?: number };
  readonly resourceRequirements?: {
    readonly vmiCPUAllocationRatio?: number;
    readonly autoCPULimitNamespaceLabelSelector?: LabelSelector;
    readonly storageWorkloads?: unknown;
  };
  readonly mediatedDevicesConfiguration?: MediatedDevicesConfiguration;
  /** Fields of a cluster, kept as they are. */
  readonly [field: string]: unknown;
}

export interface HyperConvergedStatus {
  readonly conditions?: readonly (Omit<Condition, 'status'> & { readonly status: string })[];
  readonly observedGeneration?: number;
  /** Absent until something needs certificates. */
  readonly certificates?: CertificateReport;
}

export type HyperConverged = KubeObject<{ spec: HyperConvergedSpec; status?: HyperConvergedStatus }>;

export const hyperConvergedKind: Kind = {
  group: 'hco.kubevirt.io',
  version: 'v1beta1',
  kind: 'HyperConverged',
  plural: 'hyperconvergeds',
  singular: 'hyperconverged',
  shortNames: ['hco', 'hcos'],
  categories: ['all'],
  namespaced: true,
  subresources: [],
  schema: 'HyperConverged',
  columns: [nameColumn, ageColumn],
  selectableFields: [],
  only: { namespace: 'openshift-cnv', name: 'kubevirt-hyperconverged' },
  webhook: 'validate-hco.kubevirt.io',
};
