// Owns ResourceQuota: how much of something a project may take.
// Must not hold rules; they are in core.
import type { IoK8sApiCoreV1ResourceQuotaSpec, IoK8sApiCoreV1ResourceQuotaStatus } from '@kubevirt-ui-ext/kubevirt-api/kubernetes';
import type { KubeObject } from '../object.ts';
import { ageColumn, nameColumn } from './columns.ts';
import type { Column, Kind } from './kind.ts';

export type ResourceQuota = KubeObject<{ spec: IoK8sApiCoreV1ResourceQuotaSpec; status?: IoK8sApiCoreV1ResourceQuotaStatus }>;

/** kubectl's: `requests.memory: 1Gi/8Gi, …`, limits in a column of their own. */
function shares({ status }: ResourceQuota, ofLimits: boolean): string {
  const { hard = {}, used = {} } = status ?? {};
  return Object.keys(hard)
    .filter((name) => name.startsWith('limits') === ofLimits)
    .toSorted()
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name] ?? '0'}`)
    .join(', ');
}

function sharesColumn(name: 'Request' | 'Limit'): Column {
  return {
    name,
    type: 'string',
    description: 'What is used of what may be.',
    priority: 0,
    value: (object) => shares(object as ResourceQuota, name === 'Limit'),
  };
}

export const resourceQuotaKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'IoK8sApiCoreV1ResourceQuota',
  columns: [nameColumn, sharesColumn('Request'), sharesColumn('Limit'), ageColumn],
  selectableFields: [],
};
