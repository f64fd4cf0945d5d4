// Owns PersistentVolumeClaim: a disk file in the pool folder, qcow2 or raw.
// Must not hold rules; they are in core.
import type {
  IoK8sApiCoreV1PersistentVolumeClaimSpec,
  IoK8sApiCoreV1PersistentVolumeClaimStatus,
} from '@kubevirt-ui-ext/kubevirt-api/kubernetes';
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn, valueAt } from './columns.ts';
import type { Kind } from './kind.ts';

/** kubectl's abbreviations, in kubectl's order. */
const accessModes: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

function shortAccessModes(object: KubeObject): string {
  const granted = (object as PersistentVolumeClaim).status?.accessModes ?? [];
  return accessModes.flatMap(([mode, short]) => (granted.includes(mode) ? [short] : [])).join(',');
}

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
  columns: [
    nameColumn,
    fieldColumn('Status', 'status.phase'),
    fieldColumn('Volume', 'spec.volumeName'),
    fieldColumn('Capacity', 'status.capacity.storage'),
    { name: 'Access Modes', type: 'string', description: 'Who may use it at once.', priority: 0, value: shortAccessModes },
    fieldColumn('StorageClass', 'spec.storageClassName'),
    {
      name: 'VolumeAttributesClass',
      type: 'string',
      description: 'spec.volumeAttributesClassName',
      priority: 0,
      value: (object) => valueAt(object, 'spec.volumeAttributesClassName') ?? '<unset>',
    },
    ageColumn,
    fieldColumn('VolumeMode', 'spec.volumeMode', { priority: 1 }),
  ],
  selectableFields: ['status.phase'],
};
