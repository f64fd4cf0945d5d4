// Owns a PersistentVolumeClaim's status and the annotation that says where its file is.
// Must not make the file.
import { annotations } from '../../api/annotations.ts';
import type { PersistentVolumeClaim } from '../../api/kinds/persistent-volume-claim.ts';
import { bytesOf, formatBytes } from '../../api/quantity.ts';
import { unlessSame } from './same-json.ts';

export type ClaimFact =
  | { readonly type: 'Waiting' }
  /** The file is there. */
  | { readonly type: 'Bound'; readonly sizeBytes: number };

export function claimStatusAfter({ spec, status }: PersistentVolumeClaim, fact: ClaimFact): NonNullable<PersistentVolumeClaim['status']> {
  switch (fact.type) {
    case 'Waiting':
      return unlessSame(status, { ...status, phase: 'Pending' });
    case 'Bound':
      return unlessSame(status, {
        ...status,
        phase: 'Bound',
        accessModes: [...(spec.accessModes ?? ['ReadWriteOnce'])],
        capacity: { storage: formatBytes(fact.sizeBytes) },
      });
  }
}

export function withDiskPath(claim: PersistentVolumeClaim, path: string): PersistentVolumeClaim {
  if (diskPathOf(claim) === path) return claim;
  return { ...claim, metadata: { ...claim.metadata, annotations: { ...claim.metadata.annotations, [annotations.diskPath]: path } } };
}

export function diskPathOf({ metadata }: PersistentVolumeClaim): string | undefined {
  return metadata.annotations?.[annotations.diskPath];
}

export function diskFormatOf({ metadata }: Pick<PersistentVolumeClaim, 'metadata'>): 'qcow2' | 'raw' {
  return metadata.annotations?.[annotations.diskFormat] === 'raw' ? 'raw' : 'qcow2';
}

/** Bytes that its owner asks for; undefined when he leaves it to the source. */
export function claimedBytes({ spec }: Pick<PersistentVolumeClaim, 'spec'>): number | undefined {
  return bytesOf(spec.resources?.requests?.['storage']);
}

/** Bytes that it has; undefined until it is Bound. */
export function capacityBytes({ status }: Pick<PersistentVolumeClaim, 'status'>): number | undefined {
  return bytesOf(status?.capacity?.['storage']);
}
