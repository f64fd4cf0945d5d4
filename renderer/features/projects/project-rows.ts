// Owns what the list of projects says of each, and what a project may be called.
// Must not draw.
import type { Namespace } from '../../../electron/api/kinds/namespace.ts';
import type { KubeObject } from '../../../electron/api/object.ts';

export interface ProjectRow {
  readonly name: string;
  readonly machineCount: number;
  readonly diskCount: number;
  /** It is being deleted, and waits for what is in it. */
  readonly isGoing: boolean;
}

export interface ProjectContents {
  readonly machines: readonly Pick<KubeObject, 'metadata'>[];
  readonly disks: readonly Pick<KubeObject, 'metadata'>[];
}

export function projectRows(namespaces: readonly Namespace[], { machines, disks }: ProjectContents): readonly ProjectRow[] {
  return namespaces
    .map(({ metadata: { name, deletionTimestamp } }) => ({
      name,
      machineCount: machines.filter(({ metadata }) => metadata.namespace === name).length,
      diskCount: disks.filter(({ metadata }) => metadata.namespace === name).length,
      isGoing: deletionTimestamp !== undefined,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
