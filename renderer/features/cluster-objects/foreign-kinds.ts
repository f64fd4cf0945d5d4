// Owns which kinds of a cluster are shown to be looked at: what machines there depend on, and this computer has not.
// Must not name a kind that has a page of its own.

export interface ForeignKind {
  /** Key under `clusters:foreign.kind`. */
  readonly id: 'storageClasses' | 'migrations' | 'migrationPolicies' | 'kubeVirts' | 'snapshotClasses' | 'dataSources' | 'dataImportCrons';
  readonly root: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
}

export const foreignKinds: readonly ForeignKind[] = [
  { id: 'storageClasses', root: '/apis/storage.k8s.io/v1', plural: 'storageclasses', isNamespaced: false },
  { id: 'migrations', root: '/apis/kubevirt.io/v1', plural: 'virtualmachineinstancemigrations', isNamespaced: true },
  { id: 'migrationPolicies', root: '/apis/migrations.kubevirt.io/v1alpha1', plural: 'migrationpolicies', isNamespaced: false },
  { id: 'dataSources', root: '/apis/cdi.kubevirt.io/v1beta1', plural: 'datasources', isNamespaced: true },
  { id: 'dataImportCrons', root: '/apis/cdi.kubevirt.io/v1beta1', plural: 'dataimportcrons', isNamespaced: true },
  { id: 'snapshotClasses', root: '/apis/snapshot.storage.k8s.io/v1', plural: 'volumesnapshotclasses', isNamespaced: false },
  { id: 'kubeVirts', root: '/apis/kubevirt.io/v1', plural: 'kubevirts', isNamespaced: true },
];

/** `namespace`: the one project that may be looked at; absent: all. */
export function foreignPath({ root, plural, isNamespaced }: ForeignKind, namespace: string | undefined): string {
  return isNamespaced && namespace !== undefined ? `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}` : `${root}/${plural}`;
}
