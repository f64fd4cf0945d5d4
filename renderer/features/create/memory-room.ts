// Owns how much memory each quota of a project leaves for machines.
// Must not know what a machine takes beside its guest.
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import { mebibytesOf } from '../../../electron/api/quantity.ts';

export interface MemoryRoom {
  /** Of the quota. */
  readonly name: string;
  readonly leftMiB: number;
}

/** `memory` and `requests.memory` are the same to Kubernetes; a quota may name both, and the smaller rest counts. */
export function memoryRooms(quotas: readonly ResourceQuota[], namespace: string): readonly MemoryRoom[] {
  return quotas.flatMap(({ metadata, spec, status }) => {
    if (metadata.namespace !== namespace) return [];
    const rests = ['memory', 'requests.memory'].flatMap((resource) => {
      const hard = mebibytesOf(spec.hard?.[resource]);
      return hard === undefined ? [] : [hard - (mebibytesOf(status?.used?.[resource]) ?? 0)];
    });
    return rests.length === 0 ? [] : [{ name: metadata.name, leftMiB: Math.max(0, Math.min(...rests)) }];
  });
}
