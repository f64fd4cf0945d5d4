// Owns PersistentVolumeClaim: a disk file in the pool folder, qcow2 or raw.
// Must not hold rules; they are in core.
import type {
  IoK8sApiCoreV1PersistentVolumeClaimSpec,
  IoK8sApiCoreV1PersistentVolumeClaimStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubernetes';
import type { KubeObject } from '../object.ts';
import type { Kind } from './kind.ts';

export type PersistentVolumeClaim = KubeObject<{
  spec: IoK8sApiCoreV1PersistentVolumeClaimSpec;
  status?: IoK8sApiCoreV1PersistentVolumeClaimStatus;
}>;

export const persistentVolumeClaimKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'IoK8sApiCoreV1PersistentVolumeClaim',
  columns: [],
};
