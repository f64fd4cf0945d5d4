// Owns HyperConverged: how certificates are renewed, as OpenShift Virtualization has it. There is one, and the core makes it.
// Must not hold rules; they are in core.
import type { CertificateReport } from '../certificates.ts';
import type { Condition, KubeObject } from '../object.ts';
import { ageColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export interface HyperConvergedSpec {
  readonly certConfig?: {
    readonly ca?: { readonly duration?: string; readonly renewBefore?: string };
    readonly server?: { readonly duration?: string; readonly renewBefore?: string };
  };
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
