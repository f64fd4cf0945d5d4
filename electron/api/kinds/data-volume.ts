// Owns DataVolume: a disk and where its bytes come from.
// Must not hold rules; they are in core.
import type { V1beta1DataVolumeSpec, V1beta1DataVolumeStatus } from '@kubevirt-ui-ext/kubevirt-api/containerized-data-importer';
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

/** Sources that CDI does not have. A cluster refuses them by name, which is honest: they need this computer. */
export interface LocalSources {
  /** A file of this computer, copied and converted. Absolute path. */
  readonly file?: { readonly path: string };
  /** A Debian system built here from the package mirror of this machine. */
  readonly mmdebstrap?: {
    /** e.g. `bookworm`; absent: the suite of this machine, else `stable`. */
    readonly suite?: string;
    readonly packages?: readonly string[];
  };
}

export type DataVolume = KubeObject<{ spec: V1beta1DataVolumeSpec; status?: V1beta1DataVolumeStatus }>;

export const dataVolumeKind: Kind = {
  group: 'cdi.kubevirt.io',
  version: 'v1beta1',
  kind: 'DataVolume',
  plural: 'datavolumes',
  singular: 'datavolume',
  shortNames: ['dv', 'dvs'],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'V1beta1DataVolume',
  columns: [
    nameColumn,
    fieldColumn('Phase', 'status.phase', { description: 'The phase the data volume is in' }),
    fieldColumn('Progress', 'status.progress', { description: 'Transfer progress in percentage if known, N/A otherwise' }),
    fieldColumn('Restarts', 'status.restartCount', {
      type: 'integer',
      description: 'The number of times the transfer has been restarted.',
    }),
    ageColumn,
  ],
  selectableFields: ['status.phase'],
};
