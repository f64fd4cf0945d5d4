// Owns a DataVolume's status: phases and conditions as CDI names them (v1beta1).
// Must not fill anything.
import type { DataVolume } from '../../api/kinds/data-volume.ts';
import { type VolumeSource, sourceOf } from '../reconcile/disk-of-data-volume.ts';
import { type NewCondition, timestamp } from './conditions.ts';
import { unlessSame } from './same-json.ts';

type Status = NonNullable<DataVolume['status']>;
type CdiCondition = NonNullable<Status['conditions']>[number];

export type DataVolumeFact =
  /** Its claim is there; something else has to happen before it can be filled. */
  | { readonly type: 'Waiting'; readonly reason: string; readonly message: string }
  /** Bytes begin to flow, or for an upload may begin. */
  | { readonly type: 'Begun' }
  | { readonly type: 'Progress'; readonly percent: number }
  /** It will be tried again. */
  | { readonly type: 'Interrupted'; readonly reason?: 'DiskFull'; readonly message: string }
  | { readonly type: 'Failed'; readonly reason: string; readonly message: string }
  | { readonly type: 'Done' }
  /** Somebody asked for another try of what had failed for good. */
  | { readonly type: 'AskedAgain' };

const phases: Readonly<Record<VolumeSource['type'], { readonly waiting: string; readonly begun: string }>> = {
  blank: { waiting: 'ImportScheduled', begun: 'ImportInProgress' },
  http: { waiting: 'ImportScheduled', begun: 'ImportInProgress' },
  registry: { waiting: 'ImportScheduled', begun: 'ImportInProgress' },
  file: { waiting: 'ImportScheduled', begun: 'ImportInProgress' },
  mmdebstrap: { waiting: 'ImportScheduled', begun: 'ImportInProgress' },
  clone: { waiting: 'CloneScheduled', begun: 'CloneInProgress' },
  upload: { waiting: 'UploadScheduled', begun: 'UploadReady' },
  unsupported: { waiting: 'Pending', begun: 'Pending' },
};

/** Whether filling was begun and not finished: after a crash of the core it is begun again. */
export function isBegun(volume: DataVolume): boolean {
  return volume.status?.phase === phases[sourceOf(volume).type].begun;
}

export function isOver(volume: DataVolume): boolean {
  return volume.status?.phase === 'Succeeded' || volume.status?.phase === 'Failed';
}

/** The status of `volume` after `fact`; the very same object when nothing changed. What is over stays over. */
export function dataVolumeStatusAfter(volume: DataVolume, fact: DataVolumeFact, now: number): Status {
  if (isOver(volume) && fact.type !== 'AskedAgain') return volume.status ?? {};
  return unlessSame(volume.status, nextStatus(volume, fact, now));
}

function nextStatus(volume: DataVolume, fact: DataVolumeFact, now: number): Status {
  const old: Status = { ...volume.status, claimName: volume.metadata.name };
  const phase = phases[sourceOf(volume).type];
  switch (fact.type) {
    case 'Waiting':
      return withConditions(
        { ...old, phase: phase.waiting, progress: old.progress ?? 'N/A' },
        [running('False', fact.reason, fact.message), notReady],
        now,
      );
    case 'Begun':
      return withConditions(
        { ...old, phase: phase.begun, progress: old.progress ?? 'N/A' },
        [running('True', 'Running', ''), notReady],
        now,
      );
    case 'Progress':
      return { ...old, progress: `${Math.min(100, Math.max(0, fact.percent)).toFixed(1)}%` };
    case 'Interrupted':
      return withConditions(
        { ...old, restartCount: (old.restartCount ?? 0) + 1 },
        [running('False', fact.reason ?? 'Error', fact.message), notReady],
        now,
      );
    case 'Failed':
      return withConditions({ ...old, phase: 'Failed' }, [running('False', fact.reason, fact.message), notReady], now);
    case 'AskedAgain':
      return withConditions({ ...old, phase: phase.waiting, progress: 'N/A' }, [running('False', 'ImportScheduled', ''), notReady], now);
    case 'Done':
      return withConditions(
        { ...old, phase: 'Succeeded', progress: '100.0%' },
        [bound, running('False', 'Completed', 'Import Complete'), ready],
        now,
      );
  }
}

const ready: NewCondition = { type: 'Ready', status: 'True', reason: 'Ready', message: '' };
const notReady: NewCondition = { type: 'Ready', status: 'False', reason: 'TransferRunning', message: '' };
const bound: NewCondition = { type: 'Bound', status: 'True', reason: 'Bound', message: '' };

function running(status: 'True' | 'False', reason: string, message: string): NewCondition {
  return { type: 'Running', status, reason, message };
}

function withConditions(status: Status, set: readonly NewCondition[], now: number): Status {
  return {
    ...status,
    conditions: set.reduce<CdiCondition[]>((conditions, next) => withCdiCondition(conditions, next, now), status.conditions ?? []),
  };
}

/** CDI keeps a heartbeat beside the transition; it moves with any change of the condition. */
function withCdiCondition(conditions: readonly CdiCondition[], next: NewCondition, now: number): CdiCondition[] {
  const old = conditions.find(({ type }) => type === next.type);
  if (old !== undefined && old.status === next.status && old.reason === next.reason && old.message === next.message) return [...conditions];
  const lastTransitionTime = old?.status === next.status ? old.lastTransitionTime : undefined;
  const made: CdiCondition = { ...next, lastHeartbeatTime: timestamp(now), lastTransitionTime: lastTransitionTime ?? timestamp(now) };
  return old === undefined ? [...conditions, made] : conditions.map((condition) => (condition === old ? made : condition));
}
