// Owns how far a new machine is: one stage per disk that is filled, and one for the start.
// Must not ask anyone; it reads stored objects.
import { annotations } from '../../../electron/api/annotations.ts';
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';

/** What the core writes into annotation `virtdeck.io/progress` of a DataVolume. */
export interface DiskProgress {
  readonly step?: string;
  readonly percent?: number;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  readonly secondsLeft?: number;
  readonly message?: string;
}

/** The core waits for the bytes of a DataVolume with source `upload`. */
export function isUploadReady({ status }: Pick<DataVolume, 'status'>): boolean {
  return status?.phase === 'UploadReady';
}

export type StageState = 'waiting' | 'working' | 'done' | 'failed';

export interface Stage extends DiskProgress {
  readonly id: string;
  readonly kind: 'disk' | 'start';
  readonly state: StageState;
}

export interface Creation {
  readonly machine: VirtualMachine | undefined;
  /** Names of the disks that are filled, in order. */
  readonly disks: readonly string[];
  readonly volumes: readonly DataVolume[];
  readonly willStart: boolean;
}

export function stagesOf({ machine, disks, volumes, willStart }: Creation): readonly Stage[] {
  const stages = disks.map((name) =>
    diskStage(
      name,
      volumes.find(({ metadata }) => metadata.name === name),
    ),
  );
  if (!willStart) return stages;
  const start = startStage(machine, stages);
  // Some clusters forget a DataVolume as soon as it is filled: a machine that runs has its disks.
  if (start.state !== 'done') return [...stages, start];
  return [...stages.map((stage): Stage => ({ id: stage.id, kind: stage.kind, state: 'done', percent: 100 })), start];
}

/** Whole progress: failed as soon as one stage is, done when all are. */
export function creationState(stages: readonly Stage[]): StageState {
  if (stages.some(({ state }) => state === 'failed')) return 'failed';
  return stages.every(({ state }) => state === 'done') ? 'done' : 'working';
}

function diskStage(name: string, volume: DataVolume | undefined): Stage {
  if (volume === undefined) return { id: name, kind: 'disk', state: 'waiting' };
  const progress = progressOf(volume);
  switch (volume.status?.phase) {
    case 'Succeeded':
      return { id: name, kind: 'disk', state: 'done', percent: 100 };
    case 'Failed':
      return { id: name, kind: 'disk', state: 'failed', ...progress, ...failureOf(volume.status.conditions) };
    default:
      return { id: name, kind: 'disk', state: 'working', ...progress };
  }
}

/** Anything that does not read as progress is none. A cluster has no such annotation; CDI says the percentage alone. */
export function progressOf(volume: Pick<DataVolume, 'metadata' | 'status'>): DiskProgress {
  const text = volume.metadata.annotations?.[annotations.progress];
  if (text === undefined) {
    const percent = Number.parseFloat(volume.status?.progress ?? '');
    return Number.isNaN(percent) ? {} : { percent };
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? picked(value as Record<string, unknown>) : {};
  } catch {
    // Written by somebody else; the phase still tells the state.
    return {};
  }
}

function picked(value: Record<string, unknown>): DiskProgress {
  const numbers = (['percent', 'doneBytes', 'totalBytes', 'secondsLeft'] as const).filter((name) => Number.isFinite(value[name]));
  const texts = (['step', 'message'] as const).filter((name) => typeof value[name] === 'string');
  return Object.fromEntries([...numbers, ...texts].map((name) => [name, value[name]]));
}

const failedStatuses: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'DataVolumeError',
  'ErrorUnschedulable',
  'ErrorPvcNotFound',
  'ErrImagePull',
  'ImagePullBackOff',
]);

function startStage(machine: VirtualMachine | undefined, disks: readonly Stage[]): Stage {
  const base = { id: 'start', kind: 'start' } as const;
  const status = machine?.status?.printableStatus;
  if (status === 'Running' || status === 'Paused') return { ...base, state: 'done' };
  // Before its disks are there a machine says that it lacks them, which is no news.
  if (disks.some(({ state }) => state !== 'done')) return { ...base, state: 'waiting' };
  if (status !== undefined && failedStatuses.has(status)) return { ...base, state: 'failed', ...failureOf(machine?.status?.conditions) };
  return { ...base, state: 'working' };
}

interface ConditionText {
  readonly type?: string;
  readonly status?: string;
  readonly message?: string;
}

/** Where the reason stands, best first: `Ready` only says that something is amiss. */
const tellingConditions = ['PodScheduled', 'Synchronized', 'Running', 'Ready'];

/** The sentence of the condition that says why. */
function failureOf(conditions: readonly ConditionText[] | undefined): { readonly message?: string } {
  const told = (conditions ?? []).filter(({ message }) => message !== undefined && message !== '');
  const why =
    told.find(({ type, status }) => type === 'Failure' && status === 'True') ??
    tellingConditions.flatMap((wanted) => told.filter(({ type, status }) => type === wanted && status === 'False'))[0];
  return why?.message === undefined ? {} : { message: why.message };
}
