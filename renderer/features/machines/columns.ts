// Owns which columns are worth their width now.
// Must not hide name, status or the menu.
import type { MachineView } from './machine-view.ts';

export interface Columns {
  /** More than one project. */
  readonly project: boolean;
  /** More than one node. */
  readonly node: boolean;
  readonly labels: boolean;
}

export interface Space {
  readonly nodes: number;
  /** CSS pixels of the table. */
  readonly width: number;
}

/** Labels need room; node and project need something to tell apart. */
export function columnsFor(machines: readonly MachineView[], { nodes, width }: Space): Columns {
  const first = machines[0]?.namespace;
  return {
    project: machines.some(({ namespace }) => namespace !== first),
    node: nodes > 1,
    labels: width >= 1150 && machines.some(({ labels }) => labels.length > 0),
  };
}
