// Owns what is going on: disks being downloaded, copied or built, with their progress.
// Must not start or stop them.
import { useMemo } from 'react';
import { annotations } from '../../electron/api/annotations.ts';
import type { DataVolume } from '../../electron/api/kinds/data-volume.ts';
import { useList } from '../client/hooks.ts';

export interface Task {
  readonly id: string;
  readonly name: string;
  readonly phase: string;
  readonly progress?: Progress;
}

/** The annotation `virtdeck.io/progress`. */
export interface Progress {
  readonly percent?: number;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  readonly secondsLeft?: number;
  readonly step?: string;
}

const settled: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

export function useTasks(): readonly Task[] {
  const { items } = useList('datavolumes.cdi.kubevirt.io');
  return useMemo(() => tasksOf(items), [items]);
}

export function tasksOf(dataVolumes: readonly DataVolume[]): readonly Task[] {
  return dataVolumes
    .filter((volume) => volume.metadata.deletionTimestamp === undefined && !settled.has(volume.status?.phase ?? 'Pending'))
    .map((volume) => ({
      id: `${volume.metadata.namespace}/${volume.metadata.name}`,
      name: volume.metadata.name,
      phase: volume.status?.phase ?? 'Pending',
      progress: progressOf(volume),
    }));
}

export function progressOf(volume: DataVolume): Progress | undefined {
  const text = volume.metadata.annotations?.[annotations.progress];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Progress;
  } catch {
    // Half a word of progress is no progress; the phase still says what happens.
    return undefined;
  }
}
