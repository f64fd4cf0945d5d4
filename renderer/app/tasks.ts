// Owns what is going on: disks being downloaded, copied or built, with their progress.
// Must not start or stop them.
import { useMemo } from 'react';
import { annotations } from '../../electron/api/annotations.ts';
import type { DataVolume } from '../../electron/api/kinds/data-volume.ts';
import type { Transfer } from '../../electron/api/kinds/transfer.ts';
import { useHomeList, useList } from '../client/hooks.ts';
import { transferView } from '../features/clusters/transfer-view.ts';

export interface Task {
  readonly id: string;
  /** What is on its way: a disk that is made, or a machine. */
  readonly type: 'disk' | 'machine';
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
  const transfers = useHomeList('transfers.virtdeck.io').items;
  return useMemo(() => [...transferTasks(transfers), ...tasksOf(items)], [transfers, items]);
}

export function transferTasks(transfers: readonly Transfer[]): readonly Task[] {
  return transfers.flatMap((transfer): Task[] => {
    const { isOver, percent, doneBytes, totalBytes } = transferView(transfer);
    if (isOver) return [];
    const { uid } = transfer.metadata;
    return [
      {
        id: uid,
        type: 'machine',
        name: transfer.spec.machine,
        phase: transfer.status?.phase ?? 'Pending',
        progress: { percent, doneBytes, totalBytes },
      },
    ];
  });
}

export function tasksOf(dataVolumes: readonly DataVolume[]): readonly Task[] {
  return dataVolumes
    .filter((volume) => volume.metadata.deletionTimestamp === undefined && !settled.has(volume.status?.phase ?? 'Pending'))
    .map((volume) => ({
      id: `${volume.metadata.namespace}/${volume.metadata.name}`,
      type: 'disk' as const,
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
