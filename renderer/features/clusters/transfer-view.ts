// Owns a transfer as the window shows it: one state, and how much of all its disks is there.
// Must not put it into words.
import type { Transfer } from '../../../electron/api/kinds/transfer.ts';

export type TransferState = 'waiting' | 'copying' | 'stopping' | 'done' | 'failed';

export interface TransferView {
  readonly state: TransferState;
  readonly isOver: boolean;
  readonly percent: number;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly message: string;
}

export function transferView({ metadata, status }: Pick<Transfer, 'metadata' | 'status'>): TransferView {
  const disks = status?.disks ?? [];
  const totalBytes = disks.reduce((sum, disk) => sum + (disk.totalBytes ?? 0), 0);
  const doneBytes = disks.reduce((sum, disk) => sum + (disk.state === 'Done' ? (disk.totalBytes ?? 0) : (disk.doneBytes ?? 0)), 0);
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return {
    state: stateOf(metadata, status?.phase),
    isOver,
    percent: totalBytes === 0 ? 0 : Math.min(100, Math.floor((doneBytes / totalBytes) * 100)),
    doneBytes,
    totalBytes,
    message: status?.message ?? '',
  };
}

function stateOf({ deletionTimestamp }: Transfer['metadata'], phase: NonNullable<Transfer['status']>['phase']): TransferState {
  if (phase === 'Succeeded') return 'done';
  if (phase === 'Failed') return 'failed';
  if (deletionTimestamp !== undefined) return 'stopping';
  return phase === 'Copying' ? 'copying' : 'waiting';
}
