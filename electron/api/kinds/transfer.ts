// Owns Transfer: a machine on its way to a cluster, or from one. Deleting it stops it.
// Must not hold rules; they are in core.
import type { Cause } from '../errors.ts';
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';
import type { TransferSpec } from './transfer-schema.ts';

export type { TransferSpec } from './transfer-schema.ts';

export type TransferPhase = 'Pending' | 'Copying' | 'Succeeded' | 'Failed';

/** What becomes of a field on the way. */
export interface Remark {
  /** `changed` arrives in another form, `removed` does not arrive, `needed` must be there, `unknown` is ignored where it goes. */
  readonly type: 'changed' | 'removed' | 'needed' | 'unknown';
  readonly field: string;
  readonly message: string;
}

export interface TransferredDisk {
  /** Of the volume. */
  readonly volume: string;
  readonly state: 'Waiting' | 'Copying' | 'Done';
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  /** Of the bytes that went over the line, `sha256:HEX`. */
  readonly digest?: string;
  /** The container image that was written. */
  readonly archive?: string;
}

export interface TransferStatus {
  readonly phase?: TransferPhase;
  readonly message?: string;
  readonly causes?: readonly Cause[];
  readonly remarks?: readonly Remark[];
  readonly disks?: readonly TransferredDisk[];
  /** The machine as it arrived. */
  readonly arrived?: { readonly namespace: string; readonly name: string };
  readonly startTimestamp?: string;
  readonly completionTimestamp?: string;
}

export type Transfer = KubeObject<{ spec: TransferSpec; status?: TransferStatus }>;

/** POST …/namespaces/NS/transferreviews: what would become of the machine, and why it could not go. Nothing is stored. */
export interface TransferReview {
  readonly causes: readonly Cause[];
  readonly remarks: readonly Remark[];
  readonly disks: readonly { readonly volume: string; readonly claim: string; readonly sizeBytes: number }[];
}

export const transferKind: Kind = {
  group: 'virtdeck.io',
  version: 'v1alpha1',
  kind: 'Transfer',
  plural: 'transfers',
  singular: 'transfer',
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'Transfer',
  columns: [
    nameColumn,
    fieldColumn('Direction', 'spec.direction', { description: 'Whether the machine goes or comes.' }),
    fieldColumn('Machine', 'spec.machine', { description: 'What it is called where it is.' }),
    fieldColumn('Connection', 'spec.connection', { description: 'The cluster.' }),
    fieldColumn('Phase', 'status.phase', { description: 'How far it is.' }),
    ageColumn,
  ],
  selectableFields: ['status.phase'],
};
