// Owns what the status of snapshots and restores becomes, in KubeVirt's words.
// Must not take or load any.
import type { VirtualMachineRestore, VirtualMachineSnapshot } from '../../api/kinds/virtual-machine-snapshot.ts';
import { timestamp } from '../status/conditions.ts';

type SnapshotStatus = NonNullable<VirtualMachineSnapshot['status']>;
type RestoreStatus = NonNullable<VirtualMachineRestore['status']>;
type SnapshotCondition = NonNullable<SnapshotStatus['conditions']>[number];

export type SnapshotFact =
  | { readonly type: 'Waiting'; readonly reason: string }
  | { readonly type: 'Begun' }
  | { readonly type: 'Taken'; readonly online: boolean; readonly agent: boolean; readonly sourceUid: string; readonly content: string }
  | { readonly type: 'Failed'; readonly message: string };

export function snapshotStatusAfter(old: SnapshotStatus | undefined, fact: SnapshotFact, now: number): SnapshotStatus {
  const before = old ?? {};
  switch (fact.type) {
    case 'Waiting':
      return {
        ...before,
        readyToUse: false,
        conditions: conditions(now, { progressing: [false, fact.reason], ready: [false, 'Not ready'] }),
      };
    case 'Begun':
      return {
        ...before,
        phase: 'InProgress',
        readyToUse: false,
        conditions: conditions(now, { progressing: [true, 'Source locked and operation in progress'], ready: [false, 'Not ready'] }),
      };
    case 'Taken':
      return {
        ...before,
        phase: 'Succeeded',
        readyToUse: true,
        creationTime: timestamp(now),
        sourceUID: fact.sourceUid,
        virtualMachineSnapshotContentName: fact.content,
        indications: fact.online ? ['Online', fact.agent ? 'GuestAgent' : 'NoGuestAgent'] : [],
        conditions: conditions(now, { progressing: [false, 'Operation complete'], ready: [true, 'Operation complete'] }),
      };
    case 'Failed':
      return {
        ...before,
        phase: 'Failed',
        readyToUse: false,
        error: { message: fact.message, time: timestamp(now) },
        conditions: conditions(now, { progressing: [false, 'Operation failed'], ready: [false, fact.message] }),
      };
  }
}

export type RestoreFact =
  { readonly type: 'Waiting'; readonly reason: string } | { readonly type: 'Done' } | { readonly type: 'Failed'; readonly message: string };

export function restoreStatusAfter(old: RestoreStatus | undefined, fact: RestoreFact, now: number): RestoreStatus {
  const before = old ?? {};
  switch (fact.type) {
    case 'Waiting':
      return {
        ...before,
        complete: false,
        conditions: conditions(now, { progressing: [false, fact.reason], ready: [false, fact.reason] }),
      };
    case 'Done':
      return {
        ...before,
        complete: true,
        restoreTime: timestamp(now),
        conditions: conditions(now, { progressing: [false, 'Operation complete'], ready: [true, 'Operation complete'] }),
      };
    case 'Failed':
      return {
        ...before,
        complete: false,
        conditions: [
          ...conditions(now, { progressing: [false, 'Operation failed'], ready: [false, fact.message] }),
          condition('Failure', [true, fact.message], now),
        ],
      };
  }
}

/** One that failed is not tried again: who asked makes a new one. */
export function isRestoreOver(status: RestoreStatus | undefined): boolean {
  return status?.complete === true || status?.conditions?.some(({ type, status: is }) => type === 'Failure' && is === 'True') === true;
}

type Said = readonly [boolean, string];

function conditions(now: number, said: { readonly progressing: Said; readonly ready: Said }): SnapshotCondition[] {
  return [condition('Progressing', said.progressing, now), condition('Ready', said.ready, now)];
}

function condition(type: string, [is, reason]: Said, now: number): SnapshotCondition {
  const status = is ? 'True' : 'False';
  return { type, status, reason, lastTransitionTime: timestamp(now), lastProbeTime: timestamp(now) } as unknown as SnapshotCondition;
}
